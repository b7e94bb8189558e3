"""When a step must be done by, as the protocol's own table says. Pure arithmetic, as `times` is, which gives a child less where need be."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import NamedTuple

from services.contracts.message import Data, Moment
from services.escalator.choices import Choice
from services.escalator.ladders import Ladder, Step, Unit, Within
from services.escalator.protocol import Protocol
from services.escalator.spans import Span, choice, counting, in_seconds, longest_agreed, span_of, unit_in_force
from services.escalator.working_time import Calendar

WHEN_REACHED = "when this step was reached"

_HOURS = {Unit.ELAPSED_HOURS, Unit.ELAPSED_SECONDS, Unit.WORKING_HOURS}

_NO_DEADLINE = {
    None: "The protocol states no time for this step, and none has been made up for it.",
    Unit.WITHOUT_DELAY: "The protocol says without delay and gives no figure, so no deadline is counted.",
}


class Deadline(Data):
    """By when, or None where the protocol states no time; and one plain sentence saying how that was found."""

    at: Moment | None
    explanation: str


class Moments(NamedTuple):
    """What a step's time may be counted from, the time that the two sides agreed, and the choice that is read otherwise; see
    `times.deadline`."""

    raised_at: datetime
    step_reached_at: datetime
    shared_from: datetime | None
    decided_at: datetime | None
    agreed: datetime | None
    otherwise: str


def table_deadline(protocol: Protocol, ladder: Ladder, row: Step, moments: Moments, calendar: Calendar) -> Deadline:
    """When this step must be done by, going by the protocol's table and the board's choices alone."""
    if row.within is None:
        return Deadline(at=None, explanation=_NO_DEADLINE[None])
    if row.within.kind is Unit.AGREED:
        return _agreed(protocol, moments.step_reached_at, moments.agreed, calendar)
    if row.within.kind in _NO_DEADLINE:
        return Deadline(at=None, explanation=_NO_DEADLINE[row.within.kind])
    return _counted(protocol, ladder, row, moments, calendar, within=row.within)


def period(protocol: Protocol, within: Within, start: datetime, calendar: Calendar, since: str) -> Deadline:
    """When a time is over that is stated beside the table, such as the time to challenge a decision (OXF-22).

    It counts from `start`; `since` says what happened then: "when the decision was made". `at` is None where the unit gives no time.
    """
    if not within.kind.counted and within.kind is not Unit.IMMEDIATELY:
        return Deadline(at=None, explanation=f"The protocol says {within.kind.replace('_', ' ')}, which is no time to count.")
    start = start.astimezone(UTC)
    kind = unit_in_force(protocol, within)
    span = span_of(protocol, within, calendar, start)
    words = [_begins(protocol, calendar, start, within, None if kind is Unit.END_OF_WORKING_DAY else span), since]
    if kind in {Unit.IMMEDIATELY, Unit.END_OF_WORKING_DAY, Unit.WORKING_DAYS}:
        words += _unit_words(protocol, within, kind, span, together=False, part=False)
    used = [choice(protocol, "A-06")] if kind is Unit.IMMEDIATELY else [counting(protocol, within)]
    decided = whose([one for one in used if one is not None])
    explanation = f"{', '.join(words)}{in_seconds(protocol)}{': ' if decided else ''}{decided}."
    return Deadline(at=span.after(start, calendar), explanation=explanation)


def sharing(ladder: Ladder, row: Step) -> tuple[int, ...]:
    """The numbers of the steps that share this step's stated time, in order: itself alone, most often (A-04)."""
    first = row.shares_time_with or row.number
    return tuple(step.number for step in ladder.steps if (step.shares_time_with or step.number) == first)


def whose(choices: Sequence[Choice], otherwise: str = "") -> str:
    """Whose decisions these were: what is only looked at here, then the board's choices, then the defaults it left in force."""
    words = [f"the other reading of {one.id}" for one in choices if one.id == otherwise]
    made = [one for one in choices if one.id != otherwise]
    for single, many, mine in (
        ("the board's choice", "the board's choices", [one.id for one in made if one.chosen is not None]),
        ("Concord's default", "Concord's defaults", [one.id for one in made if one.chosen is None]),
    ):
        if mine:
            ids = " and ".join([", ".join(mine[:-1]), mine[-1]] if mine[1:] else mine)
            words.append(f"{many if mine[1:] else single} on {ids}")
    return ", and ".join(words)


def _agreed(protocol: Protocol, reached: datetime, agreed: datetime | None, calendar: Calendar) -> Deadline:
    """The time the two sides set, and never later than the longest one they may (A-25, OXF-10)."""
    longest = longest_agreed(protocol, calendar)
    ceiling = longest.after(reached, calendar)
    counted = f"{longest} from {_wall(protocol, calendar, reached)}, {WHEN_REACHED}"
    choices = whose([choice(protocol, "A-25")])
    if agreed is None or agreed <= reached:
        return Deadline(
            at=ceiling,
            explanation=f"{counted}, the longest time that the two sides may agree on, because they have not set one: {choices}.",
        )
    on = _wall(protocol, calendar, agreed)
    if agreed > ceiling:
        explanation = f"{counted}, the longest time that the two sides may agree on, because they agreed on {on}: {choices}."
        return Deadline(at=ceiling, explanation=explanation)
    return Deadline(at=agreed, explanation=f"{on}, as the two sides agreed, which is not later than {counted}: {choices}.")


def _counted(
    protocol: Protocol, ladder: Ladder, row: Step, moments: Moments, calendar: Calendar, *, within: Within
) -> Deadline:
    kind = unit_in_force(protocol, within)
    sharers = sharing(ladder, row)
    undivided = len(sharers) > 1 and choice(protocol, "A-04").value == "shared"
    before = _before(protocol, ladder, row, calendar, moments.raised_at)
    together = before is not None
    anchor = _clock_start(protocol, moments) if together or row.number == 1 else None
    # What is left until the end of a day is less at every step, so its parts are counted from the first of them.
    from_first = (undivided or kind is Unit.END_OF_WORKING_DAY) and row.number != sharers[0] and anchor is None
    shared_from = moments.shared_from if from_first else None

    start, start_words = anchor or (moments.step_reached_at, WHEN_REACHED)
    if shared_from is not None:
        start, start_words = shared_from, "when the first of the steps that share this time was reached"

    stated = span_of(protocol, within, calendar, start)
    own = stated.length - (before or timedelta())
    if undivided:
        place = 1 if anchor is None and shared_from is None and row.number != sharers[0] else len(sharers)
    else:
        place = sharers.index(row.number) + 1 if anchor or shared_from else 1
    first = before if anchor is not None and before is not None else timedelta()
    # Multiplied before it is divided, so that the last part ends exactly with the whole.
    span = stated._replace(length=first + own * place // len(sharers))
    due = span.after(start, calendar)
    half = (ceil(within.amount or 1) * calendar.day if kind is Unit.END_OF_WORKING_DAY else own) / len(sharers) / 2
    least = stated._replace(length=half)
    earliest = least.after(moments.step_reached_at, calendar)

    whole = span.length == stated.length
    begins = _begins(protocol, calendar, start, within, None if kind is Unit.END_OF_WORKING_DAY and whole else span)
    part = anchor is None and shared_from is None and not whole
    explanation = ", ".join(
        (
            begins,
            start_words,
            *_unit_words(protocol, within, kind, stated, together=together, part=part),
            *_sharing_words(within, kind, stated, sharers, undivided=undivided),
        )
    )
    explanation += in_seconds(protocol)
    used = _choices_used(protocol, within, start_matters=together or row.number == 1, shares=len(sharers) > 1)
    explanation += f": {whose(used, moments.otherwise)}" if used else ""
    if earliest > due:
        explanation += (
            f"; but this step was reached only at {_wall(protocol, calendar, moments.step_reached_at)}, so by Concord's own rule it has "
            f"half of its own time from then, {least}"
        )
    return Deadline(at=max(due, earliest), explanation=f"{explanation}.")


def _clock_start(protocol: Protocol, moments: Moments) -> tuple[datetime, str] | None:
    """From when the ladder's time counts (A-01), and how that is said; None where every step begins it anew."""
    start = choice(protocol, "A-01").value
    if start == "decision_made":
        if moments.decided_at is not None and moments.decided_at <= moments.raised_at:
            return moments.decided_at, "when the decision was made"
        return moments.raised_at, "when the form was received, because it gives no earlier time for the decision"
    return (moments.raised_at, "when the form was received") if start == "form_received" else None


def _before(protocol: Protocol, ladder: Ladder, row: Step, calendar: Calendar, start: datetime) -> timedelta | None:
    """The time stated before this step's, where both are counted over the ladder as a whole; None where this step's stands alone.

    It stands alone when the board says so (A-02), when it is not a number of hours, and when it does not rise above the one before.
    """
    within = row.within
    if within is None or within.kind not in _HOURS or choice(protocol, "A-02").value != "cumulative":
        return None
    earlier = [step.within for step in ladder.steps[: sharing(ladder, row)[0] - 1] if step.within is not None]
    if not earlier:
        return timedelta()
    if earlier[-1].kind is not within.kind:
        return None
    before = span_of(protocol, earlier[-1], calendar, start).length
    return before if before < span_of(protocol, within, calendar, start).length else None


def _unit_words(protocol: Protocol, within: Within, kind: Unit, stated: Span, *, together: bool, part: bool) -> list[str]:
    if kind is Unit.IMMEDIATELY:
        return ["which stands for immediately"]
    if kind is Unit.END_OF_WORKING_DAY:
        return [] if kind is within.kind else ["which is how one working day is read"]
    if kind is Unit.WORKING_DAYS:
        return ["counted in working time"]
    if together:
        words = [f"{f'as its part of {stated} ' if part else ''}counted over all the steps together"]
    elif choice(protocol, "A-02").value == "cumulative":
        words = ["counted for this step alone because its figure does not rise above the one before"]
    else:
        words = ["counted for this step alone"]
    if within.kind is Unit.ELAPSED_HOURS:
        words.append("only working hours counting" if stated.working else "every hour counting")
    return words


def _begins(protocol: Protocol, calendar: Calendar, start: datetime, within: Within, span: Span | None) -> str:
    """How long, and from when; without a span, to the end of a working day."""
    wall = _wall(protocol, calendar, start)
    return f"{span} from {wall}" if span else f"{_end_of_day_words(within).capitalize()} after {wall}"


def _end_of_day_words(within: Within) -> str:
    days = ceil(within.amount or 1)
    return "the end of the next working day" if days == 1 else f"the end of the last of {days} working days"


def _sharing_words(within: Within, kind: Unit, stated: Span, sharers: tuple[int, ...], *, undivided: bool) -> list[str]:
    if len(sharers) == 1:
        return []
    time = f"time to {_end_of_day_words(within)}" if kind is Unit.END_OF_WORKING_DAY else f"{stated} stated"
    how = "not divided between them" if undivided else "divided equally between them"
    return [f"steps {' and '.join(str(number) for number in sharers)} sharing the {time}, {how}"]


def _choices_used(protocol: Protocol, within: Within, *, start_matters: bool, shares: bool) -> list[Choice]:
    """The choices that this deadline came from."""
    how = counting(protocol, within)
    used = {"A-01": start_matters, "A-02": within.kind in _HOURS, "A-04": shares, "A-06": within.kind is Unit.IMMEDIATELY}
    found = [choice(protocol, key) for key, matters in used.items() if matters]
    return sorted([*found, how] if how else found, key=lambda one: one.id)


def _wall(protocol: Protocol, calendar: Calendar, instant: datetime) -> str:
    return calendar.wall(instant, seconds=protocol.demonstration)
