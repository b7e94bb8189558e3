"""What intake says: somebody sent something, and this is what it is."""

from typing import ClassVar, Literal

from services.contracts.message import Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import DeliveryKind, HeldReason, Person, ReplyAct, Side


class FormReceived(Message):
    """A complete Escalation Form. `form` is a sealed FormContent; `source` names the original in the document store.

    `received_at` is when the form was stored, the first moment the clock can start from (A-01).
    `other_agency` and `other_worker` are as written on the form; the escalator finds the people.
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
    channel: Literal["mail", "web"]
    received_at: Moment
    source: str
    form: Sealed


class ReplyReceived(Message):
    """Somebody answered a notice. `content` is a sealed OutcomeContent for a proposed outcome, else a sealed ReplyContent."""

    topic: ClassVar[str] = "intake.reply_received"

    case_id: str
    notice_id: str
    side: Side
    by: Person
    act: ReplyAct
    received_at: Moment
    source: str
    content: Sealed


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
    """Something waits for board staff, with its original and the reason. `detail` is one plain sentence without case content."""

    topic: ClassVar[str] = "intake.item_held"

    item_id: str
    board: str | None
    case_id: str | None
    reason: HeldReason
    detail: str
    from_address: str
    received_at: Moment
    source: str
