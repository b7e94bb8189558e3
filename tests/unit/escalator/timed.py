"""Deadlines of ladders made up for a test: any times, any choices, and every circumstance a deadline knows."""

import os
from datetime import UTC, datetime, timedelta
from typing import Unpack

from hypothesis import settings
from hypothesis import strategies as st

from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.choices import Choice, NumberRange
from services.escalator.ladders import Step, Unit, Within
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from services.escalator.times import Circumstances, Deadline, deadline

BEDFORDSHIRE = packaged_protocols()["bedfordshire"]
CALENDAR = make_calendar(WorkingHours(), 2023, 2030)
RAISED = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)  # a Friday
HOUR = timedelta(hours=1)
LADDER = "T"

NIGHTLY = os.environ.get("CONCORD_NIGHTLY") == "1"
PROPERTY = settings(deadline=None, derandomize=not NIGHTLY, max_examples=500 if NIGHTLY else 100)
"""The same examples on every run, so that a change fails where it was made; new ones every night. No time limit: the machine is busy."""

_OPTIONS = {
    "A-01": ("form_received", "step_reached", "decision_made"),
    "A-02": ("cumulative", "per_step"),
    "A-03": ("elapsed_hours", "working_hours", "end_of_next_working_day"),
    "A-04": ("sub_deadline", "shared"),
}
_NUMBERS = {"A-06": ("60", 1440), "A-25": ("2", 20)}

CHOICES = st.fixed_dictionaries(
    {
        **{key: st.sampled_from(options) for key, options in _OPTIONS.items()},
        "A-06": st.integers(1, 1440).map(str),
        "A-25": st.integers(1, 20).map(str),
    }
)
TIMES = st.one_of(
    st.integers(1, 72).map("{} elapsed_hours".format),
    st.integers(1, 40).map("{} working_hours".format),
    st.sampled_from([0.5, 1, 2, 5]).map("{} working_days".format),
    st.integers(1, 3).map("{} end_of_working_day".format),
    st.sampled_from(["immediately", "without_delay", "agreed", "none", "same"]),
)
LADDERS = st.lists(TIMES, min_size=1, max_size=4)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
WAITS = st.timedeltas(timedelta(0), timedelta(days=20))


def protocol_with(*times: str, **chosen: str) -> Protocol:
    """Bedfordshire with every option of every choice about time, and one ladder, LADDER, whose steps have these times.

    "same" shares the time of the step before, where that has a figure. Choices are written A_02="per_step".
    """
    steps: list[Step] = []
    for number, text in enumerate(times, 1):
        before = steps[-1] if steps else None
        shared = text == "same" and before is not None and before.within is not None and before.within.kind.counted
        update = {
            "number": number,
            "within": before.within if before and shared else _within("none" if text == "same" else text),
            "shares_time_with": (before.shares_time_with or before.number) if before and shared else None,
        }
        steps.append(BEDFORDSHIRE.ladder("BED-S8").step(1).model_copy(update=update))
    ladder = BEDFORDSHIRE.ladder("BED-S8").model_copy(update={"id": LADDER, "steps": tuple(steps)})
    protocol = BEDFORDSHIRE.model_copy(update={"ladders": (ladder,), "choices": tuple(_choices())})
    return protocol.with_choices({key.replace("_", "-"): value for key, value in chosen.items()})


def _within(text: str) -> Within | None:
    amount, _, kind = text.rpartition(" ")
    return None if kind == "none" else Within(kind=Unit(kind), amount=float(amount) if amount else None)


def _choices() -> list[Choice]:
    words = {"question": "Which?", "reason": "Because."}
    made = [
        Choice(id=key, name=f"choice_{key[2:]}", options=options, default=options[0], **words)
        for key, options in _OPTIONS.items()
    ]
    return made + [
        Choice(id=key, name=f"choice_{key[2:]}", number=NumberRange(least=1, most=most), default=default, **words)
        for key, (default, most) in _NUMBERS.items()
    ]


def without(protocol: Protocol, *keys: str) -> Protocol:
    """The protocol as if its file left these choices out."""
    return protocol.model_copy(update={"choices": tuple(choice for choice in protocol.choices if choice.id not in keys)})


def found(protocol: Protocol, step: int = 1, *, ladder: str = LADDER, **circumstances: Unpack[Circumstances]) -> Deadline:
    """The deadline of a step."""
    return deadline(protocol, protocol.ladder(ladder), step, **circumstances)


def at(hours: float) -> datetime:
    """So many hours after the form."""
    return RAISED + hours * HOUR


def hours(moment: datetime | None) -> float | None:
    """How many hours after the form."""
    return None if moment is None else (moment - RAISED) / HOUR
