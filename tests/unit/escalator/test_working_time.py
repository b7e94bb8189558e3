"""Working time: weekends, bank holidays, both changes of the clock, 29 February."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.working_time import Calendar
from tests.unit.escalator.timed import PROPERTY

LONDON = ZoneInfo("Europe/London")
CALENDAR = make_calendar(WorkingHours(), 2023, 2030)
NIGHTLY = make_calendar(WorkingHours(opens=time(0, 30), closes=time(23, 30)), 2023, 2030)  # open while the clocks change
MINUTE = timedelta(minutes=1)

CALENDARS = st.sampled_from([CALENDAR, NIGHTLY])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
LENGTHS = st.timedeltas(timedelta(microseconds=1), timedelta(hours=200))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-12-04 14:05", 2, "2026-12-04 16:05"),
        ("2026-12-04 17:00", 1, "2026-12-07 10:00"),  # Friday evening, then Monday
        ("2026-12-04 16:00", 1, "2026-12-04 17:00"),  # up to the moment of closing
        ("2026-12-05 12:00", 8, "2026-12-07 17:00"),  # from a Saturday
        ("2026-12-24 16:00", 2, "2026-12-29 10:00"),  # Christmas Day, a weekend, Boxing Day on Monday 28
        ("2027-12-24 16:00", 2, "2027-12-29 10:00"),  # both Christmas holidays moved to Monday and Tuesday
        ("2026-04-02 16:00", 2, "2026-04-07 10:00"),  # Good Friday to Easter Monday, which is England's
        ("2026-08-28 16:00", 2, "2026-09-01 10:00"),  # the August bank holiday, which is England's
        ("2024-02-28 16:30", 8.5, "2024-02-29 17:00"),  # 29 February
        ("2024-02-29 16:30", 1, "2024-03-01 09:30"),
        ("2026-03-27 16:30", 1, "2026-03-30 09:30"),  # clocks forward on Sunday 29 March
        ("2026-10-23 16:30", 1, "2026-10-26 09:30"),  # clocks back on Sunday 25 October
        ("2026-12-07 06:00", 0.5, "2026-12-07 09:30"),  # before the day opens
    ],
)
def test_working_hours_end(start: str, hours: float, ends: str) -> None:
    assert CALENDAR.add_working(at(start), timedelta(hours=hours)) == at(ends)


def test_a_board_has_dates_of_its_own() -> None:
    hours = WorkingHours(also_closed=(date(2026, 12, 7),), open_after_all=(date(2026, 12, 28),))
    calendar = make_calendar(hours, 2026, 2026)
    assert calendar.add_working(at("2026-12-04 16:00"), timedelta(hours=2)) == at("2026-12-08 10:00")
    assert calendar.add_working(at("2026-12-24 16:00"), timedelta(hours=2)) == at("2026-12-28 10:00")


@PROPERTY
@given(calendar=CALENDARS, start=MOMENTS, length=LENGTHS)
def test_working_time_never_ends_in_a_closed_hour(calendar: Calendar, start: datetime, length: timedelta) -> None:
    end = calendar.add_working(start, length)
    assert end > start
    assert calendar.is_working(end)


@PROPERTY
@given(calendar=CALENDARS, start=MOMENTS, length=LENGTHS, later=LENGTHS)
def test_working_time_is_monotone(calendar: Calendar, start: datetime, length: timedelta, later: timedelta) -> None:
    end = calendar.add_working(start, length)
    assert calendar.add_working(start + later, length) >= end
    assert calendar.add_working(start, length + later) > end


@PROPERTY
@given(calendar=CALENDARS, start=MOMENTS, first=LENGTHS, second=LENGTHS)
def test_working_time_adds_up(calendar: Calendar, start: datetime, first: timedelta, second: timedelta) -> None:
    assert calendar.add_working(calendar.add_working(start, first), second) == calendar.add_working(start, first + second)


@settings(PROPERTY, max_examples=40)
@given(start=MOMENTS, minutes=st.integers(1, 40 * 60))
def test_working_time_is_what_a_minute_by_minute_count_gives(start: datetime, minutes: int) -> None:
    """Against a count that knows nothing of how `add_working` steps over nights: it looks at one minute after the other."""
    start = start.replace(second=0, microsecond=0)
    end, left = start, minutes
    while left:
        wall = end.astimezone(LONDON)
        working = CALENDAR.is_working(end) and wall.time() != CALENDAR.closes
        end, left = end + MINUTE, left - working
    assert CALENDAR.add_working(start, minutes * MINUTE) == end


@PROPERTY
@given(moment=st.datetimes(datetime(2023, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds it
def test_the_clock_on_the_wall_is_londons(moment: datetime) -> None:
    assert CALENDAR.local(moment) == moment.astimezone(LONDON).replace(tzinfo=None)


@PROPERTY
@given(moment=st.datetimes(datetime(2023, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds it
def test_the_wall_leads_back_to_an_instant_at_which_it_said_so(moment: datetime) -> None:
    wall = CALENDAR.local(moment)
    assert CALENDAR.local(CALENDAR.instant(wall)) == wall
    assert CALENDAR.instant(wall) <= moment


def test_a_time_the_clocks_leave_out_is_the_moment_they_change() -> None:
    assert CALENDAR.instant(datetime(2026, 3, 29, 1, 30)) == datetime(2026, 3, 29, 1, tzinfo=UTC)  # noqa: DTZ001 - what the wall says


def test_a_time_the_clocks_go_through_twice_is_the_first() -> None:
    assert CALENDAR.instant(datetime(2026, 10, 25, 1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # noqa: DTZ001 - what the wall says


def test_people_are_told_the_time_on_their_wall() -> None:
    assert CALENDAR.wall(datetime(2026, 7, 1, 23, 5, 9, tzinfo=UTC)) == "12:05am on Thursday 2 July 2026"
    assert CALENDAR.wall(datetime(2026, 1, 1, 9, 5, 9, tzinfo=UTC), seconds=True) == "9:05:09am on Thursday 1 January 2026"


@pytest.mark.parametrize(("opens", "closes"), [(time(17), time(9)), (time(9), time(9, 59))])
def test_a_day_with_no_working_time_is_refused(opens: time, closes: time) -> None:
    with pytest.raises(ValidationError, match="a working day of at least an hour"):
        Calendar(opens=opens, closes=closes, offsets=CALENDAR.offsets)


def test_a_calendar_comes_back_from_json_as_it_was() -> None:
    assert Calendar.model_validate_json(CALENDAR.model_dump_json()) == CALENDAR
    assert len(CALENDAR.model_dump_json()) < 10_000


@PROPERTY
@given(calendar=CALENDARS, start=MOMENTS, length=LENGTHS)
def test_the_working_time_between_two_instants_is_what_was_added(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    end = calendar.add_working(start, length)
    assert calendar.working_between(start, end) == length
    assert calendar.working_between(end, start) == timedelta()


@PROPERTY
@given(calendar=CALENDARS, start=MOMENTS, days=st.integers(1, 30))
def test_the_end_of_a_working_day_is_the_close_of_an_open_day_after_today(
    calendar: Calendar, start: datetime, days: int
) -> None:
    """A-03: as many days as that have closed since, today's apart."""
    end = calendar.end_of_working_day(start, days)
    assert calendar.local(end).time() == calendar.closes
    assert calendar.is_working(end)
    first, last = calendar.local(start).date(), calendar.local(end).date()
    later = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    assert sum(day.weekday() in calendar.weekdays and day not in calendar.closed for day in later) == days
