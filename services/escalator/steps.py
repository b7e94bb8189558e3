"""Steps of a ladder: reaching one, leaving one, moving up, and what is recorded where something the protocol asks for was not done."""

from datetime import datetime, timedelta

from pydantic import JsonValue

from services.contracts.escalator import LastTierPassed, Why
from services.contracts.vocabulary import Ending, Side
from services.escalator.asking import ask_for_step
from services.escalator.closing import close, leave
from services.escalator.sides import choice_in_force
from services.escalator.times import Deadline, deadline, interval, reminder_times, sharing
from services.escalator.turn import Turn

LOOK_IN = (1 / 2, 3 / 4, 7 / 8)
"""The parts of a step's time after which a side that has said nothing is looked after: its deputy is asked, then its safeguarding lead,
then the board. Concord's own rule: the documents say that nobody waits, and not how (BED-14, BED-17)."""


def reach(turn: Turn, number: int, why: Why) -> None:
    """Begin a step: its time runs from now, and the contact list is asked who it means."""
    case = turn.case
    step = case.ladder.step(number)
    shared_from = case.shared_from if case.step in sharing(case.ladder, step) else None
    turn.change(
        step=number,
        reached_at=turn.now,
        shared_from=shared_from or turn.now,
        why=why,
        agreed_time=None,
        proposed_time=None,
        people=(),
        unreached=(),
        heard=(Side.RAISING,) if why == "raised" else (),
        reasons=(Side.RAISING,) if why == "raised" or step.reasons_from else (),
        written=(),
        asked_board=(),
        met=False,
        consulted=False,
        bypass=None,
        step_first_notice=case.notices + 1,
    )
    set_deadline(turn, due(turn))
    ask_for_step(turn)


def due(turn: Turn) -> Deadline:
    """When the case's step must be done by, with everything known now. The form's own reasons to hurry beat the table (OXF-04, BED-14)."""
    case, form = turn.case, turn.case.start.form
    shared = case.shared_from if case.shared_from != case.reached_at else None
    return deadline(
        turn.board.protocol,
        case.ladder,
        case.step,
        raised_at=case.clock_from,
        step_reached_at=case.reached_at,
        calendar=case.start.calendar,
        shared_from=shared,
        decided_at=form.decided_at,
        needed_by=form.needed_by,
        at_once=why_at_once(turn),
        agreed=case.agreed_time,
    )


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


def begin_ladder(turn: Turn, why: Why) -> None:
    """Reach the first step of the ladder that is for this case."""
    _reach_next(turn, 0, why)


def move_up(turn: Turn, why: Why) -> None:
    """The next step, or what the protocol has where there is none (BAR-22, A-15)."""
    leave(turn)
    _reach_next(turn, turn.case.step, why)


def _reach_next(turn: Turn, after: int, why: Why) -> None:
    case = turn.case
    form = case.start.form
    at_risk = form.immediate_danger
    for step in case.ladder.steps[after:]:
        if at_risk and step.not_when_at_risk:
            why = "at_risk"
            continue
        if (
            step.not_from is not None
            and step.not_from is case.start.own_sector
            and choice_in_force(turn, "A-28", "board") == "board"
        ):
            break
        reach(turn, step.number, why)
        return
    _ladder_used_up(turn, why)


def _ladder_used_up(turn: Turn, why: Why) -> None:
    case = turn.case
    if case.ladder.default_outcome is not None:
        close(turn, Ending.DEFAULT_OUTCOME)
        return
    turn.record(LastTierPassed, step=case.step, why=why)
    turn.change(
        state="last_tier_passed",
        deadline=Deadline(at=None, explanation="The ladder has no further step."),
        reminders=(),
        look_in=(),
        chase_at=turn.now + chase(turn),
    )
    facts: dict[str, JsonValue] = {"step": case.step, "why": why}
    turn.tell("last_tier_passed", case.involved, facts, urgent=True)
    turn.alert_board(
        "last_tier_passed", "The last step has passed without an agreed outcome. A person must decide what happens."
    )


def chase(turn: Turn) -> timedelta:
    """How often people are reminded where no time is stated, so that no open case is ever without a next look."""
    return interval(turn.board.protocol.chase)
