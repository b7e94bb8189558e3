"""The times that documents state, as amounts of time: what each unit is, and what a board's choices make of it. Pure."""

from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from services.escalator.choices import Choice, NumberRange
from services.escalator.ladders import Unit, Within
from services.escalator.protocol import Protocol
from services.escalator.working_time import Calendar

_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_END_OF_NEXT_WORKING_DAY = "end_of_next_working_day"

_DEFAULTS = {
    choice.id: choice
    for choice in (
        Choice(
            id="A-04",
            name="shared_time",
            question="Where two tiers share one stated time, is it divided between them?",
            options=("sub_deadline", "shared"),
            default="sub_deadline",
            reason="Each tier then has time of its own, and the stated time stays the limit.",
        ),
        Choice(
            id="A-06",
            name="immediately",
            question='How many minutes is "immediately"?',
            number=NumberRange(least=1, most=1440),
            default="60",
            reason="An hour, day or night, is time to read and acknowledge what was put in writing.",
        ),
        Choice(
            id="A-25",
            name="longest_agreed_time",
            question="How many working days may the two sides agree on at most?",
            number=NumberRange(least=1, most=20),
            default="2",
            reason="Two working days are time to talk and to meet. A child must not wait for an agreement about time.",
        ),
    )
}
"""What is in force for a protocol whose file does not ask: a document that never says "immediately" still has children in danger."""


class Span(NamedTuple):
    """An amount of time in the unit people know it by: every hour of it counts, or working hours only."""

    length: timedelta
    unit: str
    one: timedelta
    working: bool = False

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        """When this much time has passed since `start`."""
        return calendar.add_working(start, self.length) if self.working else start + self.length

    def __str__(self) -> str:
        if self.one <= _MINUTE or not self.length % self.one:
            return _amount(self.length / self.one, self.unit)
        hours, minutes = divmod(max(1, round(self.length / _MINUTE)), 60)
        parts = ((hours, "working hour" if self.working else "hour"), (minutes, "minute"))
        return " and ".join(_amount(amount, unit) for amount, unit in parts if amount)


def _amount(amount: float, unit: str) -> str:
    return f"{amount:g} {unit}{'' if amount == 1 else 's'}"


def choice(protocol: Protocol, key: str) -> Choice:
    """The protocol's choice with this id or, where its file leaves it out, Concord's default. Raises Unknown where there is neither."""
    own = next((one for one in protocol.choices if one.id == key), None)
    return own or _DEFAULTS.get(key) or protocol.choice(key)


def immediately(protocol: Protocol) -> Span:
    """How long "immediately" is (A-06)."""
    minutes = int(choice(protocol, "A-06").value)
    if protocol.demonstration:
        return Span(timedelta(seconds=minutes / 60), "second", _SECOND)
    return Span(timedelta(minutes=minutes), "minute", _MINUTE)


def longest_agreed(protocol: Protocol, calendar: Calendar) -> Span:
    """The longest time that the two sides may agree on (A-25)."""
    return Span(int(choice(protocol, "A-25").value) * calendar.day, "working day", calendar.day, working=True)


def in_seconds(protocol: Protocol) -> str:
    """What a demonstration says about its times."""
    return ", one second standing for one hour" if protocol.demonstration else ""


def interval(within: Within) -> timedelta:
    """An amount of hours or seconds, every one of which counts. Raises ValueError for any other unit."""
    if within.kind is Unit.ELAPSED_HOURS:
        return timedelta(hours=within.amount or 0)
    if within.kind is Unit.ELAPSED_SECONDS:
        return timedelta(seconds=within.amount or 0)
    raise ValueError(f"{within.kind} is not a plain amount of time")


def counting(protocol: Protocol, within: Within) -> Choice | None:
    """The choice of how this time counts (A-03), where the protocol leaves that open for it."""
    if within.kind is Unit.ELAPSED_HOURS:
        return choice(protocol, "A-03")
    if within.kind is Unit.WORKING_DAYS and within.amount == 1:
        return next((one for one in protocol.choices if one.id == "A-03" and _END_OF_NEXT_WORKING_DAY in one.options), None)
    return None


def unit_in_force(protocol: Protocol, within: Within) -> Unit:
    """The unit that counts: the document's, or what the board reads it as (A-03)."""
    how = counting(protocol, within)
    if within.kind is Unit.ELAPSED_HOURS and how and how.value == "working_hours":
        return Unit.WORKING_HOURS
    if within.kind is Unit.WORKING_DAYS and how and how.value == _END_OF_NEXT_WORKING_DAY:
        return Unit.END_OF_WORKING_DAY
    return within.kind


def span_of(protocol: Protocol, within: Within, calendar: Calendar, start: datetime) -> Span:
    """A stated time as an amount. Of the units only the end of a working day depends on the start."""
    amount = within.amount or 0
    kind = unit_in_force(protocol, within)
    if kind is Unit.IMMEDIATELY:
        return immediately(protocol)
    if kind is Unit.ELAPSED_SECONDS:
        return Span(interval(within), "second", _SECOND)
    if kind is Unit.WORKING_DAYS:
        return Span(amount * calendar.day, "working day", calendar.day, working=True)
    if kind is Unit.END_OF_WORKING_DAY:
        ends = calendar.end_of_working_day(start, ceil(amount))
        return Span(calendar.working_between(start, ends), "working hour", timedelta(hours=1), working=True)
    if kind is Unit.WORKING_HOURS:
        return Span(timedelta(hours=amount), "working hour", timedelta(hours=1), working=True)
    return Span(interval(within), "hour", timedelta(hours=1))
