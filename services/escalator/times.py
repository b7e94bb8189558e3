"""When a step must be done by, and why then.

Pure arithmetic: no clock, no file, no time zone data, so that it runs inside a workflow and gives the same answer for ever.
The calendar is a value made outside by `calendars` and kept with the case.
"""

from datetime import date, datetime, time

from services.contracts.message import Data, Moment
from services.escalator.protocol import Ladder, Protocol


class Offset(Data):
    """From this instant on, local time is this many minutes ahead of UTC."""

    since: Moment
    minutes: int


class Calendar(Data):
    """When people work, and what the clock on their wall says.

    `weekdays` count from Monday 0. `closed` are the dates on which nobody works though the weekday says so.
    """

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: time = time(9)
    closes: time = time(17)
    closed: tuple[date, ...] = ()
    offsets: tuple[Offset, ...]


class Deadline(Data):
    """By when, or None where the protocol states no time; and one plain sentence saying how that was found."""

    at: Moment | None
    explanation: str


def deadline(
    protocol: Protocol, ladder: Ladder, step: int, *, raised_at: datetime, step_reached_at: datetime, calendar: Calendar
) -> Deadline:
    """When this step of the ladder must be done by. `raised_at` is when the form was received."""
    raise NotImplementedError


def reminder_times(protocol: Protocol, due: datetime, *, now: datetime) -> tuple[datetime, ...]:
    """When to remind people before a deadline, the earliest first; only times still to come."""
    raise NotImplementedError
