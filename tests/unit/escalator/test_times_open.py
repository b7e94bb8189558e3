"""What documents leave open about time: agreed times, ends of working days, the start of the clock, and both readings."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.escalator.ladders import Unit, Within
from services.escalator.protocol import Protocol
from services.escalator.times import Reading, alternatives, deadline, period
from tests.unit.escalator.timed import BEDFORDSHIRE, CALENDAR, LADDER, RAISED, at, found, hours, protocol_with, without

AGREED = protocol_with("agreed")
NOW: Any = {"raised_at": RAISED, "step_reached_at": RAISED, "calendar": CALENDAR}
TUESDAY = datetime(2026, 12, 8, 14, 5, tzinfo=UTC)  # two working days after Friday


def test_without_an_agreement_the_longest_time_is_the_deadline_and_says_so() -> None:
    """A-25, OXF-10."""
    told = found(AGREED, **NOW)
    assert told.at == TUESDAY
    assert told.explanation == (
        "2 working days from 2:05pm on Friday 4 December 2026, when this step was reached, the longest time that the two sides may agree "
        "on, because they have not set one: Concord's default on A-25."
    )


def test_the_two_sides_set_the_time() -> None:
    """A-25, OXF-10."""
    told = found(AGREED, **NOW, agreed=at(48))
    assert hours(told.at) == 48
    assert told.explanation == (
        "2:05pm on Sunday 6 December 2026, as the two sides agreed, which is not later than 2 working days from 2:05pm on Friday "
        "4 December 2026, when this step was reached: Concord's default on A-25."
    )


def test_an_agreed_time_is_never_later_than_the_longest() -> None:
    """A-25."""
    told = found(AGREED, **NOW, agreed=at(24 * 30))
    assert told.at == TUESDAY
    assert "because they agreed on 2:05pm on Sunday 3 January 2027" in told.explanation
    assert found(protocol_with("agreed", A_25="1"), **NOW).at == TUESDAY - timedelta(days=1)


def test_a_time_agreed_before_the_step_began_is_none() -> None:
    """It was agreed at an earlier step, or before the case was opened again."""
    assert found(AGREED, raised_at=RAISED, step_reached_at=at(1), calendar=CALENDAR, agreed=at(1)).explanation.endswith(
        "because they have not set one: Concord's default on A-25."
    )


def test_a_protocol_without_that_choice_has_concords_default() -> None:
    assert found(without(AGREED, "A-25"), **NOW) == found(AGREED, **NOW)


@pytest.mark.parametrize(
    ("time", "raised", "ends"),
    [
        ("1 end_of_working_day", "2026-12-04T14:05", "2026-12-07T17:00"),  # Friday to Monday
        ("1 end_of_working_day", "2026-12-04T18:00", "2026-12-07T17:00"),  # after closing it is still Friday
        ("1 end_of_working_day", "2026-12-05T12:00", "2026-12-07T17:00"),  # Saturday
        ("1 end_of_working_day", "2026-12-07T00:00", "2026-12-08T17:00"),
        ("2 end_of_working_day", "2026-12-04T14:05", "2026-12-08T17:00"),
        ("1 end_of_working_day", "2026-12-24T16:00", "2026-12-29T17:00"),  # Christmas and the holiday moved to Monday 28
        ("1 end_of_working_day", "2026-03-27T16:00", "2026-03-30T16:00"),  # clocks forward: 5pm is 16:00 UTC
        ("1 end_of_working_day", "2024-02-28T16:00", "2024-02-29T17:00"),
    ],
)
def test_the_end_of_a_working_day(time: str, raised: str, ends: str) -> None:
    """A-03, in UTC."""
    begun = datetime.fromisoformat(raised).replace(tzinfo=UTC)
    told = found(protocol_with(time), raised_at=begun, step_reached_at=begun, calendar=CALENDAR)
    assert told.at == datetime.fromisoformat(ends).replace(tzinfo=UTC)


def test_one_working_day_may_be_read_as_the_end_of_the_next() -> None:
    """A-03, NOR-05, OXF-22."""
    told = found(protocol_with("1 working_days"), **NOW)
    assert told.at == datetime(2026, 12, 7, 14, 5, tzinfo=UTC)
    assert told.explanation == (
        "1 working day from 2:05pm on Friday 4 December 2026, when the form was received, counted in working time: Concord's defaults on "
        "A-01 and A-03."
    )
    read = protocol_with("1 working_days", A_03="end_of_next_working_day")
    told = found(read, **NOW)
    assert told.at == datetime(2026, 12, 7, 17, tzinfo=UTC)
    assert told.explanation == (
        "The end of the next working day after 2:05pm on Friday 4 December 2026, when the form was received, which is how one working day "
        "is read: the board's choice on A-03, and Concord's default on A-01."
    )
    assert "A-03" not in found(protocol_with("2 working_days", A_03="end_of_next_working_day"), **NOW).explanation
    assert "A-03" not in found(without(protocol_with("1 working_days"), "A-03"), **NOW).explanation


def test_a_stated_end_of_a_working_day_says_so() -> None:
    assert found(protocol_with("1 end_of_working_day"), **NOW).explanation == (
        "The end of the next working day after 2:05pm on Friday 4 December 2026, when the form was received: Concord's default on A-01."
    )
    assert found(protocol_with("3 end_of_working_day"), **NOW).explanation.startswith(
        "The end of the last of 3 working days after"
    )


def test_a_shared_end_of_a_working_day_is_divided_in_working_time() -> None:
    """A-04: from Friday 14:05 to Monday 17:00 are ten hours and 55 minutes of work."""
    told = found(protocol_with("1 end_of_working_day", "same"), **NOW)
    assert told.at == datetime(2026, 12, 7, 11, 32, 30, tzinfo=UTC)
    assert told.explanation == (
        "5 working hours and 28 minutes from 2:05pm on Friday 4 December 2026, when the form was received, steps 1 and 2 sharing the time "
        "to the end of the next working day, divided equally between them: Concord's defaults on A-01 and A-04."
    )


def test_the_last_of_three_parts_ends_exactly_with_the_whole() -> None:
    """A-04: a millionth of a second later would be the next morning."""
    raised = RAISED + timedelta(microseconds=1)
    protocol = protocol_with("1 end_of_working_day", "same", "same")
    told = found(protocol, 3, raised_at=raised, step_reached_at=at(20), calendar=CALENDAR, shared_from=raised)
    assert told.at == datetime(2026, 12, 7, 17, tzinfo=UTC)


def test_a_form_of_later_the_same_day_is_not_due_earlier_when_it_is_read_late() -> None:
    """Half of a working day is half of a whole one, however much of today was left."""
    protocol = protocol_with("1 end_of_working_day")
    for raised in (RAISED.replace(hour=9), RAISED.replace(hour=16)):
        told = found(protocol, raised_at=raised, step_reached_at=datetime(2026, 12, 7, 16, tzinfo=UTC), calendar=CALENDAR)
        assert told.at == datetime(2026, 12, 8, 12, tzinfo=UTC)
        assert "half of its own time from then, 4 working hours" in told.explanation


def test_hours_are_counted_by_no_clock_on_a_wall() -> None:
    """Clocks forward at 1am on Sunday 29 March: 24 hours from Saturday noon are Sunday at 1pm, also where the start is told in London."""
    noon = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/London"))
    told = found(protocol_with("24 elapsed_hours"), raised_at=noon, step_reached_at=noon, calendar=CALENDAR)
    assert told.at == datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert CALENDAR.wall(told.at) == "1pm on Sunday 29 March 2026"


def test_the_clock_can_start_with_the_decision() -> None:
    """A-01, OXF-22."""
    protocol = protocol_with("24 elapsed_hours", "36 elapsed_hours", A_01="decision_made")
    told = found(protocol, **NOW, decided_at=at(-5))
    assert hours(told.at) == 19
    assert told.explanation == (
        "24 hours from 9:05am on Friday 4 December 2026, when the decision was made, counted over all the steps together, every hour "
        "counting: the board's choice on A-01, and Concord's defaults on A-02 and A-03."
    )
    assert hours(found(protocol, 2, raised_at=RAISED, step_reached_at=at(19), calendar=CALENDAR, decided_at=at(-5)).at) == 31


@pytest.mark.parametrize("decided", [None, 0.5])
def test_a_form_that_does_not_say_when_starts_the_clock_itself(decided: float | None) -> None:
    """A-01: nor does a decision that is said to come after the form."""
    protocol = protocol_with("24 elapsed_hours", A_01="decision_made")
    told = found(protocol, **NOW, decided_at=None if decided is None else at(decided))
    assert hours(told.at) == 24
    assert "when the form was received, because it gives no earlier time for the decision, counted" in told.explanation


def test_a_decision_of_long_ago_still_leaves_time() -> None:
    told = found(protocol_with("24 elapsed_hours", A_01="decision_made"), **NOW, decided_at=at(-500))
    assert hours(told.at) == 12
    assert "half of its own time from then, 12 hours" in told.explanation


def test_only_the_choices_that_a_time_needs_are_looked_up() -> None:
    """A protocol that states no time has none of them."""
    bare = without(protocol_with("24 elapsed_hours", "none", "without_delay"), "A-04", "A-06", "A-25")
    assert hours(found(bare, **NOW).at) == 24
    for step in (2, 3):
        assert found(without(bare, "A-01", "A-02", "A-03"), step, **NOW).at is None
    assert hours(found(without(protocol_with("immediately"), "A-02", "A-03", "A-04", "A-06"), **NOW).at) == 1
    shared = without(protocol_with("24 elapsed_hours", "same"), "A-04")
    assert hours(found(shared, **NOW).at) == 12


def readings(protocol: Protocol, step: int, reached: float, **more: Any) -> dict[tuple[str, str], Reading]:
    told = alternatives(
        protocol, protocol.ladder(LADDER), step, raised_at=RAISED, step_reached_at=at(reached), calendar=CALENDAR, **more
    )
    return {(one.choice, one.option): one for one in told}


def test_a_document_that_can_be_read_in_two_ways_is_told_in_both() -> None:
    """A-01 to A-04: every other option, and what the deadline would be then."""
    rising = protocol_with("24 elapsed_hours", "36 elapsed_hours")
    found_readings = readings(rising, 2, 20, decided_at=at(-5))
    assert {key: hours(one.deadline.at) for key, one in found_readings.items()} == {
        ("A-01", "step_reached"): 32,
        ("A-01", "decision_made"): 31,
        ("A-02", "per_step"): 56,
        ("A-03", "working_hours"): 164,  # Friday from 14:05, four whole days, and an hour and five minutes on the Friday after
    }
    assert found_readings["A-02", "per_step"].deadline.explanation == (
        "36 hours from 10:05am on Saturday 5 December 2026, when this step was reached, counted for this step alone, every hour counting: "
        "the other reading of A-02, and Concord's default on A-03."
    )


def test_a_choice_that_changes_nothing_has_no_other_reading() -> None:
    """The first step ends after 24 hours, added up or not."""
    assert {key for key, _ in readings(protocol_with("24 elapsed_hours"), 1, 0)} == {"A-03"}
    assert readings(protocol_with("none"), 1, 0) == {}
    assert readings(protocol_with("24 elapsed_hours"), 1, 0, at_once="a child is in danger") == {}


def test_a_reading_is_what_the_deadline_would_be() -> None:
    protocol = BEDFORDSHIRE.with_choices({"A-04": "shared"})
    for step in (1, 2, 3):
        ladder = BEDFORDSHIRE.ladder("BED-S4")
        for one in alternatives(protocol, ladder, step, **NOW):
            chosen = protocol.with_choices({one.choice: one.option})
            assert one.deadline.at == deadline(chosen, ladder, step, **NOW).at
            assert one.question == protocol.choice(one.choice).question


@pytest.mark.parametrize(
    ("kind", "amount", "expected", "told"),
    [
        (Unit.WORKING_DAYS, 1, 72, "1 working day from {start}, counted in working time: Concord's default on A-03."),
        (Unit.END_OF_WORKING_DAY, 1, 74 + 55 / 60, "The end of the next working day after {start}."),
        (Unit.ELAPSED_HOURS, 24, 24, "24 hours from {start}: Concord's default on A-03."),
        (Unit.WORKING_HOURS, 4, 68, "4 working hours from {start}."),
        (Unit.IMMEDIATELY, None, 1, "60 minutes from {start}, which stands for immediately: Concord's default on A-06."),
        (Unit.WITHOUT_DELAY, None, None, "The protocol says without delay, which is no time to count."),
        (Unit.AGREED, None, None, "The protocol says agreed, which is no time to count."),
    ],
)
def test_a_time_beside_the_table_counts_from_what_happened(
    kind: Unit, amount: int | None, expected: float | None, told: str
) -> None:
    """OXF-22: one working day to challenge the chair's decision, by the board's own reading of a working day."""
    period_found = period(
        protocol_with("none"), Within(kind=kind, amount=amount), RAISED, CALENDAR, "when the decision was made"
    )
    assert hours(period_found.at) == pytest.approx(expected) if expected else period_found.at is None
    start = "2:05pm on Friday 4 December 2026, when the decision was made"
    assert period_found.explanation == told.format(start=start)
