"""The words every service uses for the same thing."""

from datetime import date
from enum import StrEnum
from typing import Literal

from services.contracts.message import Data


class Side(StrEnum):
    """Which of the two sides of the disagreement a person speaks for, or the board's own staff."""

    RAISING = "raising"
    OTHER = "other"
    BOARD = "board"


class ReplyAct(StrEnum):
    """What a person decided, asked for or did, in a reply to a notice.

    decision: whoever the protocol lets decide at this step has decided (BIR-19, OXF-20). dissent, challenge and no_challenge answer
    it (OXF-21). bypass_*: a step is to be passed over, with named consents (BAR-08). time_*: the two sides set the time of a step
    (OXF-10). advice_wanted is asked of a safeguarding professional and advice_given is their answer (BED-18); advice_taken and
    advice_not_taken end a call for advice (A-13). done names a follow-up by its number (BED-19). wrong_person names who it is instead.
    """

    RESPONSE = "response"
    OUTCOME_PROPOSED = "outcome_proposed"
    NOT_RESOLVED = "not_resolved"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DECISION = "decision"
    DISSENT = "dissent"
    CHALLENGE = "challenge"
    NO_CHALLENGE = "no_challenge"
    BYPASS_ASKED = "bypass_asked"
    BYPASS_AGREED = "bypass_agreed"
    BYPASS_REFUSED = "bypass_refused"
    TIME_PROPOSED = "time_proposed"
    TIME_AGREED = "time_agreed"
    MEETING = "meeting"
    CONSULTED = "consulted"
    ADVICE_WANTED = "advice_wanted"
    ADVICE_GIVEN = "advice_given"
    ADVICE_TAKEN = "advice_taken"
    ADVICE_NOT_TAKEN = "advice_not_taken"
    STILL_AT_RISK = "still_at_risk"
    DONE = "done"
    LEARNING = "learning"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    WRONG_PERSON = "wrong_person"


class StaffAct(StrEnum):
    """What board staff did on a case's page.

    asked: they named somebody to be asked at this step. decided: they ended it after the last step, with the outcome in writing
    (A-15). reopened, withdrawn, linked: of a case. learning: they referred what was learned. done: they marked a follow-up as done.
    """

    ASKED = "asked"
    DECIDED = "decided"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    LINKED = "linked"
    LEARNING = "learning"
    DONE = "done"


class Sector(StrEnum):
    """What kind of agency it is, where a protocol makes a difference: `vcf` is voluntary, community and faith (BAR-11)."""

    SOCIAL_CARE = "social_care"
    HEALTH = "health"
    EDUCATION = "education"
    POLICE = "police"
    VCF = "vcf"
    OTHER = "other"


class Ending(StrEnum):
    """How a case closed. Only the first is by both confirmations; each of the others is a named exception.

    working_arrangement: both confirmed how they work while it stays unresolved (BIR-07). imposed: whoever may decide did, and dissent
    is recorded (BIR-19). default_outcome: the protocol says what happens where nobody agrees (BAR-22). advice_*: a call for advice
    (A-13). board_decided: board staff ended it after the last step (A-15).
    """

    CONFIRMED = "confirmed"
    WORKING_ARRANGEMENT = "working_arrangement"
    IMPOSED = "imposed"
    DEFAULT_OUTCOME = "default_outcome"
    ADVICE_TAKEN = "advice_taken"
    ADVICE_NOT_TAKEN = "advice_not_taken"
    WITHDRAWN = "withdrawn"
    BOARD_DECIDED = "board_decided"


class Writing(StrEnum):
    """What a step asks to have in writing: nothing, that the talk is confirmed, or that it is put in writing to begin with."""

    NONE = "none"
    CONFIRM = "confirm"
    WRITTEN = "written"


class HeldReason(StrEnum):
    """Why something that came in waits for a person.

    not_completed: a form was begun, and what it lacks was asked for and asked for again. changed: a correction to a form says something
    else that the case was decided by. too_many: so much came from one address, or about one case, that it is read later.
    """

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
    NOT_COMPLETED = "not_completed"
    CHANGED = "changed"
    TOO_MANY = "too_many"


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


class FollowUp(Data):
    """Something to be pursued after the case closed. `owner` and `by` as the sides wrote them; `by` None where they gave no date.

    action, outstanding: the item of the outcome with this place among those of its kind. The others come from the protocol (OXF-16,
    BIR-24, BAR-22, BAR-26). `text` says what it is, without case content.
    """

    number: int
    kind: Literal["action", "outstanding", "planning_meeting", "review_conference", "conference", "debrief"]
    place: int = 0
    text: str
    owner: str = ""
    by: date | None = None
    paragraph: str = ""


Why = Literal[
    "raised",
    "deadline_missed",
    "not_resolved",
    "outcome_disputed",
    "bypassed",
    "challenged",
    "at_risk",
    "reopened",
    "advice_not_taken",
]
"""Why a step was reached. `at_risk`: the step before is left out where a child is at immediate risk (BAR-12)."""
