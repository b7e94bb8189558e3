"""Steps of a ladder: reaching one, leaving one, moving up, and what is recorded where something the protocol asks for was not done."""

from pydantic import JsonValue

from services.contracts.escalator import LastTierPassed
from services.contracts.vocabulary import Ending, Side, Why
from services.escalator.asking import ask_for_step
from services.escalator.closing import close, leave
from services.escalator.sides import choice_in_force
from services.escalator.step_time import chase, due, set_deadline
from services.escalator.times import Deadline, sharing
from services.escalator.turn import Turn


def reach(turn: Turn, number: int, why: Why, reasons_owed: tuple[Side, ...] = ()) -> None:
    """Begin a step: its time runs from now, and the contact list is asked who it means.

    `reasons_owed` are sides whose reasons a step before asked for that was left out.
    """
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
        reasons=(Side.RAISING,),
        reasons_from=tuple(dict.fromkeys((*step.reasons_from, *reasons_owed))),
        written=(),
        asked_board=(),
        met=False,
        consulted=False,
        bypass=None,
        step_first_notice=case.notices + 1,
    )
    set_deadline(turn, due(turn))
    ask_for_step(turn)


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
    reasons_owed: tuple[Side, ...] = ()
    for step in case.ladder.steps[after:]:
        if at_risk and step.not_when_at_risk:
            why = "at_risk"
            reasons_owed = (*reasons_owed, *step.reasons_from)
            continue
        if (
            step.not_from is not None
            and step.not_from is case.start.own_sector
            and choice_in_force(turn, "A-28", "board") == "board"
        ):
            break
        reach(turn, step.number, why, reasons_owed)
        return
    _ladder_used_up(turn, why)


def _ladder_used_up(turn: Turn, why: Why) -> None:
    case = turn.case
    if case.ladder.default_outcome is not None:
        turn.change(outcome=None)
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
