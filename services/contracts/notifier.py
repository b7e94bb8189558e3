"""What notifier hears (send this notice) and says: it left, or it did not, and which of the two is never left open."""

from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Recipient, Side


class Attachment(Data):
    """A file in the document store that goes with a notice."""

    document: str
    filename: str
    media_type: str


class SendNotice(Message):
    """Tell one person one thing.

    `notice_id` is `<case>.<number>` and names the notice for ever: the same id is never sent twice on purpose. `kind` is the
    template folder; `facts` fill it and carry nothing sensitive; `sealed` holds, by name, what a person wrote.
    `thread_started_at` groups a case's notices in a mail program.
    """

    topic: ClassVar[str] = "notifier.send_notice"

    notice_id: str
    case_id: str
    board: str
    board_name: str
    demonstration: str
    kind: str
    to: Recipient
    thread_started_at: Moment
    urgent: bool = False
    facts: dict[str, JsonValue]
    sealed: dict[str, Sealed] = Field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


class NoticeSent(Message):
    """The mail server took the notice. `document` names the mail as sent, in the document store.

    `answers` are the decision words that somebody may answer it by on a page (`CONFIRM`, `NOT RESOLVED`), as the mail offers them.
    """

    topic: ClassVar[str] = "notifier.notice_sent"

    notice_id: str
    case_id: str
    kind: str
    address: str
    side: Side
    attempts: int
    document: str
    to_name: str = ""
    answers: tuple[str, ...] = ()


class NoticeFailed(Message):
    """The notice did not leave, or nobody can say whether it did.

    refused: the mail server will never take it. gave_up: it could not be handed over in the time a notice may take.
    uncertain: the connection ended after the mail was handed over and before it was taken; it is sent once more, and may arrive twice.
    unprintable: the notice could not be written at all, a fault of ours.
    """

    topic: ClassVar[str] = "notifier.notice_failed"

    notice_id: str
    case_id: str
    kind: str
    address: str
    side: Side
    attempts: int
    outcome: Literal["refused", "gave_up", "uncertain", "unprintable"]
    detail: str
