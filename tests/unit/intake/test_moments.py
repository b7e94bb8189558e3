"""Days and times as people write them: read in one way, or not at all."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.moments import LONDON, begin_with_moment, names_another, read_day, read_moment, spoken

MONDAY = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("12 December 2026 at 4pm", (12, 16, 0)),
        ("12/12/2026 16:00", (12, 16, 0)),
        ("12.12.26, 16.00", (12, 16, 0)),
        ("2026-12-12T16:00", (12, 16, 0)),
        ("Saturday 12 December 2026 at 4.30 p.m.", (12, 16, 30)),
        ("Sat 12th Dec @ 1630hrs", (12, 16, 30)),
        ("the 12th of December, noon", (12, 12, 0)),
        ("December 12, 2026 at 12pm", (12, 12, 0)),
        ("12/12 at 9:30", (12, 9, 30)),
        ("tomorrow at noon", (8, 12, 0)),
        ("noon tomorrow", (8, 12, 0)),
        ("today at 17:00", (7, 17, 0)),
        ("by 2pm on Thursday", (10, 14, 0)),
        ("this Friday 10am", (11, 10, 0)),
        ("(12 December 2026 at 4pm GMT)", (12, 16, 0)),
        ("12 Rhagfyr 2026 16:00", (12, 16, 0)),
        ("dydd Sadwrn 12 Rhagfyr, 4pm", (12, 16, 0)),
        ("dydd Mawrth 8 Rhagfyr 2026 16:00", (8, 16, 0)),
        ("yfory 16:00", (8, 16, 0)),
        ("Sat 12th at 4pm", (12, 16, 0)),
        ("weds the 9th, 10am", (9, 10, 0)),
    ],
)
def test_a_moment_is_read(text: str, moment: tuple[int, int, int]) -> None:
    day, hour, minute = moment
    assert read_moment(text, MONDAY) == datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "4pm",
        "12 December 2026",
        "12/25/2026 10:00",
        "Saturday 11 December 2026 at noon",
        "4 December at 10am",
        "next Friday at 2pm",
        "Monday at 10am",
        "12 December 2026 at 4:30",
        "midnight on 12 December 2026",
        "12 December 2026 at 12am",
        "12 December 2026 at 25:00",
        "31 February 2027 at 10:00",
        "12 December 2062 at 10:00",
        "12 December 2026 at 4pm or 5pm",
        "12 December 2026 at 4pm BST",
        "25 October 2026 at 01:30",
        "28 March 2027 at 01:30",
        "12 December 2026 at 4pm, at the latest",
        "٣ December 2026 at 10:00",
        "in May we met at 2",
        "Friday 12th at 10am",
        "Saturday 12 at 4pm",
        "12 December 2026, 2-3pm",
    ],
)
def test_what_can_be_meant_in_two_ways_or_none_is_not_read(text: str) -> None:
    assert read_moment(text, MONDAY) is None


def test_a_wall_clock_time_is_londons() -> None:
    assert read_moment("1 July 2027 at 4pm", MONDAY) == datetime(2027, 7, 1, 15, tzinfo=UTC)
    late = datetime(2027, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London
    assert read_moment("tomorrow at 09:00", late) == datetime(2027, 7, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "future", "past"),
    [
        ("9 December", date(2026, 12, 9), None),
        ("by Wed 9th Dec.", date(2026, 12, 9), None),
        ("4 December", None, date(2026, 12, 4)),
        ("4/12", None, date(2026, 12, 4)),
        ("15 January", date(2027, 1, 15), None),
        ("29 February 2028", date(2028, 2, 29), date(2028, 2, 29)),
        ("yesterday", date(2026, 12, 6), date(2026, 12, 6)),
        ("Friday", date(2026, 12, 11), None),
        ("before the meeting", None, None),
        ("9 December at noon", None, None),
        ("1/2", date(2027, 2, 1), None),
    ],
)
def test_a_day_is_read_forwards_or_backwards(text: str, future: date | None, past: date | None) -> None:
    assert (read_day(text, MONDAY), read_day(text, MONDAY, "past")) == (future, past)


def test_what_follows_is_left_and_may_name_another() -> None:
    found = begin_with_moment("10 December 2pm - 4pm, room 2 or by video", MONDAY)
    assert found is not None
    assert found.rest == " - 4pm, room 2 or by video"
    assert not names_another(found.rest, MONDAY)
    assert names_another(" or 11 December at 2pm", MONDAY)
    assert names_another(", or 3pm", MONDAY)
    assert names_another(" rather than Friday", MONDAY)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 - a wall clock has no zone
def test_whatever_we_say_can_be_read_again(wall: datetime) -> None:
    there = wall.replace(second=0, microsecond=0, tzinfo=LONDON)
    exists = there.utcoffset() == there.replace(fold=1).utcoffset()
    assert read_moment(spoken(there), MONDAY) == (there.astimezone(UTC) if exists else None)


@given(st.text(max_size=60), st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)))  # noqa: DTZ001 - hypothesis adds it
def test_nothing_raises_and_a_relative_day_is_near(text: str, at: datetime) -> None:
    read_day(text, at)
    found = begin_with_moment(f"tomorrow at noon{text}", at) if at.year < 9999 else None
    assert found is None or timedelta(0) < found.moment - at < timedelta(hours=48)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("12 December 2026, 2-3pm", 14),
        ("12 December, 10–11.30am", 10),
        ("12 December, 2pm - 3pm", 14),
        ("12 December, 12-1pm", None),
        ("12 December, 11-1pm", None),
        ("12 December, 2-3", None),
    ],
)
def test_two_hours_that_share_their_half_of_the_day_begin_in_it(text: str, hour: int | None) -> None:
    found = begin_with_moment(text, MONDAY)
    assert (found and found.moment) == (hour and datetime(2026, 12, 12, hour, tzinfo=UTC))
