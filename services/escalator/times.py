"""When a step must be done by, and why then.

Pure arithmetic: no clock, no file, no time zone data, so that it runs inside a workflow and gives the same answer for ever.
What the protocol's table says is found in `table_times`; here a child who cannot wait that long gets less, and nobody gets more.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple, NotRequired, TypedDict, Unpack

from services.contracts.message import Data
from services.escalator.ladders import Ladder
from services.escalator.protocol import Protocol
from services.escalator.spans import Span, choice, immediately, in_seconds, interval
from services.escalator.table_times import WHEN_REACHED, Deadline, Moments, period, sharing, table_deadline, whose
from services.escalator.working_time import Calendar, Offset

__all__ = [
    "Calendar",
    "Circumstances",
    "Deadline",
    "Offset",
    "Reading",
    "alternatives",
    "deadline",
    "interval",
    "period",
    "reminder_times",
    "sharing",
]

_LEAST = 5
"""The minutes a step has at least, however soon a child needs an answer. Concord's own: in less nobody can read and act."""


class Circumstances(TypedDict):
    """What a deadline depends on beside the protocol; see `deadline`."""

    raised_at: datetime
    step_reached_at: datetime
    calendar: Calendar
    shared_from: NotRequired[datetime | None]
    decided_at: NotRequired[datetime | None]
    needed_by: NotRequired[datetime | None]
    at_once: NotRequired[str]
    agreed: NotRequired[datetime | None]


class Reading(Data):
    """What a deadline would be under another option of a choice: the other reading of a document that can be read in two ways."""

    choice: str
    question: str
    option: str
    deadline: Deadline


def deadline(
    protocol: Protocol,
    ladder: Ladder,
    step: int,
    *,
    raised_at: datetime,
    step_reached_at: datetime,
    calendar: Calendar,
    shared_from: datetime | None = None,
    decided_at: datetime | None = None,
    needed_by: datetime | None = None,
    at_once: str = "",
    agreed: datetime | None = None,
    otherwise: str = "",
) -> Deadline:
    """When this step must be done by. The answer is always later than `step_reached_at`.

    `raised_at` is when the form was received and `decided_at` when the decision complained of was made, where the form says so (A-01).
    `shared_from` is when the first of the steps that share this step's stated time was reached (A-04). `agreed` is the time that the two
    sides set where the protocol leaves it to them (A-25). A step reached too late has half of its own time from then.

    Two things can only make it sooner. `at_once` says why everything is to be resolved immediately ("the form says that a child is in
    immediate danger"; BED-10, BED-14, OXF-05): the step then has the time that stands for immediately (A-06). `needed_by` is the end of
    the child's own protection time frame (OXF-04, BED-14): the time until then is divided equally over this step and those after it,
    so that the last can be reached before it; where it has passed, everything is to be resolved immediately. Either leaves a step at
    least five minutes (seconds on a demonstration board), unless the table gives it less.

    `otherwise` is the id of a choice made in `protocol` only to see what would come of it: the sentence then says so.

    Raises Unknown for a step the ladder does not have.
    """
    reached = step_reached_at.astimezone(UTC)  # where the clocks change, adding hours to a local time gives the wrong instant
    moments = Moments(
        raised_at=raised_at.astimezone(UTC),
        step_reached_at=reached,
        shared_from=shared_from and shared_from.astimezone(UTC),
        decided_at=decided_at and decided_at.astimezone(UTC),
        agreed=agreed and agreed.astimezone(UTC),
        otherwise=otherwise,
    )
    table = table_deadline(protocol, ladder, ladder.step(step), moments, calendar)
    hurry = _Hurry(protocol, reached, calendar)
    found = [hurry.at_once(at_once)] if at_once else []
    if needed_by is not None:
        found.append(hurry.protect(needed_by.astimezone(UTC), steps_left=len(ladder.steps) - step + 1))
    sooner = [one for one in found if table.at is None or one.due < table.at]
    if not sooner:
        return table
    first = min(sooner, key=lambda one: one.due)
    without = f"without that it would be {hurry.wall(table.at)}" if table.at else "the protocol itself gives it no deadline"
    return Deadline(at=first.due, explanation=f"{first.words}; {without}.")


def alternatives(protocol: Protocol, ladder: Ladder, step: int, **circumstances: Unpack[Circumstances]) -> tuple[Reading, ...]:
    """What this deadline would be under every other option of the choices it depends on, where the document can be read so.

    Takes what `deadline` takes. A choice that changes nothing here has no reading, nor has one of a number (A-06, A-25).
    """
    in_force = deadline(protocol, ladder, step, **circumstances)
    readings = (
        Reading(
            choice=choice.id,
            question=choice.question,
            option=option,
            deadline=deadline(protocol.with_choices({choice.id: option}), ladder, step, **circumstances, otherwise=choice.id),
        )
        for choice in protocol.choices
        for option in choice.options
        if option != choice.value
    )
    return tuple(reading for reading in readings if reading.deadline.at != in_force.at)


def reminder_times(protocol: Protocol, due: datetime, *, now: datetime) -> tuple[datetime, ...]:
    """When to remind people before a deadline, the earliest first; only times still to come."""
    before = (due - interval(reminder) for reminder in protocol.reminders)
    return tuple(sorted({moment for moment in before if moment > now}))


class _Sooner(NamedTuple):
    due: datetime
    words: str


class _Hurry:
    """Why a step may have less time than the table gives it."""

    def __init__(self, protocol: Protocol, reached: datetime, calendar: Calendar) -> None:
        self._protocol = protocol
        self._reached = reached
        self._calendar = calendar
        one, unit = (timedelta(seconds=1), "second") if protocol.demonstration else (timedelta(minutes=1), "minute")
        self._least = Span(_LEAST * one, unit, one)

    def wall(self, instant: datetime) -> str:
        return self._calendar.wall(instant, seconds=self._protocol.demonstration)

    def at_once(self, why: str) -> _Sooner:
        span = immediately(self._protocol)
        if span.length < self._least.length:
            return self._at_least(why)
        return _Sooner(
            self._reached + span.length,
            f"{self._from_now(span)}, which stands for immediately, because {why}: {whose([choice(self._protocol, 'A-06')])}",
        )

    def protect(self, needed_by: datetime, steps_left: int) -> _Sooner:
        if needed_by <= self._reached:
            return self.at_once(f"the child's own protection time frame ended at {self.wall(needed_by)}")
        part = (needed_by - self._reached) / steps_left
        if part < self._least.length:
            return self._at_least(f"the child's own protection time frame ends at {self.wall(needed_by)}")
        if steps_left == 1:
            words = f"{self.wall(needed_by)}, the end of the child's own protection time frame, because this is the last step"
        else:
            words = (
                f"An equal part of the time from {self.wall(self._reached)}, {WHEN_REACHED}, to {self.wall(needed_by)}, the end of the "
                f"child's own protection time frame, for each of the {steps_left} steps left"
            )
        protection = self._protocol.protection
        rule = f"the protocol's rule at {protection.source}" if protection else "Concord's own rule"
        return _Sooner(self._reached + part, f"{words}: {rule}")

    def _at_least(self, why: str) -> _Sooner:
        words = f"{self._from_now(self._least)}, the least time that a step has by Concord's own rule, because {why}"
        return _Sooner(self._reached + self._least.length, words)

    def _from_now(self, span: Span) -> str:
        return f"{span} from {self.wall(self._reached)}, {WHEN_REACHED}{in_seconds(self._protocol)}"
