"""What escalator says: what happens next in a case, who must do it, by when and why then."""

from typing import ClassVar, Literal

from services.contracts.message import Data, Message, Moment
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, Recipient, Side, Writing


class Choice(Data):
    """One thing a practitioner can choose on the form: our key, and the words they see."""

    key: str
    name: str


class AreaChoice(Data):
    """An area of disagreement, in the practitioner's words, at one stage of the child's case; `ladder` is where it leads."""

    key: str
    name: str
    case_stage: str
    ladder: str


class BoardPublished(Message):
    """A board's protocol is in force: what its form may offer, whose mail it knows, and which of it may carry full content.

    `demonstration` is empty, or the sentence every page and mail must carry because this board is not a real one.
    """

    topic: ClassVar[str] = "escalator.board_published"

    board: str
    name: str
    reference_prefix: str
    inbox: str
    demonstration: str
    case_stages: tuple[Choice, ...]
    areas: tuple[AreaChoice, ...]
    known_domains: tuple[str, ...]
    secure_domains: tuple[str, ...] = ()
    staff: tuple[Person, ...]


class CaseEvent(Message):
    """A fact of one case. `number` counts the case's facts from 1, without gaps or repeats."""

    case_id: str
    board: str
    number: int


class CaseOpened(CaseEvent):
    """A case has begun on a ladder of its board's protocol. The plan in force stays in force (BIR-08)."""

    topic: ClassVar[str] = "escalator.case_opened"

    ladder: str
    ladder_name: str
    case_stage: str
    area: str
    protocol_version: str
    raised_by: Person
    other_agency: str
    raised_at: Moment
    immediate_danger: bool
    demonstration: str


class CaseRedirected(CaseEvent):
    """This is not a professional disagreement here; `route` says where it goes instead and `paragraph` why."""

    topic: ClassVar[str] = "escalator.case_redirected"

    route: str
    paragraph: str


class StepReached(CaseEvent):
    """A step of the ladder has begun. `deadline` is None where the protocol states no time; `explanation` is one plain sentence."""

    topic: ClassVar[str] = "escalator.step_reached"

    step: int
    steps: int
    action: str
    other_side: tuple[Person, ...]
    raising_side: tuple[Person, ...]
    writing: Writing
    paragraph: str
    why: Literal["raised", "deadline_missed", "not_resolved", "outcome_disputed"]
    deadline: Moment | None
    explanation: str


class ResponseRecorded(CaseEvent):
    """One side gave its reasons in writing."""

    topic: ClassVar[str] = "escalator.response_recorded"

    step: int
    side: Side
    by: Person
    content: Sealed


class OutcomeProposed(CaseEvent):
    """One side put an outcome in writing; both must confirm this version of it."""

    topic: ClassVar[str] = "escalator.outcome_proposed"

    step: int
    outcome: int
    side: Side
    by: Person
    content: Sealed


class OutcomeConfirmed(CaseEvent):
    """One side confirmed the outcome in writing (BED-19, BAR-19)."""

    topic: ClassVar[str] = "escalator.outcome_confirmed"

    outcome: int
    side: Side
    by: Person


class OutcomeDisputed(CaseEvent):
    """One side says the outcome as written is not what was agreed: it is open again."""

    topic: ClassVar[str] = "escalator.outcome_disputed"

    outcome: int
    side: Side
    by: Person
    content: Sealed


class DeadlineMissed(CaseEvent):
    """A step's time ran out without an agreed outcome."""

    topic: ClassVar[str] = "escalator.deadline_missed"

    step: int
    deadline: Moment


class LastTierPassed(CaseEvent):
    """The ladder has no further step and there is no agreed outcome: board staff must act (A-15)."""

    topic: ClassVar[str] = "escalator.last_tier_passed"

    step: int
    why: Literal["deadline_missed", "not_resolved", "outcome_disputed"]


class ActNotTaken(CaseEvent):
    """Somebody's reply could not be acted on where the case is now; it is kept, and they were told."""

    topic: ClassVar[str] = "escalator.act_not_taken"

    side: Side
    by: Person
    act: str
    reason: str


class CaseClosed(CaseEvent):
    """Both sides confirmed the outcome in writing. `people` are everyone the written confirmation goes to."""

    topic: ClassVar[str] = "escalator.case_closed"

    outcome: int
    recipients: tuple[Recipient, ...]
