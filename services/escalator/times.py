"""When a step must be done by, and why then.

Pure arithmetic: no clock, no file, no time zone data, so that it runs inside a workflow and gives the same answer for ever.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from services.contracts.message import Data, Moment
from services.escalator.choices import Choice
from services.escalator.ladders import Ladder, Step, Unit, Within
from services.escalator.protocol import Protocol
from services.escalator.working_time import Calendar, Offset

__all__ = ["Calendar", "Deadline", "Offset", "deadline", "interval", "reminder_times", "sharing"]

_HOURS = {Unit.ELAPSED_HOURS, Unit.ELAPSED_SECONDS, Unit.WORKING_HOURS}

_NO_DEADLINE = {
    None: "The protocol states no time for this step, and none has been made up for it.",
    Unit.WITHOUT_DELAY: "The protocol says without delay and gives no figure, so no deadline is counted.",
    Unit.AGREED: "The protocol leaves the time to the two sides to agree, and they have not set one.",
}


class Deadline(Data):
    """By when, or None where the protocol states no time; and one plain sentence saying how that was found."""

    at: Moment | None
    explanation: str


class _Span(NamedTuple):
    """An amount of time in the unit people know it by: every hour of it counts, or working hours only."""

    length: timedelta
    unit: str
    one: timedelta
    working: bool = False

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        return calendar.add_working(start, self.length) if self.working else start + self.length

    def __str__(self) -> str:
        amount = self.length / self.one
        return f"{amount:g} {self.unit}{'' if amount == 1 else 's'}"


def deadline(
    protocol: Protocol,
    ladder: Ladder,
    step: int,
    *,
    raised_at: datetime,
    step_reached_at: datetime,
    calendar: Calendar,
    shared_from: datetime | None = None,
) -> Deadline:
    """When this step must be done by.

    `raised_at` is when the form was received. `shared_from` is when the first of the steps that share this step's stated time
    was reached (A-04). The answer is always later than `step_reached_at`: a step reached too late has half of its own time from
    then. Raises Unknown for a step the ladder does not have.
    """
    row = ladder.step(step)
    kind = row.within.kind if row.within else None
    if row.within is None or kind in _NO_DEADLINE:
        return Deadline(at=None, explanation=_NO_DEADLINE[kind])

    stated = _span(protocol, row.within, calendar)
    before = _before(protocol, ladder, row, calendar)
    together = before is not None
    sharers = sharing(ladder, row)
    share = (stated.length - (before or timedelta())) / len(sharers)
    from_form = protocol.choice("A-01").value == "form_received" and (together or step == 1)

    start, first = (raised_at, before or timedelta()) if from_form else (step_reached_at, timedelta())
    undivided_since = False
    if len(sharers) == 1 or protocol.choice("A-04").value == "sub_deadline":
        place = sharers.index(step) + 1 if from_form else 1
        span = stated._replace(length=first + share * place)
    elif from_form or step == sharers[0]:
        span = stated._replace(length=first + share * len(sharers))
    elif shared_from is not None:
        start, span, undivided_since = shared_from, stated._replace(length=share * len(sharers)), True
    else:
        span = stated._replace(length=share)

    due = span.after(start, calendar)
    least = stated._replace(length=share / 2)
    earliest = least.after(step_reached_at, calendar)

    def wall(instant: datetime) -> str:
        return calendar.wall(instant, seconds=protocol.demonstration)

    explanation = f"{span} from {wall(start)}, " + ", ".join(
        (
            *_start_words(from_form=from_form, shared=undivided_since),
            *_unit_words(
                protocol,
                row.within,
                stated,
                together=together,
                part=not (from_form or undivided_since) and share < stated.length,
            ),
            *_sharing_words(protocol, stated, sharers),
        )
    )
    if protocol.demonstration:
        explanation += ", one second standing for one hour"
    used = _choices_used(protocol, row.within, start_matters=together or step == 1, shares=len(sharers) > 1)
    explanation += f": {_whose(used)}" if used else ""
    if earliest > due:
        explanation += (
            f"; but this step was reached only at {wall(step_reached_at)}, so by Concord's own rule it has half of its own time from "
            f"then, {least}"
        )
    return Deadline(at=max(due, earliest), explanation=f"{explanation}.")


def reminder_times(protocol: Protocol, due: datetime, *, now: datetime) -> tuple[datetime, ...]:
    """When to remind people before a deadline, the earliest first; only times still to come."""
    before = (due - interval(reminder) for reminder in protocol.reminders)
    return tuple(sorted({moment for moment in before if moment > now}))


def interval(within: Within) -> timedelta:
    """An amount of hours or seconds, every one of which counts. Raises ValueError for any other unit."""
    if within.kind is Unit.ELAPSED_HOURS:
        return timedelta(hours=within.amount or 0)
    if within.kind is Unit.ELAPSED_SECONDS:
        return timedelta(seconds=within.amount or 0)
    raise ValueError(f"{within.kind} is not a plain amount of time")


def sharing(ladder: Ladder, row: Step) -> tuple[int, ...]:
    """The numbers of the steps that share this step's stated time, in order: itself alone, most often (A-04)."""
    first = row.shares_time_with or row.number
    return tuple(step.number for step in ladder.steps if (step.shares_time_with or step.number) == first)


def _span(protocol: Protocol, within: Within, calendar: Calendar) -> _Span:
    amount = within.amount or 0
    if within.kind is Unit.IMMEDIATELY:
        minutes = int(protocol.choice("A-06").value)
        if protocol.demonstration:
            return _Span(timedelta(seconds=minutes / 60), "second", timedelta(seconds=1))
        return _Span(timedelta(minutes=minutes), "minute", timedelta(minutes=1))
    if within.kind is Unit.ELAPSED_SECONDS:
        return _Span(interval(within), "second", timedelta(seconds=1))
    if within.kind is Unit.WORKING_DAYS:
        return _Span(amount * calendar.day, "working day", calendar.day, working=True)
    if within.kind is Unit.WORKING_HOURS or protocol.choice("A-03").value == "working_hours":
        return _Span(timedelta(hours=amount), "working hour", timedelta(hours=1), working=True)
    return _Span(interval(within), "hour", timedelta(hours=1))


def _before(protocol: Protocol, ladder: Ladder, row: Step, calendar: Calendar) -> timedelta | None:
    """The time stated before this step's, where both are counted over the ladder as a whole; None where this step's stands alone.

    It stands alone when the board says so (A-02), when it is not a number of hours, and when it does not rise above the one before.
    """
    within = row.within
    if within is None or within.kind not in _HOURS or protocol.choice("A-02").value != "cumulative":
        return None
    earlier = [step.within for step in ladder.steps[: sharing(ladder, row)[0] - 1] if step.within is not None]
    if not earlier:
        return timedelta()
    if earlier[-1].kind is not within.kind:
        return None
    before = _span(protocol, earlier[-1], calendar).length
    return before if before < _span(protocol, within, calendar).length else None


def _start_words(*, from_form: bool, shared: bool) -> list[str]:
    if shared:
        return ["when the first of the steps that share this time was reached"]
    return ["when the form was received" if from_form else "when this step was reached"]


def _unit_words(protocol: Protocol, within: Within, stated: _Span, *, together: bool, part: bool) -> list[str]:
    if within.kind is Unit.IMMEDIATELY:
        return ["which stands for immediately"]
    if within.kind is Unit.WORKING_DAYS:
        return ["counted in working time"]
    if together:
        words = [f"{f'as its part of {stated} ' if part else ''}counted over all the steps together"]
    elif protocol.choice("A-02").value == "cumulative":
        words = ["counted for this step alone because its figure does not rise above the one before"]
    else:
        words = ["counted for this step alone"]
    if within.kind is Unit.ELAPSED_HOURS:
        words.append("only working hours counting" if stated.working else "every hour counting")
    return words


def _sharing_words(protocol: Protocol, stated: _Span, sharers: tuple[int, ...]) -> list[str]:
    if len(sharers) == 1:
        return []
    how = "divided equally between them" if protocol.choice("A-04").value == "sub_deadline" else "not divided between them"
    return [f"steps {' and '.join(str(number) for number in sharers)} sharing the {stated} stated, {how}"]


def _choices_used(protocol: Protocol, within: Within, *, start_matters: bool, shares: bool) -> list[Choice]:
    """The choices that this deadline came from."""
    used = {
        "A-01": start_matters,
        "A-02": within.kind in _HOURS,
        "A-03": within.kind is Unit.ELAPSED_HOURS,
        "A-04": shares,
        "A-06": within.kind is Unit.IMMEDIATELY,
    }
    return [protocol.choice(key) for key, matters in used.items() if matters]


def _whose(choices: list[Choice]) -> str:
    """Whose decisions these were: the board's choices, then the defaults it left in force."""
    words = []
    for one, many, mine in (
        ("the board's choice", "the board's choices", [choice.id for choice in choices if choice.chosen is not None]),
        ("Concord's default", "Concord's defaults", [choice.id for choice in choices if choice.chosen is None]),
    ):
        if mine:
            ids = " and ".join([", ".join(mine[:-1]), mine[-1]] if mine[1:] else mine)
            words.append(f"{many if mine[1:] else one} on {ids}")
    return ", and ".join(words)
