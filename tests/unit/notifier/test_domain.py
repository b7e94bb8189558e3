"""Which state follows which, and how long a notice is tried."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifier.domain import Attempt, End, Next, Patience, State, after

NOW = datetime(2026, 12, 4, 12, 0, tzinfo=UTC)
PATIENCE = Patience()


def attempt(number: int = 1, *, since: timedelta = timedelta(), again: bool = False) -> Attempt:
    return Attempt(number=number, first_at=NOW - since, again=again)


@pytest.mark.parametrize(
    ("end", "following"),
    [
        (End.TAKEN, Next(State.SENT)),
        (End.REFUSED, Next(State.REFUSED, failure="refused")),
        (End.UNPRINTABLE, Next(State.UNPRINTABLE, failure="unprintable")),
        (End.LATER, Next(State.RETRYING, at=NOW + timedelta(seconds=2))),
        (End.UNANSWERED, Next(State.UNCERTAIN, at=NOW + timedelta(seconds=2), failure="uncertain", again=True)),
    ],
)
def test_what_follows_a_first_attempt(end: End, following: Next) -> None:
    assert after(end, attempt(), NOW, PATIENCE, 0.5) == following


def test_an_unanswered_notice_is_sent_once_more_and_only_once() -> None:
    second = after(End.UNANSWERED, attempt(2, again=True), NOW, PATIENCE, 0.5)
    assert second == Next(State.UNCERTAIN, at=None, failure="uncertain", again=True)


def test_a_second_copy_may_still_be_tried_again_before_it_is_handed_over() -> None:
    assert after(End.LATER, attempt(2, again=True), NOW, PATIENCE, 0.5).again


def test_pauses_grow_to_a_limit() -> None:
    pauses = [PATIENCE.pause(number, 0.5).total_seconds() for number in range(1, 12)]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert PATIENCE.pause(10_000, 0.5) == PATIENCE.longest


def test_it_is_given_up_long_before_the_shortest_tier_has_passed() -> None:
    assert timedelta(hours=24) / 10 > PATIENCE.limit
    assert after(End.LATER, attempt(30, since=timedelta(minutes=114)), NOW, PATIENCE, 0.5).state is State.RETRYING
    gone = after(End.LATER, attempt(30, since=timedelta(minutes=116)), NOW, PATIENCE, 0.5)
    assert gone == Next(State.GAVE_UP, failure="gave_up")


@given(
    end=st.sampled_from(End),
    number=st.integers(1, 1000),
    minutes=st.integers(0, 500),
    again=st.booleans(),
    spread=st.floats(0, 1),
)
def test_every_end_leads_to_a_named_state_that_is_tried_again_or_said(
    end: End, number: int, minutes: int, again: bool, spread: float
) -> None:
    following = after(end, attempt(number, since=timedelta(minutes=minutes), again=again), NOW, PATIENCE, spread)
    settled = following.state in {State.SENT} or following.failure is not None
    assert settled or following.at is not None
    assert following.at is None or NOW < following.at <= NOW + PATIENCE.longest * 1.25
    assert following.again >= again
