"""What records says: the written confirmation exists; and what board staff did on its pages."""

from typing import ClassVar, Literal

from services.contracts.contact_list import ContactLine
from services.contracts.intake import Pursued
from services.contracts.message import Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, ReplyAct, Side, StaffAct


class RecordIssued(Message):
    """The written confirmation of a case was sealed as a PDF. `sha256` is of the PDF itself, in hexadecimal.

    `outcome` is None where the case ended without one: then it is the record of the case.
    """

    topic: ClassVar[str] = "records.record_issued"

    case_id: str
    board: str
    outcome: int | None
    document: str
    filename: str
    sha256: str


class StaffActed(Message):
    """Board staff acted on a case, on its page.

    `content` is a sealed OutcomeContent for `decided`, else a sealed ReplyContent where they wrote something. `person` and `side` go with
    `asked`, `other_case` with `linked`, `number` (the follow-up's) with `done`. `parts` and `pursued` go with `decided`, as in a reply
    that does (`intake.ReplyReceived`).
    """

    topic: ClassVar[str] = "records.staff_acted"

    case_id: str
    board: str
    act: StaffAct
    by: Person
    content: Sealed | None = None
    person: Person | None = None
    side: Side | None = None
    other_case: str = ""
    number: int | None = None
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = ()


class ContactsChanged(Message):
    """Board staff put a whole new contact list in force."""

    topic: ClassVar[str] = "records.contacts_changed"

    board: str
    by: Person
    lines: tuple[ContactLine, ...]


class ItemSettled(Message):
    """Board staff said what something held is, and so what becomes of it. An item is settled once: the first time counts.

    form: it is read again, as a form that `person` sent; about a form that is not complete, it completes that one. `case_stage` and
    `area` are keys, where staff chose them; `immediate_danger` is None where they left it as the form says. `content` is a sealed
    FormContent with the parts they filled in, sealed for `item_id`.
    reply: it is `person`'s answer in `case_id`, for `side`; the rest is as in `intake.ReplyReceived`, its `content` sealed for the case.
    answered, refused: `content` is a sealed ReplyContent, sealed for `item_id`, mailed to `person`; nobody is told where that is None.
    seen: nothing more is to be done. `case_id` is the case, or the form that is not complete, that it is about, where it is about one.
    """

    topic: ClassVar[str] = "records.item_settled"

    item_id: str
    board: str
    how: Literal["form", "reply", "answered", "refused", "seen"]
    by: Person
    person: Person | None = None
    content: Sealed | None = None
    case_stage: str = ""
    area: str = ""
    immediate_danger: bool | None = None
    case_id: str | None = None
    side: Side | None = None
    act: ReplyAct | None = None
    notice_id: str = ""
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = ()
    moment: Moment | None = None
    named: str = ""
