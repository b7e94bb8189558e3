"""A case as the decision core sees it: what it began with, where it is, and what can happen to it. Values only."""

from typing import Annotated, Literal

from pydantic import Field

from services.contracts.escalator import CaseEvent
from services.contracts.intake import FormReceived, Pursued, ReplyReceived
from services.contracts.message import Data, Moment
from services.contracts.notifier import SendNotice
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, FollowUp, Person, Sector, Side, Why
from services.escalator.boards import Board
from services.escalator.ladders import Ladder
from services.escalator.people import Found, Wanted
from services.escalator.times import Calendar, Deadline

State = Literal["open", "confirming", "decided", "last_tier_passed", "following_up", "redirected", "closed"]
"""open: the step's time runs. confirming: an outcome is written down and waits for both sides; the time still runs. decided: whoever
may decide has, and the other side accepts, dissents or challenges (BIR-19, OXF-20). last_tier_passed: the ladder has no further step,
and board staff must act (A-15). following_up: it has closed, and what is outstanding is chased (BED-19). redirected: it is no
disagreement here (BIR-05). closed: nobody has anything left to do."""

ENDED: frozenset[State] = frozenset({"following_up", "redirected", "closed"})
"""States of a case that nobody argues about any more."""


class CaseStart(Data):
    """What a case begins with and keeps: its board with the protocol in force on that day, its calendar, and the form.

    `own_agency`, `own_roles` and `own_sector` are those of whoever raised it, by the contact list: empty where it does not have them.
    """

    board: Board
    calendar: Calendar
    form: FormReceived
    own_agency: str
    own_roles: tuple[str, ...]
    own_sector: Sector = Sector.OTHER


class Participant(Data):
    """Somebody in the case, and for which side."""

    person: Person
    side: Side


class Outcome(Data):
    """An outcome put in writing. `first_notice` is the first notice that asked for its confirmation; `confirmed` who gave it.

    `imposed`: somebody decided it who may (BIR-19); `dissented` are those who dissent, and the other side's `confirmed` accepted it.
    """

    number: int
    side: Side
    by: Person
    content: Sealed
    confirmed: tuple[Participant, ...] = ()
    first_notice: int
    parts: tuple[str, ...] = ()
    pursued: tuple[Pursued, ...] = ()
    imposed: bool = False
    dissented: tuple[Participant, ...] = ()

    def confirmed_by(self, side: Side) -> Person | None:
        """Who confirmed it first for this side; None when nobody has yet."""
        return next((participant.person for participant in self.confirmed if participant.side is side), None)


class Bypass(Data):
    """Somebody asked to pass over the step; `agreed` have said yes, whoever asked among them (BAR-08)."""

    agreed: tuple[Participant, ...]


class ProposedTime(Data):
    """The time one side proposes for the step (OXF-10)."""

    side: Side
    at: Moment


class Asking(Data):
    """Somebody asked for advice, or said that the child is still at risk; kept until the contact list says who is told."""

    participant: Participant
    content: Sealed


class Pursuit(Data):
    """A follow-up that is not done: how often it was chased, and when it is next."""

    item: FollowUp
    chased: int = 0
    chase_at: Moment


class Case(Data):
    """Where a case is.

    `clock_from` is where the ladder's time counts from when it was reopened. `turned_round`: its ladder is, because the other side
    raised it (A-10). `shared_from` is when the first of the steps that share this step's time was reached (A-04). `look_in` are the
    moments at which a side that has said nothing is looked after. `people` act at this step, `involved` took part at any, `unreached`
    are addresses that did not take this step's mail. `heard`, `reasons` and `written` are the sides that said anything, gave reasons,
    and put anything in writing at this step; `reasons_from` those whose reasons are asked for, the form being those of the side that
    raised it. `asked_board` are sides for which nobody is left to ask, `advisers` the addresses of those whose advice was asked.
    `lapses` is what was not done as the protocol says (BED-20). `facts` counts its facts, and `addressed` holds whom its notices went
    to, the first first: so every message has a number, and so an id. `not_before`: after a fault of ours, when to try again.
    """

    start: CaseStart
    ladder: Ladder
    turned_round: bool = False
    state: State = "open"
    step: int = 0
    clock_from: Moment
    reached_at: Moment
    shared_from: Moment | None = None
    why: Why = "raised"
    deadline: Deadline
    agreed_time: Moment | None = None
    proposed_time: ProposedTime | None = None
    reminders: tuple[Moment, ...] = ()
    look_in: tuple[Moment, ...] = ()
    chase_at: Moment | None = None
    people: tuple[Participant, ...] = ()
    involved: tuple[Participant, ...] = ()
    unreached: tuple[str, ...] = ()
    heard: tuple[Side, ...] = ()
    reasons: tuple[Side, ...] = ()
    reasons_from: tuple[Side, ...] = ()
    written: tuple[Side, ...] = ()
    asked_board: tuple[Side, ...] = ()
    met: bool = False
    consulted: bool = False
    bypass: Bypass | None = None
    asking: Asking | None = None
    advisers: tuple[str, ...] = ()
    outcome: Outcome | None = None
    outcomes: int = 0
    lapses: tuple[str, ...] = ()
    how: Ending | None = None
    pursuits: tuple[Pursuit, ...] = ()
    facts: int = 0
    addressed: tuple[str, ...] = ()
    step_first_notice: int = 1
    not_before: Moment | None = None

    @property
    def case_id(self) -> str:
        return self.start.form.case_id

    @property
    def notices(self) -> int:
        """How many notices the case has sent."""
        return len(self.addressed)

    @property
    def ended(self) -> bool:
        """Whether nobody argues about it any more."""
        return self.state in ENDED

    def addressee(self, notice_id: str) -> str | None:
        """The address this notice went to; None when it is not one of the case's own."""
        number = notice_number(notice_id)
        return self.addressed[number - 1] if number is not None and 1 <= number <= self.notices else None


def notice_number(notice_id: str) -> int | None:
    """The number of a notice the escalator asked for; None for another service's (`i1` is intake's, `r1` the records')."""
    number = notice_id.rpartition(".")[2]
    return int(number) if number.isascii() and number.isdigit() else None


Purpose = Literal["step", "not_reached", "no_answer", "wrong_person", "advice", "still_at_risk"]
"""Why the contact list is asked: who a step means, who stands in for somebody, whose advice is asked, or who is told of a risk."""


class FindPeople(Data):
    """Ask the contact list who is meant: once for each side and agency."""

    purpose: Purpose
    wanted: tuple[Wanted, ...]


class Answer(Data):
    """What the contact list answered to one question."""

    wanted: Wanted
    found: Found


class PeopleFound(Data):
    """The contact list's answers."""

    kind: Literal["people_found"] = "people_found"
    purpose: Purpose
    answers: tuple[Answer, ...]


class Answered(Data):
    """Somebody answered a notice."""

    kind: Literal["answered"] = "answered"
    reply: ReplyReceived


class NotReached(Data):
    """A notice did not reach a person: it bounced, was refused, or they are away. Never a reason to stop (BED-14)."""

    kind: Literal["not_reached"] = "not_reached"
    notice_id: str
    detail: str


class StaffDid(Data):
    """Board staff acted on the case's page."""

    kind: Literal["staff_did"] = "staff_did"
    act: StaffActed


class CalendarChanged(Data):
    """The days or hours on which people work have changed since: a bank holiday announced late, or a closure."""

    kind: Literal["calendar_changed"] = "calendar_changed"
    calendar: Calendar


class TimePassed(Data):
    """Something the case waited for may be due."""

    kind: Literal["time_passed"] = "time_passed"


Act = Annotated[Answered | NotReached | StaffDid | CalendarChanged, Field(discriminator="kind")]
"""What arrives from outside."""


class Decision(Data):
    """What follows from one act: the case as it is now, what to say, whom to look up, and when to look again at the latest."""

    case: Case
    messages: tuple[CaseEvent | SendNotice, ...]
    find: FindPeople | None
    wake_at: Moment | None
