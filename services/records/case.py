"""One case as the board's staff see it. Values only; `domain` reads it from its facts."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from services.contracts.message import Data, Moment
from services.contracts.vocabulary import Ending, FollowUp, Person, Side, Writing


class State(StrEnum):
    """Where a case is. decided: one side has who may, and the other one accepts or dissents (BIR-19, OXF-20)."""

    RECEIVED = "received"
    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    DECIDED = "decided"
    LAST_TIER_PASSED = "last_tier_passed"
    REDIRECTED = "redirected"
    CLOSED = "closed"


ENDED = frozenset({State.REDIRECTED, State.CLOSED})
"""States in which nobody argues about the case any more."""
WAITING = frozenset({State.TO_CONFIRM, State.DECIDED})
"""States in which something written down waits for both sides."""


class NotDone(Data):
    """Something the protocol asks for at a step that was not done when the step ended (BED-20)."""

    step: int
    what: str
    paragraph: str


class Referral(Data):
    """What was learned went somewhere (BED-20)."""

    at: Moment
    by: Person
    to: str
    paragraph: str


class Case(Data):
    """One case as its facts so far tell it. What no fact has told yet is empty or None. `number` is the last fact's.

    `confirmed_by` and `dissented_by` are the sides that answered what waits for them. `asked_board`: nobody else is left to ask at this
    step, and `suggested` are people staff may ask instead (A-18 to A-20). `how` is how it closed, `not_done` and `lapses` what was not
    done as the protocol says, step by step and in sum (BED-20). `done` are numbers of follow-ups (BED-19).
    """

    case_id: str
    board: str = ""
    state: State = State.RECEIVED
    ladder_name: str = ""
    protocol: str = ""
    protocol_version: str = ""
    case_stage: str = ""
    area: str = ""
    raised_by: Person | None = None
    raised_at: Moment | None = None
    other_agency: str = ""
    immediate_danger: bool = False
    demonstration: str = ""
    step: int | None = None
    steps: int | None = None
    step_name: str = ""
    action: str = ""
    raising_side: tuple[Person, ...] = ()
    other_side: tuple[Person, ...] = ()
    asked_board: bool = False
    suggested: tuple[Person, ...] = ()
    writing: Writing = Writing.NONE
    paragraph: str = ""
    deadline: Moment | None = None
    explanation: str = ""
    readings: tuple[str, ...] = ()
    outcome: int | None = None
    decided_by: Side | None = None
    confirmed_by: tuple[Side, ...] = ()
    dissented_by: tuple[Side, ...] = ()
    challenge_by: Moment | None = None
    past_last_tier: bool = False
    closed_at: Moment | None = None
    how: Ending | None = None
    procedures_followed: bool | None = None
    lapses: tuple[str, ...] = ()
    not_done: tuple[NotDone, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    done: tuple[int, ...] = ()
    learning: tuple[Referral, ...] = ()
    number: int = 0

    @property
    def ended(self) -> bool:
        """Whether nobody argues about it any more."""
        return self.state in ENDED

    @property
    def needs_staff(self) -> bool:
        """Whether it waits for board staff: after the last step, or where nobody else can be asked."""
        return self.state == State.LAST_TIER_PASSED or (self.asked_board and not self.ended)

    @property
    def to_pursue(self) -> tuple[FollowUp, ...]:
        """The follow-ups that are not done."""
        return tuple(item for item in self.follow_ups if item.number not in self.done)

    @property
    def owing(self) -> tuple[Side, ...]:
        """The sides that have not answered what waits for them."""
        answered = {*self.confirmed_by, *self.dissented_by, self.decided_by}
        waits = self.outcome is not None and not self.ended
        return tuple(side for side in (Side.RAISING, Side.OTHER) if side not in answered) if waits else ()

    def is_overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed and it is still waiting for the two sides."""
        return not self.ended and self.deadline is not None and self.deadline < now


def once_each(people: Iterable[Person]) -> tuple[Person, ...]:
    """Everybody once, by address, in the order they came in."""
    each: dict[str, Person] = {}
    for person in people:
        each.setdefault(person.address.lower(), person)
    return tuple(each.values())
