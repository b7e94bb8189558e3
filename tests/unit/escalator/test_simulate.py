"""A ladder run to its own deadlines: what hurry does to it, and how it reads as a timeline."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.ladders import Ladder
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from services.escalator.simulate import AT_ONCE, simulate
from services.escalator.timeline import as_text, gap, length, rows

PROTOCOLS = packaged_protocols()
CALENDAR = make_calendar(WorkingHours(), 2025, 2029)
FRIDAY = datetime(2026, 12, 18, 16, tzinfo=UTC)
EVERY = [(protocol, ladder) for protocol in PROTOCOLS.values() for ladder in protocol.ladders]


@pytest.mark.parametrize(("protocol", "ladder"), EVERY, ids=[ladder.id for _, ladder in EVERY])
def test_a_child_in_danger_waits_at_no_step(protocol: Protocol, ladder: Ladder) -> None:
    """BED-10, OXF-05: every step that is reached has a deadline, and none later than without danger."""
    calm = simulate(protocol, ladder, FRIDAY, CALENDAR)
    hurried = simulate(protocol, ladder, FRIDAY, CALENDAR, at_once=AT_ONCE)
    for before, after in zip(calm, hurried, strict=True):
        if after.left_out:
            assert after.step.not_when_at_risk
            continue
        assert after.deadline.at is not None
        assert before.deadline.at is None or after.deadline.at <= before.deadline.at


def test_the_first_attempt_is_left_out_where_a_child_is_at_risk() -> None:
    """BAR-12: and what follows begins as if it had not been there."""
    steps = simulate(PROTOCOLS["barnsley"], PROTOCOLS["barnsley"].ladder("BAR-S1"), FRIDAY, CALENDAR, at_once=AT_ONCE)
    left = [one.step.number for one in steps if one.left_out]
    assert left == [2]
    assert steps[2].begins == steps[0].deadline.at
    assert rows(steps, CALENDAR)[1].when == "Left out"


def test_the_childs_own_time_frame_ends_the_ladder() -> None:
    """OXF-04: the last step ends when the child needs it resolved."""
    needed = FRIDAY + timedelta(days=4)
    protocol = PROTOCOLS["oxfordshire"]
    assert simulate(protocol, protocol.ladder("OXF-S2"), FRIDAY, CALENDAR, needed_by=needed)[-1].deadline.at == needed


@given(minutes=st.integers(0, 60 * 24 * 365))
def test_every_step_begins_where_the_one_before_ended(minutes: int) -> None:
    start = FRIDAY + timedelta(minutes=minutes)
    protocol = PROTOCOLS["bedfordshire"]
    steps = simulate(protocol, protocol.ladder("BED-S6"), start, CALENDAR)
    assert steps[0].begins == start
    assert [one.begins for one in steps[1:]] == [one.deadline.at for one in steps[:-1]]


@pytest.mark.parametrize(
    ("since", "hours", "words"),
    [
        ("2026-12-16T10:00", 3, "3 hours later"),
        ("2026-12-16T16:00", 17, "17 hours later, overnight"),
        ("2026-12-18T16:00", 24, "24 hours later, over the weekend, when most offices are closed"),
        ("2026-12-18T16:00", 65, "2 days and 17 hours later, over the weekend"),
        ("2026-12-24T16:00", 24, "24 hours later, over a bank holiday or closed day, when most offices are closed"),
        # Boxing Day is a Saturday in 2026, so its holiday is on Monday.
        ("2026-12-24T16:00", 113, "4 days and 17 hours later, over the weekend and 2 bank holidays or closed days"),
        ("2026-12-04T10:00", 240, "10 days later, over 2 weekends"),
        ("2026-10-24T12:00", 24, "24 hours later, over the weekend, the clocks change, when most offices are closed"),
    ],
)
def test_a_gap_says_how_long_and_what_lies_between(since: str, hours: int, words: str) -> None:
    start = CALENDAR.instant(datetime.fromisoformat(since))
    assert gap(CALENDAR, start, start + timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=1), "1 second"),
        (timedelta(seconds=59), "59 seconds"),
        (timedelta(minutes=60), "1 hour"),
        (timedelta(minutes=61), "1 hour and 1 minute"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=49), "2 days and 1 hour"),
        (timedelta(days=5), "5 days"),
    ],
)
def test_a_length_is_said_in_the_units_people_use(span: timedelta, words: str) -> None:
    assert length(span) == words


def test_a_timeline_reads_down_one_column_of_times() -> None:
    protocol = PROTOCOLS["bedfordshire"]
    steps = simulate(protocol, protocol.ladder("BED-S10"), FRIDAY, CALENDAR)
    lines = list(as_text(CALENDAR.wall(FRIDAY), rows(steps, CALENDAR)))
    assert lines[0].split("  ", 1)[0] == "4pm on Friday 18 December 2026"
    begun = [line.split("  ", 1)[0] for line in lines if line and not line.startswith(" ")]
    assert begun == ["4pm on Friday 18 December 2026", "4pm on Saturday 19 December 2026", "No deadline", "No deadline"]
    assert max(map(len, lines)) <= 120
