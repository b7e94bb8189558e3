"""What intake says: somebody sent something, and this is what it is."""

from datetime import date
from typing import ClassVar, Literal

from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import DeliveryKind, HeldReason, Person, ReplyAct, Side


class FormReceived(Message):
    """A complete Escalation Form. `form` is a sealed FormContent; `source` names the original in the document store.

    `immediate_danger` is what the form's question says; where it was left empty, words that may mean danger now count as yes (BED-10).
    `received_at` is when the form was stored, the first moment the clock can start from (A-01).
    `other_agency` and `other_worker` are as written on the form; the escalator finds the people. `further_agencies` are any others
    on the other side (OXF-28). `decided_at` is when the decision complained of was made, where the form says so (A-01). `needed_by` is
    the end of the child's own protection time frame, and `injury_to_infant` is true where a possible non-accidental injury of an
    infant or young child is in question: both beat the table (OXF-04, OXF-05, BED-14).
    """

    topic: ClassVar[str] = "intake.form_received"

    case_id: str
    board: str
    case_stage: str
    area: str
    immediate_danger: bool
    raised_by: Person
    other_agency: str
    other_worker: str
    further_agencies: tuple[str, ...] = ()
    decided_at: Moment | None = None
    needed_by: Moment | None = None
    injury_to_infant: bool = False
    channel: Literal["mail", "web"]
    received_at: Moment
    source: str
    form: Sealed


class FormCorrected(Message):
    """Whoever sent a form corrected it: `form` is the whole of its new version, sealed, and the versions before are kept.

    `form_version` counts from 2, and `changed` are the labels of what was changed. The case goes on as it began, on the first version;
    where the change is one that it was decided by, board staff are asked to look (`ItemHeld`, changed).
    """

    topic: ClassVar[str] = "intake.form_corrected"

    case_id: str
    board: str
    form_version: int
    by: Person
    changed: tuple[str, ...]
    received_at: Moment
    source: str
    form: Sealed


class Pursued(Data):
    """An agreed action or an outstanding issue of an outcome, without what it is about: who pursues it, and by when (BED-19).

    It stands for the item with the same place in the sealed OutcomeContent, actions first. `by` is None where no date could be read.
    """

    kind: Literal["action", "outstanding"]
    owner: str
    by: date | None = None


class ReplyReceived(Message):
    """Somebody answered a notice. `content` is a sealed OutcomeContent for an outcome or a decision, else a sealed ReplyContent.

    `parts` are the fields of the OutcomeContent that were answered, also with "none" (BIR-10); `pursued` its actions and outstanding
    issues. `moment` is the time named by a proposed time or a meeting, `number` the follow-up that is done, and `named` the
    professional who should have been asked instead.
    """

    topic: ClassVar[str] = "intake.reply_received"

    case_id: str
    notice_id: str
    side: Side
    by: Person
    act: ReplyAct
    received_at: Moment
    source: str
    content: Sealed
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = ()
    moment: Moment | None = None
    number: int | None = None
    named: str = ""


class DeliveryReported(Message):
    """A machine answered one of our notices: it bounced, or somebody is away. Never a reply."""

    topic: ClassVar[str] = "intake.delivery_reported"

    case_id: str
    notice_id: str
    side: Side
    kind: DeliveryKind
    detail: str
    source: str


class ItemHeld(Message):
    """Something waits for board staff, with its original and the reason. `detail` is one plain sentence without case content.

    `content` is a sealed HeldContent, sealed for `item_id`; None where nothing in it could be read.
    """

    topic: ClassVar[str] = "intake.item_held"

    item_id: str
    board: str | None
    case_id: str | None
    reason: HeldReason
    detail: str
    from_address: str
    received_at: Moment
    source: str
    content: Sealed | None = None
