"""What a case's facts say about where it is now. Pure: facts in, the case as board staff see it out.

Facts reach records by one queue per kind, so they come in any order. A case is therefore not moved along by the fact that has just
come in: it is read again from all its facts, in the order they happened (`CaseEvent.number`). So a late fact never takes it back.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import singledispatch

from services.contracts.escalator import (
    CaseClosed,
    CaseEvent,
    CaseOpened,
    CaseRedirected,
    LastTierPassed,
    OutcomeConfirmed,
    OutcomeDisputed,
    OutcomeProposed,
    StepReached,
)
from services.contracts.intake import FormReceived
from services.contracts.message import Data, Message, Moment
from services.contracts.vocabulary import Person, Side, Writing


class State(StrEnum):
    """Where a case is."""

    RECEIVED = "received"
    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    LAST_TIER_PASSED = "last_tier_passed"
    REDIRECTED = "redirected"
    CLOSED = "closed"


ENDED = frozenset({State.REDIRECTED, State.CLOSED})
"""States in which nobody has anything left to do."""


class Case(Data):
    """One case as its facts so far tell it. What no fact has told yet is empty or None. `number` is the last fact's."""

    case_id: str
    board: str = ""
    state: State = State.RECEIVED
    ladder_name: str = ""
    case_stage: str = ""
    area: str = ""
    raised_by: Person | None = None
    raised_at: Moment | None = None
    other_agency: str = ""
    immediate_danger: bool = False
    demonstration: str = ""
    step: int | None = None
    steps: int | None = None
    action: str = ""
    raising_side: tuple[Person, ...] = ()
    other_side: tuple[Person, ...] = ()
    writing: Writing = Writing.NONE
    paragraph: str = ""
    deadline: Moment | None = None
    explanation: str = ""
    outcome: int | None = None
    confirmed_by: tuple[Side, ...] = ()
    past_last_tier: bool = False
    closed_at: Moment | None = None
    number: int = 0

    @property
    def ended(self) -> bool:
        """Whether nobody has anything left to do in it."""
        return self.state in ENDED

    def is_overdue(self, now: datetime) -> bool:
        """Whether its deadline has passed and it is still waiting for the two sides."""
        return not self.ended and self.deadline is not None and self.deadline < now


def read(case_id: str, facts: Iterable[Message]) -> Case:
    """The case these facts tell, whatever order they are given in and however often one is repeated."""
    case = Case(case_id=case_id)
    for fact in sorted(facts, key=_order):
        case = follow(fact, case)
    return case


def missing(facts: Iterable[Message], up_to: int) -> str:
    """What a complete story up to fact `up_to` still lacks, in words; empty when it is complete."""
    kept = list(facts)
    numbers = {fact.number for fact in kept if isinstance(fact, CaseEvent)}
    gaps = [str(number) for number in range(1, up_to + 1) if number not in numbers]
    if gaps:
        return f"fact {', '.join(gaps)} of {up_to}"
    if not any(isinstance(fact, FormReceived) for fact in kept):
        return "the Escalation Form"
    return ""


def _order(fact: Message) -> int:
    return fact.number if isinstance(fact, CaseEvent) else 0


@singledispatch
def follow(fact: Message, case: Case) -> Case:
    """The case after one more fact; a fact that moves nothing leaves it as it is."""
    return case.model_copy(update={"number": fact.number, "board": fact.board}) if isinstance(fact, CaseEvent) else case


def _moved(fact: CaseEvent, case: Case, **changes: object) -> Case:
    return case.model_copy(update={"number": fact.number, "board": fact.board, **changes})


@follow.register
def _form_received(fact: FormReceived, case: Case) -> Case:
    return case.model_copy(
        update={
            "board": fact.board,
            "case_stage": fact.case_stage,
            "area": fact.area,
            "raised_by": fact.raised_by,
            "raised_at": fact.received_at,
            "other_agency": fact.other_agency,
            "immediate_danger": fact.immediate_danger,
        }
    )


@follow.register
def _case_opened(fact: CaseOpened, case: Case) -> Case:
    return _moved(
        fact,
        case,
        state=State.OPEN,
        ladder_name=fact.ladder_name,
        case_stage=fact.case_stage,
        area=fact.area,
        raised_by=fact.raised_by,
        raised_at=fact.raised_at,
        other_agency=fact.other_agency,
        immediate_danger=fact.immediate_danger,
        demonstration=fact.demonstration,
    )


@follow.register
def _case_redirected(fact: CaseRedirected, case: Case) -> Case:
    return _moved(
        fact, case, state=State.REDIRECTED, action=fact.route, paragraph=fact.paragraph, deadline=None, closed_at=fact.at
    )


@follow.register
def _step_reached(fact: StepReached, case: Case) -> Case:
    """An outcome that waits for a side goes up with the case when time ran out; "not resolved" ends it."""
    pending = case.outcome is not None and fact.why == "deadline_missed"
    return _moved(
        fact,
        case,
        state=State.TO_CONFIRM if pending else State.OPEN,
        step=fact.step,
        steps=fact.steps,
        action=fact.action,
        raising_side=fact.raising_side,
        other_side=fact.other_side,
        writing=fact.writing,
        paragraph=fact.paragraph,
        deadline=fact.deadline,
        explanation=fact.explanation,
        outcome=case.outcome if pending else None,
        confirmed_by=case.confirmed_by if pending else (),
    )


@follow.register
def _outcome_proposed(fact: OutcomeProposed, case: Case) -> Case:
    return _moved(fact, case, state=State.TO_CONFIRM, outcome=fact.outcome, confirmed_by=())


@follow.register
def _outcome_confirmed(fact: OutcomeConfirmed, case: Case) -> Case:
    if fact.outcome != case.outcome or fact.side in case.confirmed_by:
        return _moved(fact, case)
    return _moved(fact, case, confirmed_by=(*case.confirmed_by, fact.side))


@follow.register
def _outcome_disputed(fact: OutcomeDisputed, case: Case) -> Case:
    state = State.LAST_TIER_PASSED if case.past_last_tier else State.OPEN
    return _moved(fact, case, state=state, outcome=None, confirmed_by=())


@follow.register
def _last_tier_passed(fact: LastTierPassed, case: Case) -> Case:
    pending = fact.why == "deadline_missed"
    return _moved(
        fact,
        case,
        state=State.LAST_TIER_PASSED,
        past_last_tier=True,
        deadline=None,
        outcome=case.outcome if pending else None,
        confirmed_by=case.confirmed_by if pending else (),
    )


@follow.register
def _case_closed(fact: CaseClosed, case: Case) -> Case:
    return _moved(fact, case, state=State.CLOSED, outcome=fact.outcome, closed_at=fact.at, deadline=None)
