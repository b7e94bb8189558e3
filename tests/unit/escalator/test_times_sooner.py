"""A child who cannot wait: everything at once, and the child's own protection time frame (BED-10, BED-14, OXF-04, OXF-05)."""

from datetime import timedelta
from typing import Any

import pytest

from services.escalator.demonstration import as_demonstration
from services.escalator.ladders import Statement
from tests.unit.escalator.timed import CALENDAR, RAISED, at, found, hours, protocol_with, without

DANGER = "the form says that a child is in immediate danger"
RISING = protocol_with("24 elapsed_hours", "36 elapsed_hours", "48 elapsed_hours")


def sooner(step: int, reached: float, needed_by: float | None = None, at_once: str = "") -> float | None:
    return hours(
        found(
            RISING,
            step,
            raised_at=RAISED,
            step_reached_at=at(reached),
            calendar=CALENDAR,
            needed_by=None if needed_by is None else at(needed_by),
            at_once=at_once,
        ).at
    )


def test_danger_gives_every_step_the_time_that_stands_for_immediately() -> None:
    """BED-10, A-06: by day and by night, whatever the table says, and where it says nothing."""
    assert [sooner(step, reached, at_once=DANGER) for step, reached in ((1, 0), (2, 1), (3, 2))] == [1, 2, 3]
    told = found(RISING, raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, at_once=DANGER)
    assert told.explanation == (
        "60 minutes from 2:05pm on Friday 4 December 2026, when this step was reached, which stands for immediately, because the form "
        "says that a child is in immediate danger: Concord's default on A-06; without that it would be 2:05pm on Saturday 5 December 2026."
    )
    silent = protocol_with("none", A_06="30")
    told = found(silent, raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, at_once=DANGER)
    assert hours(told.at) == 0.5
    assert told.explanation.endswith(": the board's choice on A-06; the protocol itself gives it no deadline.")


def test_a_protocol_that_never_says_immediately_still_has_a_time_for_it() -> None:
    """OXF-05: the document has the words only for danger, and no choice about them."""
    told = found(
        without(protocol_with("none"), "A-06"), raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, at_once=DANGER
    )
    assert hours(told.at) == 1
    assert "Concord's default on A-06" in told.explanation


def test_a_table_that_is_sooner_stands() -> None:
    at_once: Any = {"raised_at": RAISED, "step_reached_at": RAISED, "calendar": CALENDAR, "at_once": DANGER}
    told = found(protocol_with("1 elapsed_hours", A_06="120"), **at_once)
    assert hours(told.at) == 1
    assert "immediate danger" not in told.explanation
    assert hours(found(protocol_with("immediately", A_06="2"), **at_once).at) == pytest.approx(2 / 60)


@pytest.mark.parametrize(
    ("step", "reached", "needed_by", "expected"),
    [
        (1, 0, 18, 6),  # a third of the time each
        (2, 6, 18, 12),
        (3, 12, 18, 18),
        (2, 1, 18, 9.5),  # reached early: half of what is left
        (1, 0, 72, 24),  # an equal part would be later than the table on the first step...
        (3, 36, 40, 40),  # ...but the last still ends in time
        (1, 0, 100, 24),
    ],
)
def test_the_childs_own_time_frame_is_divided_over_the_steps_left(
    step: int, reached: float, needed_by: float, expected: float
) -> None:
    """OXF-04, BED-14."""
    assert sooner(step, reached, needed_by) == expected


def test_the_time_frame_holds_where_the_table_states_no_time() -> None:
    told = found(protocol_with("none", "none"), raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, needed_by=at(19))
    assert hours(told.at) == 9.5
    assert told.explanation == (
        "An equal part of the time from 2:05pm on Friday 4 December 2026, when this step was reached, to 9:05am on Saturday 5 December "
        "2026, the end of the child's own protection time frame, for each of the 2 steps left: "
        "the protocol's rule at 6.6; the protocol itself gives it no deadline."
    )


def test_the_rule_is_named_where_the_document_has_it_and_is_ours_where_not() -> None:
    last: Any = {"raised_at": RAISED, "step_reached_at": RAISED, "calendar": CALENDAR, "needed_by": at(3)}
    for rule, source in (
        (None, "Concord's own rule"),
        (Statement(text="In time.", source="chapter 6.2, 1"), "the protocol's rule at chapter 6.2, 1"),
    ):
        protocol = protocol_with("24 elapsed_hours").model_copy(update={"protection": rule})
        assert found(protocol, **last).explanation == (
            "5:05pm on Friday 4 December 2026, the end of the child's own protection time frame, because this is the last step: "
            f"{source}; without that it would be 2:05pm on Saturday 5 December 2026."
        )


def test_a_time_frame_that_has_passed_means_at_once() -> None:
    told = found(RISING, 2, raised_at=RAISED, step_reached_at=at(20), calendar=CALENDAR, needed_by=at(20))
    assert hours(told.at) == 21
    assert "because the child's own protection time frame ended at 10:05am on Saturday 5 December 2026" in told.explanation


def test_a_step_has_at_least_five_minutes() -> None:
    """Of nine minutes, three steps would have three each."""
    told = found(RISING, raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, needed_by=at(0.15))
    assert told.at == RAISED + timedelta(minutes=5)
    assert told.explanation.startswith(
        "5 minutes from 2:05pm on Friday 4 December 2026, when this step was reached, the least time that a step has by Concord's own "
        "rule, because the child's own protection time frame ends at 2:14pm on Friday 4 December 2026"
    )
    hasty = protocol_with("24 elapsed_hours", A_06="1")
    assert found(hasty, raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, at_once=DANGER).at == RAISED + timedelta(
        minutes=5
    )


def test_of_both_reasons_the_sooner_decides() -> None:
    assert sooner(3, 0, 0.5, DANGER) == 0.5
    assert sooner(3, 0, 2, DANGER) == 1


def test_a_demonstration_hurries_in_seconds() -> None:
    told = found(as_demonstration(RISING), raised_at=RAISED, step_reached_at=RAISED, calendar=CALENDAR, at_once=DANGER)
    assert told.at == RAISED + timedelta(seconds=5)
    assert "5 seconds from 2:05:00pm" in told.explanation
    assert "one second standing for one hour" in told.explanation
