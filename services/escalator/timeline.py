"""A simulated ladder as people read it: when each step ends, how long after it began, what lies between, and why. Pure."""

import textwrap
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.contracts.message import Data
from services.escalator.simulate import Simulated
from services.escalator.working_time import Calendar

_TIMES, _SENTENCES = 42, 78  # the columns of a timeline


class Row(Data):
    """One step of a timeline. `when` is its deadline in words; `gap` is the time since it began, empty where there is none to tell."""

    number: int
    name: str
    action: str
    paragraph: str
    when: str
    gap: str
    why: str


def rows(steps: tuple[Simulated, ...], calendar: Calendar, *, seconds: bool = False) -> tuple[Row, ...]:
    """The steps of a simulated ladder in words. `seconds`: of a demonstration, whose times pass in seconds."""
    return tuple(
        Row(
            number=one.step.number,
            name=one.step.name,
            action=one.step.action,
            paragraph=one.step.source,
            when=_when(one, calendar, seconds=seconds),
            gap=gap(calendar, one.begins, one.deadline.at) if one.begins and one.deadline.at else "",
            why=one.deadline.explanation,
        )
        for one in steps
    )


def as_text(raised: str, timeline: tuple[Row, ...]) -> Iterator[str]:
    """The lines of a timeline for a terminal: a column of times, and beside it what is due then, how long after, and why."""
    yield f"{raised:<{_TIMES}}The form is received"
    for row in timeline:
        yield from ("", f"{'':<{_TIMES}}({row.gap})" if row.gap else "", "")
        title = f"Step {row.number}: " + (f"{row.name}. {row.action}" if row.name else row.action)
        what = [line for text in (title, row.why, row.paragraph) for line in textwrap.wrap(text, _SENTENCES)]
        for number, line in enumerate(what):
            yield f"{'' if number else row.when:<{_TIMES}}{line}"


def _when(one: Simulated, calendar: Calendar, *, seconds: bool) -> str:
    if one.deadline.at is not None:
        return calendar.wall(one.deadline.at, seconds=seconds)
    return "Left out" if one.left_out else "No deadline"


def gap(calendar: Calendar, since: datetime, until: datetime) -> str:
    """How long it is from one instant to a later one, and what lies between: "24 hours later, over the weekend"."""
    parts = [f"{length(until - since)} later", _between(calendar, since, until)]
    if calendar.local(until) - calendar.local(since) != until - since:
        parts.append("the clocks change")
    if not calendar.is_working(until):
        parts.append("when most offices are closed")
    return ", ".join(filter(None, parts))


def length(span: timedelta) -> str:
    """An amount of time. Up to two days in hours, as the documents count; then in days and hours."""
    seconds = round(span.total_seconds())
    if seconds < 60:
        return _amount(seconds, "second")
    large, small = (("day", 86_400), ("hour", 3_600)) if seconds > 172_800 else (("hour", 3_600), ("minute", 60))
    parts = (seconds // large[1], large[0]), (seconds % large[1] // small[1], small[0])
    return " and ".join(_amount(amount, unit) for amount, unit in parts if amount)


def _amount(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'' if amount == 1 else 's'}"


def _between(calendar: Calendar, since: datetime, until: datetime) -> str:
    """The nights in between, and the days on which nobody works."""
    first, last = calendar.local(since).date(), calendar.local(until).date()
    days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    weekends = len({day.isocalendar()[:2] for day in days if day.weekday() not in calendar.weekdays})
    closed = sum(day in calendar.closed and day.weekday() in calendar.weekdays for day in days)
    found = [
        "" if not weekends else "the weekend" if weekends == 1 else f"{weekends} weekends",
        "" if not closed else "a bank holiday or closed day" if closed == 1 else f"{closed} bank holidays or closed days",
    ]
    over = " and ".join(filter(None, found))
    return f"over {over}" if over else "overnight" if first != last else ""
