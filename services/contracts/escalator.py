"""What escalator says: what happens next in a case, who must do it, by when and why then."""

from typing import ClassVar, Literal

from services.contracts.contact_list import ContactLine
from services.contracts.message import Message, Moment
from services.contracts.outline import AreaChoice, Choice, ChoiceInForce, LadderOutline, Redirect, Role
from services.contracts.role_table import RoleTable
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, FollowUp, Person, Recipient, ReplyAct, Side, Why, Writing


class BoardPublished(Message):
    """A board's protocol is in force: what its form may offer, whose mail it knows, and which of it may carry full content.

    `demonstration` is empty, or the sentence every page and mail must carry because this board is not a real one. `asks` are keys of
    `content.FURTHER_LABELS`. `protocol` is the document's full name. `role_table` is None where the document has none (BED-24).
    """

    topic: ClassVar[str] = "escalator.board_published"

    board: str
    name: str
    reference_prefix: str
    inbox: str
    demonstration: str
    case_stages: tuple[Choice, ...]
    areas: tuple[AreaChoice, ...]
    redirects: tuple[Redirect, ...] = ()
    asks: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    role_table: RoleTable | None = None
    ladders: tuple[LadderOutline, ...] = ()
    choices: tuple[ChoiceInForce, ...] = ()
    protocol: str = ""
    protocol_version: str = ""
    known_domains: tuple[str, ...]
    secure_domains: tuple[str, ...] = ()
    staff: tuple[Person, ...]


class ContactsPublished(Message):
    """A board's contact list in force."""

    topic: ClassVar[str] = "escalator.contacts_published"

    board: str
    lines: tuple[ContactLine, ...]


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
    outline: LadderOutline | None = None
    protocol: str = ""


class CaseRedirected(CaseEvent):
    """This is not a professional disagreement here; `route` says where it goes instead and `paragraph` why."""

    topic: ClassVar[str] = "escalator.case_redirected"

    route: str
    paragraph: str


class StepReached(CaseEvent):
    """A step of the ladder has begun. `deadline` is None where the protocol states no time; `explanation` is one plain sentence.

    `readings` say what the deadline would be where the document may be read otherwise: one sentence for each.
    """

    topic: ClassVar[str] = "escalator.step_reached"

    step: int
    steps: int
    action: str
    other_side: tuple[Person, ...]
    raising_side: tuple[Person, ...]
    writing: Writing
    paragraph: str
    why: Why
    deadline: Moment | None
    explanation: str
    name: str = ""
    readings: tuple[str, ...] = ()


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
    why: Why


class ActNotTaken(CaseEvent):
    """Somebody's reply could not be acted on where the case is now; it is kept, and they were told."""

    topic: ClassVar[str] = "escalator.act_not_taken"

    side: Side
    by: Person
    act: str
    reason: str


class ActRecorded(CaseEvent):
    """Somebody did, in a reply, one of the things that no other event of a case tells: asked for or gave advice, asked for, agreed to or
    refused to pass over a step, proposed or agreed a time, arranged a meeting, consulted, challenged or did not, finished a
    follow-up, said that the child is still at risk, or that somebody else should have been asked.

    `note` is one plain sentence without case content; `content` is what they wrote, where they did. `follow_up` is the number of the
    follow-up that is done.
    """

    topic: ClassVar[str] = "escalator.act_recorded"

    act: ReplyAct
    step: int
    side: Side
    by: Person
    note: str
    content: Sealed | None = None
    follow_up: int | None = None


class StandInAsked(CaseEvent):
    """Somebody did not answer or could not be reached, and the next person was asked, inside the step's own time (BED-17).

    `hop` is how they were found: the holder's deputy, a role that stands in for theirs, the agency's safeguarding lead, or the board.
    `suggested` are people of that agency whom board staff may choose instead, where the list names nobody for sure (A-18 to A-20).
    """

    topic: ClassVar[str] = "escalator.stand_in_asked"

    step: int
    side: Side
    why: Literal["not_reached", "no_answer", "wrong_person", "staff"]
    hop: Literal["role", "deputy", "substitute", "safeguarding_lead", "board"]
    people: tuple[Person, ...]
    suggested: tuple[Person, ...] = ()


class StepBypassed(CaseEvent):
    """A step was passed over with the agreement of everybody named, each of whom gave it in writing (BAR-08, A-29)."""

    topic: ClassVar[str] = "escalator.step_bypassed"

    step: int
    agreed_by: tuple[Person, ...]
    paragraph: str


class DecisionMade(CaseEvent):
    """Whoever the protocol lets decide at this step has decided (BIR-19, OXF-20). `challenge_by` is when a challenge must be made."""

    topic: ClassVar[str] = "escalator.decision_made"

    step: int
    outcome: int
    side: Side
    by: Person
    content: Sealed
    paragraph: str
    challenge_by: Moment | None = None


class DissentRecorded(CaseEvent):
    """Somebody dissents from a decision, with their reasons (BIR-19, OXF-20)."""

    topic: ClassVar[str] = "escalator.dissent_recorded"

    outcome: int
    side: Side
    by: Person
    content: Sealed


class DeadlineChanged(CaseEvent):
    """A running deadline moved: the sides agreed a time (A-25), or the days on which people work changed."""

    topic: ClassVar[str] = "escalator.deadline_changed"

    step: int
    deadline: Moment | None
    explanation: str
    why: Literal["time_agreed", "calendar"]


class RequirementNotMet(CaseEvent):
    """Something the protocol asks for at a step was not done when the step ended: part of the answer to whether it was followed."""

    topic: ClassVar[str] = "escalator.requirement_not_met"

    step: int
    what: str
    paragraph: str


class FollowUpBegun(CaseEvent):
    """The case closed with these still to be pursued; each is chased until it is done (BED-19)."""

    topic: ClassVar[str] = "escalator.follow_up_begun"

    items: tuple[FollowUp, ...]


class LearningReferred(CaseEvent):
    """What was learned went where the board's protocol sends it. `lapses` are what was not done as the protocol says (BED-20)."""

    topic: ClassVar[str] = "escalator.learning_referred"

    by: Person
    to: str
    procedures_followed: bool
    lapses: tuple[str, ...]
    paragraph: str
    content: Sealed | None = None


class CaseReopened(CaseEvent):
    """A closed case goes on, at this step; `outline` is its ladder, which may be another than before (A-13)."""

    topic: ClassVar[str] = "escalator.case_reopened"

    by: Person
    step: int
    content: Sealed | None = None
    ladder_name: str = ""
    outline: LadderOutline | None = None


class CaseLinked(CaseEvent):
    """Board staff linked this case with another: both concern the same matter."""

    topic: ClassVar[str] = "escalator.case_linked"

    by: Person
    other_case: str


class CaseClosed(CaseEvent):
    """The case ended, in the way that `how` names. `recipients` are everyone the written confirmation goes to.

    `outcome` is None where it ended without one (A-13, withdrawal). `procedures_followed` and `lapses` are computed (BED-20).
    """

    topic: ClassVar[str] = "escalator.case_closed"

    outcome: int | None
    recipients: tuple[Recipient, ...]
    how: Ending = Ending.CONFIRMED
    procedures_followed: bool = True
    lapses: tuple[str, ...] = ()
