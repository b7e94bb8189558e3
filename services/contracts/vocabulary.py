"""The words every service uses for the same thing."""

from enum import StrEnum

from services.contracts.message import Data


class Side(StrEnum):
    """Which of the two sides of the disagreement a person speaks for, or the board's own staff."""

    RAISING = "raising"
    OTHER = "other"
    BOARD = "board"


class ReplyAct(StrEnum):
    """What a person decided in a reply to a notice."""

    RESPONSE = "response"
    OUTCOME_PROPOSED = "outcome_proposed"
    NOT_RESOLVED = "not_resolved"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Writing(StrEnum):
    """What a step asks to have in writing: nothing, that the talk is confirmed, or that it is put in writing to begin with."""

    NONE = "none"
    CONFIRM = "confirm"
    WRITTEN = "written"


class HeldReason(StrEnum):
    """Why something that came in waits for a person."""

    UNKNOWN_BOARD = "unknown_board"
    UNKNOWN_SENDER = "unknown_sender"
    UNCLEAR_SENDER = "unclear_sender"
    UNTRUSTED_REPLY = "untrusted_reply"
    UNCLEAR_REPLY = "unclear_reply"
    NOT_A_FORM = "not_a_form"
    UNKNOWN_STAGE_OR_AREA = "unknown_stage_or_area"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    AUTOMATIC = "automatic"


class DeliveryKind(StrEnum):
    """What a machine answered about one of our notices."""

    BOUNCE = "bounce"
    ABSENCE = "absence"
    AUTO_REPLY = "auto_reply"


class Person(Data):
    """A professional as a case knows them. `role` is the role as the board's contact list or the form names it."""

    name: str
    address: str
    role: str = ""
    agency: str = ""


class Recipient(Data):
    """Who one notice goes to.

    `full_content` is true only where the board lists the recipient's mail domain as secure: otherwise the notice
    carries the reference and the child's initials, never a name, date of birth or narrative.
    """

    name: str
    address: str
    side: Side
    full_content: bool = False
