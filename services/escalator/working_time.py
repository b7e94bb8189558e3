"""Working time: which hours count, and what the clock on the wall says. Pure: the calendar is a value, made by `calendars`."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.contracts.message import Data, Moment

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)  # written here because the standard library's names follow the machine's language


class Offset(Data):
    """From this instant on, local time is this many minutes ahead of UTC."""

    since: Moment
    minutes: int


class Calendar(Data):
    """When people work, and what the clock on their wall says.

    `weekdays` count from Monday 0. `closed` are the dates on which nobody works though the weekday says so. `offsets` rise in
    time; the first also holds before its instant.
    """

    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)
    closed: tuple[date, ...] = ()
    offsets: Annotated[tuple[Offset, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _a_day_is_at_least_an_hour(self) -> Self:
        if self.day < timedelta(hours=1):
            raise ValueError("a working day of at least an hour, which closes after it opens")
        return self

    @property
    def day(self) -> timedelta:
        """How long a working day is."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)

    def local(self, instant: datetime) -> datetime:
        """The clock on the wall at an instant, without a time zone."""
        place = bisect_right(self.offsets, instant, key=lambda offset: offset.since)
        offset = self.offsets[max(place - 1, 0)]
        return (instant.astimezone(UTC) + timedelta(minutes=offset.minutes)).replace(tzinfo=None)

    def instant(self, wall: datetime) -> datetime:
        """The first instant at which the clock on the wall says this or, where it is put forward past this, the moment it is."""
        aware = wall.replace(tzinfo=UTC)
        guesses = sorted({aware - timedelta(minutes=offset.minutes) for offset in self.offsets})
        for guess in guesses:
            if self.local(guess) == wall:
                return guess
        return next(offset.since for offset in self.offsets if self.local(offset.since) > wall)

    def is_working(self, instant: datetime) -> bool:
        """Whether people work at this instant; the moment of closing still counts."""
        wall = self.local(instant)
        return self._open_on(wall.date()) and self.opens <= wall.time() <= self.closes

    def add_working(self, start: datetime, length: timedelta) -> datetime:
        """The instant by which this much working time has passed since `start`, in UTC. `length` is positive."""
        for opens, closes in self._working_days(self.local(start).date()):
            begins = max(opens, start)
            if begins >= closes:
                continue
            if begins + length <= closes:
                return (begins + length).astimezone(UTC)
            length -= closes - begins
        raise AssertionError("working days never end")

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two instants; none where `end` is not later than `start`."""
        length = timedelta()
        for opens, closes in self._working_days(self.local(start).date()):
            if opens >= end:
                break
            length += max(min(closes, end) - max(opens, start), timedelta())
        return length

    def end_of_working_day(self, start: datetime, days: int = 1) -> datetime:
        """The close of that many working days after the day of `start`, in UTC: 1 is the end of the next working day (A-03)."""
        tomorrow = self.local(start).date() + timedelta(days=1)
        _, closes = next(islice(self._working_days(tomorrow), days - 1, None))
        return closes

    def wall(self, instant: datetime, *, seconds: bool = False) -> str:
        """An instant as GOV.UK writes it, as mails and pages do: 2:05pm on Friday 4 December 2026."""
        wall = self.local(instant)
        minutes = f":{wall:%M:%S}" if seconds else f":{wall:%M}" if wall.minute else ""
        clock = f"{wall.hour % 12 or 12}{minutes}{'pm' if wall.hour >= 12 else 'am'}"
        return f"{clock} on {_DAYS[wall.weekday()]} {self.wall_day(instant)}"

    def wall_day(self, instant: datetime) -> str:
        """The day of an instant, as people write it: 4 December 2026."""
        wall = self.local(instant)
        return f"{wall.day} {MONTHS[wall.month - 1]} {wall.year}"

    def _open_on(self, day: date) -> bool:
        return day.weekday() in self.weekdays and day not in self.closed

    def _working_days(self, first: date) -> Iterator[tuple[datetime, datetime]]:
        for later in count():
            day = first + timedelta(days=later)
            if self._open_on(day):
                yield self.instant(datetime.combine(day, self.opens)), self.instant(datetime.combine(day, self.closes))
