"""Makes calendars: the bank holidays of England, a board's own dates, and the clock of Europe/London. Never inside a workflow."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

from services.escalator.boards import BoardHead, WorkingHours
from services.escalator.working_time import Calendar, Offset

_LONDON = ZoneInfo("Europe/London")
_HOUR = timedelta(hours=1)


def calendar_for(board: BoardHead, agency: str, first_year: int, last_year: int) -> Calendar:
    """The calendar that deadlines on this board count in while this agency must act; see `make_calendar` for the years.

    It is the board's own, unless the board counts in the time of each agency and has hours for this one. The name is the agency's own,
    in small or capital letters.
    """
    by_name = {name.casefold(): hours for name, hours in board.agency_hours.items()}
    hours = by_name.get(agency.strip().casefold(), board.working_hours)
    return make_calendar(hours, first_year, last_year, board.bank_holidays)


def make_calendar(hours: WorkingHours, first_year: int, last_year: int, announced: Iterable[date] = ()) -> Calendar:
    """The calendar for these years, both included. Outside them it knows weekends but neither bank holidays nor summer time.

    `announced` are bank holidays that came too late for this release of Concord.
    """
    bank_holidays = {*holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1)), *announced}
    closed = (bank_holidays - set(hours.open_after_all)) | set(hours.also_closed)
    return Calendar(
        opens=hours.opens,
        closes=hours.closes,
        closed=tuple(sorted(closed)),
        offsets=tuple(_offsets(datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC))),
    )


def _offsets(first: datetime, last: datetime) -> Iterator[Offset]:
    """Every change of the clock in London, found hour by hour on the days that have one."""
    yield Offset(since=first, minutes=_minutes(first))
    day = first
    while day < last:
        if _minutes(day) != _minutes(day + 24 * _HOUR):
            change = next(day + hour * _HOUR for hour in range(1, 25) if _minutes(day + hour * _HOUR) != _minutes(day))
            yield Offset(since=change, minutes=_minutes(change))
        day += 24 * _HOUR


def _minutes(instant: datetime) -> int:
    offset = instant.astimezone(_LONDON).utcoffset()
    return int((offset or timedelta()).total_seconds()) // 60
