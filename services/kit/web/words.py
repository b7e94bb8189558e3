"""Dates and times as GOV.UK writes them, in the time people in England and Wales live by."""

from datetime import datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def instant(moment: datetime) -> str:
    """`2:05:07pm on Friday 4 December 2026`: for a demonstration board, where a second may stand for an hour."""
    local = moment.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M:%S}{'pm' if local.hour >= 12 else 'am'} on {day(moment)}"


def time(moment: datetime) -> str:
    """`9am`, `2:05pm`, `midday` or `midnight`."""
    local = moment.astimezone(LONDON)
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour == 12 else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def day(moment: datetime) -> str:
    """`Friday 4 December 2026`."""
    local = moment.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}"


def moment(moment: datetime) -> str:
    """`2:05pm on Friday 4 December 2026`."""
    return f"{time(moment)} on {day(moment)}"
