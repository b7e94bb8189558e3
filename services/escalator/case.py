"""A case as the decision core sees it: what it began with, where it is, and what can happen to it. Values only."""

from typing import Annotated, Literal

from pydantic import Field

from services.contracts.escalator import CaseEvent
from services.contracts.intake import FormReceived, ReplyReceived
from services.contracts.message import Data, Moment
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, Side
from services.escalator.boards import Board
from services.escalator.ladders import Ladder
from services.escalator.people import Found, Wanted
from services.escalator.times import Calendar, Deadline

Why = Literal["raised", "deadline_missed", "not_resolved", "outcome_disputed"]

State = Literal["open", "confirming", "last_tier_passed", "closed"]
"""open: the step's time runs. confirming: an outcome is written down and waits for both sides; the time still runs.
last_tier_passed: the ladder has no further step, and board staff must act (A-15). closed: both sides confirmed in writing."""


class CaseStart(Data):
    """What a case begins with and keeps: its board with the protocol in force on that day, its calendar, and the form.

    `own_agency` and `own_roles` are those of whoever raised it, by the contact list: empty where it does not have them.
    """

    board: Board
    calendar: Calendar
    form: FormReceived
    own_agency: str
    own_roles: tuple[str, ...]


class Participant(Data):
    """Somebody in the case, and for which side."""

    person: Person
    side: Side


class Outcome(Data):
    """An outcome put in writing. `first_notice` is the first notice that asked for its confirmation; `confirmed` who gave it, one
    for each side."""

    number: int
    side: Side
    by: Person
    content: Sealed
    confirmed: tuple[Participant, ...] = ()
    first_notice: int

    def confirmed_by(self, side: Side) -> Person | None:
        """Who confirmed it for this side; None when nobody has yet."""
        return next((participant.person for participant in self.confirmed if participant.side is side), None)


class Case(Data):
    """Where a case is.

    `turned_round`: its ladder is, because the other side raised it (A-10). `shared_from` is when the first of the steps that share
    this step's time was reached (A-04). `people` act at this step, `involved` took part at any, `unreached` are addresses that did
    not take this step's mail. `facts` counts its facts, and `addressed` holds whom its notices went to, the first first: so every
    message has a number, and so an id. `not_before`: after a fault of ours, when to try again.
    """

    start: CaseStart
    ladder: Ladder
    turned_round: bool = False
    state: State = "open"
    step: int = 0
    reached_at: Moment
    shared_from: Moment | None = None
    why: Why = "raised"
    deadline: Deadline
    reminders: tuple[Moment, ...] = ()
    chase_at: Moment | None = None
    people: tuple[Participant, ...] = ()
    involved: tuple[Participant, ...] = ()
    unreached: tuple[str, ...] = ()
    outcome: Outcome | None = None
    outcomes: int = 0
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

    def addressee(self, notice_id: str) -> str | None:
        """The address this notice went to; None when it is not one of the case's own."""
        number = notice_number(notice_id)
        return self.addressed[number - 1] if number is not None and 1 <= number <= self.notices else None


def notice_number(notice_id: str) -> int | None:
    """The number of a notice the escalator asked for; None for another service's (`i1` is intake's, `r1` the records')."""
    number = notice_id.rpartition(".")[2]
    return int(number) if number.isascii() and number.isdigit() else None


class PeopleFound(Data):
    """The contact list's answer. None where a side was not asked for; `replacing` where it stands in for people not reached."""

    kind: Literal["people_found"] = "people_found"
    raising: Found | None
    other: Found | None
    replacing: bool = False


class Answered(Data):
    """Somebody answered a notice."""

    kind: Literal["answered"] = "answered"
    reply: ReplyReceived


class NotReached(Data):
    """A notice did not reach a person: it bounced, was refused, or they are away. Never a reason to stop (BED-14)."""

    kind: Literal["not_reached"] = "not_reached"
    notice_id: str
    detail: str


class TimePassed(Data):
    """Something the case waited for may be due."""

    kind: Literal["time_passed"] = "time_passed"


Act = Annotated[Answered | NotReached, Field(discriminator="kind")]
"""What arrives from outside."""


class FindPeople(Data):
    """Ask the contact list who this step means."""

    raising: Wanted | None
    other: Wanted | None
    replacing: bool = False


class Decision(Data):
    """What follows from one act: the case as it is now, what to say, whom to look up, and when to look again at the latest."""

    case: Case
    messages: tuple[CaseEvent | SendNotice, ...]
    find: FindPeople | None
    wake_at: Moment | None
