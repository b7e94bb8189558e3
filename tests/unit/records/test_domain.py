"""Where a case is, from its facts in any order."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.escalator import CaseRedirected, DeadlineChanged
from services.contracts.message import Message
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Side
from services.records import domain
from services.records.case import Case, State
from tests.unit.records.story import BOARD, CASE, MANAGER, RAISER, WORKER, Story

SEALER = Sealer([Fernet.generate_key().decode()])
WHOLE = Story(SEALER).whole()
STATES = [
    State.RECEIVED,
    State.OPEN,
    State.OPEN,
    State.OPEN,
    State.OPEN,
    State.OPEN,
    State.OPEN,
    State.TO_CONFIRM,
    State.TO_CONFIRM,
    State.TO_CONFIRM,
    State.CLOSED,
]


@pytest.mark.parametrize("count", range(1, len(WHOLE) + 1))
def test_the_state_after_each_fact(count: int) -> None:
    assert domain.read(CASE, WHOLE[:count]).state == STATES[count - 1]


@given(st.permutations(WHOLE), st.lists(st.sampled_from(WHOLE)))
def test_order_and_repetition_change_nothing(messages: list[Message], repeated: list[Message]) -> None:
    assert domain.read(CASE, [*messages, *repeated]) == domain.read(CASE, WHOLE)


@given(st.sets(st.sampled_from(range(len(WHOLE))), min_size=1))
def test_more_facts_never_take_a_case_back(known: set[int]) -> None:
    some = domain.read(CASE, [WHOLE[index] for index in known])
    more = domain.read(CASE, [WHOLE[index] for index in {*known, *range(min(known))}])
    assert more.number == some.number
    assert (more.step or 0) >= (some.step or 0)
    assert more.ended == some.ended


@given(st.sets(st.sampled_from(range(len(WHOLE)))))
def test_what_is_missing_is_named_until_nothing_is(known: set[int]) -> None:
    lacking = domain.missing([WHOLE[index] for index in known], up_to=10)
    needed = set(range(len(WHOLE)))
    assert bool(lacking) == (known != needed)


def test_the_other_readings_of_a_deadline_go_when_it_moves() -> None:
    story = Story(SEALER)
    step = story.step(1).model_copy(update={"readings": ("24 hours from 9am, counted for this step alone.",)})
    assert domain.read(CASE, [step]).readings == step.readings
    moved = DeadlineChanged(
        **step.model_dump(include={"message_id", "at", "case_id", "board", "step", "deadline", "explanation"}),
        number=step.number + 1,
        why="time_agreed",
    )
    assert domain.read(CASE, [step, moved]).readings == ()


def test_a_step_brings_its_people_and_deadline_and_the_next_one_replaces_them() -> None:
    story = Story(SEALER)
    first = domain.read(CASE, story.until(3))
    assert (first.step, first.other_side, first.deadline) == (
        1,
        (WORKER,),
        first.raised_at + timedelta(hours=26) if first.raised_at else None,
    )
    second = domain.read(CASE, WHOLE[:6])
    assert (second.step, second.other_side) == (2, (MANAGER,))
    assert second.board == BOARD


def test_a_confirmation_of_an_earlier_outcome_does_not_count_for_a_later_one() -> None:
    story = Story(SEALER)
    messages = [*story.until(8), story.disputed("No."), story.proposed(2)]
    late = story.confirmed(Side.OTHER, MANAGER, outcome=1)
    right = story.confirmed(Side.RAISING, RAISER, outcome=2)
    case = domain.read(CASE, [*messages, late, right, right])
    assert (case.state, case.outcome, case.confirmed_by) == (State.TO_CONFIRM, 2, (Side.RAISING,))


def test_a_case_is_overdue_only_while_somebody_still_has_to_act() -> None:
    open_case = domain.read(CASE, WHOLE[:3])
    assert open_case.deadline is not None
    assert not open_case.is_overdue(open_case.deadline)
    assert open_case.is_overdue(open_case.deadline + timedelta(seconds=1))
    closed = domain.read(CASE, WHOLE)
    assert closed.ended
    assert not closed.is_overdue(open_case.deadline + timedelta(days=100))


def test_the_last_tier_stops_the_clock_and_leaves_the_case_open() -> None:
    story = Story(SEALER)
    case = domain.read(CASE, [story.form(), story.opened(), story.step(3), story.last_tier()])
    assert (case.state, case.deadline, case.ended) == (State.LAST_TIER_PASSED, None, False)


def test_an_outcome_that_waits_goes_up_with_the_case_when_time_runs_out() -> None:
    story = Story(SEALER)
    waiting = [story.form(), story.opened(), story.step(1), story.proposed(), story.confirmed(Side.OTHER, WORKER)]
    case = domain.read(CASE, [*waiting, story.step(2, why="deadline_missed"), story.confirmed(Side.RAISING, RAISER)])
    assert (case.state, case.step, case.confirmed_by) == (State.TO_CONFIRM, 2, (Side.OTHER, Side.RAISING))


def test_not_resolved_ends_an_outcome_that_waits() -> None:
    story = Story(SEALER)
    messages = [story.form(), story.opened(), story.step(1), story.proposed(), story.step(2, why="not_resolved")]
    assert domain.read(CASE, messages).outcome is None
    assert domain.read(CASE, messages).state == State.OPEN


def test_a_dispute_after_the_last_tier_leaves_the_case_past_it() -> None:
    story = Story(SEALER)
    messages = [story.form(), story.opened(), story.step(3), story.last_tier(), story.proposed(), story.disputed("No.")]
    assert domain.read(CASE, messages).state == State.LAST_TIER_PASSED


def test_a_redirected_case_has_ended() -> None:
    story = Story(SEALER)
    redirected = CaseRedirected.model_validate({**story._fact(), "route": "the core group", "paragraph": "1.2"})
    case = domain.read(CASE, [story.form(), redirected])
    assert (case.state, case.ended, case.action) == (State.REDIRECTED, True, "the core group")


def test_a_case_without_facts_is_only_its_reference() -> None:
    assert domain.read(CASE, []) == Case(case_id=CASE)
