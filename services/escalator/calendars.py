"""Makes calendars: the bank holidays of England, a board's own dates, and the clock of Europe/London. Never inside a workflow."""

from services.escalator.boards import WorkingHours
from services.escalator.times import Calendar


def make_calendar(hours: WorkingHours, first_year: int, last_year: int) -> Calendar:
    """The calendar for these years, both included."""
    raise NotImplementedError
