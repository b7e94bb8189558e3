"""The time of the step a case is at: when it must be done by, when people are reminded, and when silence is looked after."""

from datetime import datetime, timedelta

from services.escalator.times import Circumstances, Deadline, alternatives, deadline, interval, reminder_times
from services.escalator.turn import Turn

LOOK_IN = (1 / 2, 3 / 4, 7 / 8)
"""The parts of a step's time after which a side that has said nothing is looked after: its deputy is asked, then its safeguarding lead,
then the board. Concord's own rule: the documents say that nobody waits, and not how (BED-14, BED-17)."""


def due(turn: Turn) -> Deadline:
    """When the case's step must be done by, with everything known now. The form's own reasons to hurry beat the table (OXF-04, BED-14)."""
    return deadline(turn.board.protocol, turn.case.ladder, turn.case.step, **_circumstances(turn))


def readings(turn: Turn) -> tuple[str, ...]:
    """What the deadline of the case's step would be where the document may be read otherwise: one sentence for each."""
    found = alternatives(turn.board.protocol, turn.case.ladder, turn.case.step, **_circumstances(turn))
    return tuple(reading.deadline.explanation for reading in found)


def _circumstances(turn: Turn) -> Circumstances:
    case, form = turn.case, turn.case.start.form
    shared = case.shared_from if case.shared_from != case.reached_at else None
    return {
        "raised_at": case.clock_from,
        "step_reached_at": case.reached_at,
        "calendar": case.start.calendar,
        "shared_from": shared,
        "decided_at": form.decided_at,
        "needed_by": form.needed_by,
        "at_once": why_at_once(turn),
        "agreed": case.agreed_time,
    }


def set_deadline(turn: Turn, found: Deadline) -> None:
    """Put a deadline in force, with the reminders before it and the moments at which silence is looked after; only those to come."""
    looks: list[datetime] = []
    if found.at is not None:
        length = found.at - turn.case.reached_at
        looks = [turn.case.reached_at + part * length for part in LOOK_IN]
    turn.change(
        deadline=found,
        reminders=reminder_times(turn.board.protocol, found.at, now=turn.now) if found.at else (),
        look_in=tuple(moment for moment in looks if moment > turn.now),
        chase_at=None if found.at else turn.now + chase(turn),
    )


def why_at_once(turn: Turn) -> str:
    """Why every step's time is "immediately" in this case; empty where it is not (BED-10, BED-14, OXF-05)."""
    form, protection = turn.case.start.form, turn.board.protocol.protection
    if form.immediate_danger:
        return "the form says that a child is in immediate danger"
    if form.injury_to_infant:
        source = f" ({protection.source})" if protection else ""
        return f"a possible non-accidental injury of an infant or young child is in question{source}"
    return ""


def chase(turn: Turn) -> timedelta:
    """How often people are reminded where no time is stated, so that no open case is ever without a next look."""
    return interval(turn.board.protocol.chase)
