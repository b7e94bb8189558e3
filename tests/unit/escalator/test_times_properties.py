"""What holds of every deadline, whatever the times, choices and circumstances."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.ladders import Unit
from services.escalator.protocol import Protocol
from services.escalator.times import Circumstances, alternatives, sharing
from services.escalator.working_time import Calendar
from tests.unit.escalator.timed import (
    CALENDAR,
    CHOICES,
    HOUR,
    LADDER,
    LADDERS,
    MOMENTS,
    PROPERTY,
    WAITS,
    found,
    protocol_with,
)

WORKING = {Unit.WORKING_HOURS, Unit.WORKING_DAYS, Unit.END_OF_WORKING_DAY}
LONDON = ZoneInfo("Europe/London")
OTHER_YEARS = make_calendar(WorkingHours(), 2021, 2032)
NOBODY_HURRIES: Any = {"needed_by": None, "at_once": ""}
WHYS = st.sampled_from(["", "the form says that a child is in immediate danger"])


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    chosen = draw(CHOICES)
    return protocol_with(*draw(LADDERS), **{key.replace("-", "_"): value for key, value in chosen.items()})


@st.composite
def circumstances(draw: st.DrawFn) -> Circumstances:
    raised = draw(MOMENTS)
    reached = raised + draw(WAITS)
    between = st.timedeltas(timedelta(0), reached - raised).map(lambda wait: raised + wait)
    return {
        "raised_at": raised,
        "step_reached_at": reached,
        "calendar": CALENDAR,
        "shared_from": draw(st.none() | between),
        "decided_at": draw(st.none() | WAITS.map(lambda before: raised - before)),
        "needed_by": draw(st.none() | WAITS.map(lambda wait: raised + wait)),
        "at_once": draw(WHYS),
        "agreed": draw(st.none() | WAITS.map(lambda wait: raised + wait)),
    }


def a_step(protocol: Protocol, data: st.DataObject) -> int:
    return data.draw(st.integers(1, len(protocol.ladder(LADDER).steps)))


def but(asked: Circumstances, **changes: Any) -> Circumstances:
    return cast("Circumstances", {**asked, **changes})


def later(asked: Circumstances, by: timedelta) -> Circumstances:
    return but(asked, **{key: value + by for key, value in asked.items() if isinstance(value, datetime)})


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), data=st.data())
def test_a_deadline_leaves_time_and_explains_itself(protocol: Protocol, asked: Circumstances, data: st.DataObject) -> None:
    """After the step was reached, in one sentence; none only where the document states no time and no child needs one sooner."""
    step = a_step(protocol, data)
    told = found(protocol, step, **asked)
    within = protocol.ladder(LADDER).step(step).within
    timeless = within is None or within.kind is Unit.WITHOUT_DELAY
    assert (told.at is None) == (timeless and not asked["at_once"] and asked["needed_by"] is None)
    assert told.at is None or told.at > asked["step_reached_at"]
    assert told.explanation.endswith(".")
    assert ". " not in told.explanation
    assert "\n" not in told.explanation


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), wait=WAITS, data=st.data())
def test_a_step_reached_later_is_never_due_earlier(
    protocol: Protocol, asked: Circumstances, wait: timedelta, data: st.DataObject
) -> None:
    step = a_step(protocol, data)
    first = found(protocol, step, **asked).at
    second = found(protocol, step, **but(asked, step_reached_at=asked["step_reached_at"] + wait)).at
    assert (first is None) == (second is None)
    assert first is None or second is None or first <= second


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), wait=WAITS, data=st.data())
def test_a_case_raised_later_is_never_due_earlier(
    protocol: Protocol, asked: Circumstances, wait: timedelta, data: st.DataObject
) -> None:
    """Whether everything is later or the form alone."""
    step = a_step(protocol, data)
    first = found(protocol, step, **asked).at
    second = found(protocol, step, **later(asked, wait)).at
    assert (first is None) == (second is None)
    assert first is None or second is None or first <= second
    raised_later = min(asked["raised_at"] + wait, asked["step_reached_at"])
    third = found(protocol, step, **but(asked, raised_at=raised_later)).at
    assert first is None or third is None or first <= third


@PROPERTY
@given(
    unit=st.sampled_from([unit for unit in Unit if unit.counted and unit is not Unit.ELAPSED_SECONDS]),
    amounts=st.tuples(st.integers(1, 200), st.integers(1, 200)),
    chosen=CHOICES,
    asked=circumstances(),
)
def test_a_longer_time_is_never_due_earlier(
    unit: Unit, amounts: tuple[int, int], chosen: dict[str, str], asked: Circumstances
) -> None:
    shorter, longer = (
        found(protocol_with(f"{amount} {unit}", **{k.replace("-", "_"): v for k, v in chosen.items()}), **asked).at
        for amount in sorted(amounts)
    )
    assert shorter is not None
    assert longer is not None
    assert shorter <= longer


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), data=st.data())
def test_working_time_never_runs_out_in_a_closed_hour(protocol: Protocol, asked: Circumstances, data: st.DataObject) -> None:
    """Unless a child cannot wait, or the two sides themselves agreed on such a time."""
    step = a_step(protocol, data)
    within = protocol.ladder(LADDER).step(step).within
    hours_work = protocol.choice("A-03").value == "working_hours"
    assume(within and (within.kind in WORKING or (within.kind is Unit.ELAPSED_HOURS and hours_work)))
    due = found(protocol, step, **but(asked, **NOBODY_HURRIES)).at
    assert due is not None
    assert CALENDAR.is_working(due)


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), data=st.data())
def test_it_does_not_matter_when_or_where_it_is_asked(protocol: Protocol, asked: Circumstances, data: st.DataObject) -> None:
    """Years later, from what was kept as JSON, with times told by another clock and a calendar made for other years."""
    step = a_step(protocol, data)
    first = found(protocol, step, **asked)
    london = {key: value.astimezone(LONDON) for key, value in asked.items() if isinstance(value, datetime)}
    assert found(protocol, step, **but(asked, **london, calendar=OTHER_YEARS)) == first
    kept = Protocol.model_validate_json(protocol.model_dump_json())
    assert found(kept, step, **but(asked, calendar=Calendar.model_validate_json(CALENDAR.model_dump_json()))) == first


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), data=st.data())
def test_a_hurry_is_never_later_than_the_table(protocol: Protocol, asked: Circumstances, data: st.DataObject) -> None:
    """OXF-04, OXF-05, BED-10, BED-14."""
    step = a_step(protocol, data)
    table = found(protocol, step, **but(asked, **NOBODY_HURRIES))
    told = found(protocol, step, **asked)
    if table.at is not None:
        assert told.at is not None
        assert told.at <= table.at
    if told.at == table.at:
        assert told == table


@PROPERTY
@given(protocol=protocols(), raised=MOMENTS, frame=st.timedeltas(HOUR, timedelta(days=10)), why=WHYS)
def test_the_last_step_is_reached_before_the_childs_own_time_frame_ends(
    protocol: Protocol, raised: datetime, frame: timedelta, why: str
) -> None:
    """OXF-04: where nobody answers, and there was time for every step to begin with."""
    reached = raised
    for step in protocol.ladder(LADDER).steps:
        due = found(
            protocol,
            step.number,
            raised_at=raised,
            step_reached_at=reached,
            calendar=CALENDAR,
            needed_by=raised + frame,
            at_once=why,
        ).at
        assert due is not None
        assert reached < due <= raised + frame
        reached = due


@PROPERTY
@given(protocol=protocols(), raised=MOMENTS, frame=st.none() | WAITS)
def test_a_case_that_nobody_answers_never_goes_back_in_time(
    protocol: Protocol, raised: datetime, frame: timedelta | None
) -> None:
    """A step without a time is left after an hour."""
    reached, ladder = raised, protocol.ladder(LADDER)
    shared_from = raised
    for step in ladder.steps:
        if sharing(ladder, step)[0] == step.number:
            shared_from = reached
        due = found(
            protocol,
            step.number,
            raised_at=raised,
            step_reached_at=reached,
            calendar=CALENDAR,
            shared_from=shared_from,
            needed_by=None if frame is None else raised + frame,
        ).at
        assert due is None or due > reached
        reached = due or reached + HOUR


@PROPERTY
@given(
    figures=st.lists(st.integers(1, 90), min_size=2, max_size=4, unique=True),
    counting=st.sampled_from(["elapsed_hours", "working_hours"]),
    start=st.sampled_from(["form_received", "decision_made"]),
    raised=MOMENTS,
    share=st.floats(0, 1),
)
def test_a_time_counted_together_never_ends_before_that_of_the_step_before(
    figures: list[int], counting: str, start: str, raised: datetime, share: float
) -> None:
    """A-02: however early a step is done, the next one has its figure from the same start."""
    times = [f"{figure} elapsed_hours" for figure in sorted(figures)]
    protocol = protocol_with(*times, A_03=counting, A_01=start)
    reached, before = raised, raised
    for step in range(1, len(times) + 1):
        due = found(protocol, step, raised_at=raised, step_reached_at=reached, calendar=CALENDAR).at
        assert due is not None
        assert due > before
        before, reached = due, reached + share * (due - reached)


@PROPERTY
@given(protocol=protocols(), asked=circumstances(), data=st.data())
def test_the_other_readings_are_the_ones_that_change_the_deadline(
    protocol: Protocol, asked: Circumstances, data: st.DataObject
) -> None:
    step = a_step(protocol, data)
    told = found(protocol, step, **asked)
    readings = alternatives(protocol, protocol.ladder(LADDER), step, **asked)
    assert len({(one.choice, one.option) for one in readings}) == len(readings)
    for one in readings:
        assert one.option != protocol.choice(one.choice).value
        assert one.deadline.at != told.at
        assert one.deadline.at == found(protocol.with_choices({one.choice: one.option}), step, **asked).at


@PROPERTY
@given(
    amount=st.integers(1, 60),
    unit=st.sampled_from(["working_hours", "working_days", "elapsed_hours"]),
    raised=MOMENTS,
    away=st.integers(-10, 40),
)
def test_a_bank_holiday_announced_late_moves_what_counts_working_time_over_it_and_nothing_else(
    amount: int, unit: str, raised: datetime, away: int
) -> None:
    """As the one for the Queen's funeral was, a week before."""
    holiday = CALENDAR.local(raised).date() + timedelta(days=away)
    told_late = make_calendar(WorkingHours(), 2023, 2030, [holiday])
    protocol = protocol_with(f"{amount} {unit}")

    def due(calendar: Calendar) -> datetime:
        at = found(protocol, raised_at=raised, step_reached_at=raised, calendar=calendar).at
        assert at is not None
        return at

    before, after = due(CALENDAR), due(told_late)
    lost = worked_on(holiday, raised, before)
    if unit == "elapsed_hours":
        assert after == before
    elif lost:
        assert after > before
        assert CALENDAR.working_between(raised, after) - worked_on(holiday, raised, after) == CALENDAR.working_between(
            raised, before
        )
    else:
        assert after == before


def worked_on(day: date, start: datetime, end: datetime) -> timedelta:
    """How much of the working time between two instants lies on this day."""
    midnight = CALENDAR.instant(datetime.combine(day, datetime.min.time()))
    tomorrow = CALENDAR.instant(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    return CALENDAR.working_between(max(start, midnight), min(end, tomorrow))


@PROPERTY
@given(
    amount=st.integers(1, 200), days=st.integers(-300, 300), change=st.sampled_from(["2026-03-29T01:00", "2026-10-25T01:00"])
)
def test_every_hour_counts_once_when_the_clocks_change(amount: int, days: int, change: str) -> None:
    """Both changes: 24 hours are 24 hours, though the clock on the wall then says another time."""
    raised = datetime.fromisoformat(change).replace(tzinfo=UTC) - days * HOUR
    due = found(protocol_with(f"{amount} elapsed_hours"), raised_at=raised, step_reached_at=raised, calendar=CALENDAR).at
    assert due == raised + amount * HOUR
