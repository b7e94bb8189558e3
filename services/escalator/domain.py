"""The decision core: (case, act, now) -> (case, what to say, whom to look up, when to look again). No I/O, no clock, no workflow engine.

The time of a step never stops: not for a response, not for an outcome that waits to be confirmed, not for a notice that reached
nobody. It ends when both sides have confirmed an outcome in writing (BED-19, BAR-19) or when the ladder moves up.
"""

from datetime import datetime, timedelta

from services.contracts.escalator import CaseOpened, DeadlineMissed
from services.contracts.vocabulary import Side
from services.escalator.answers import answered
from services.escalator.case import Answered, Case, CaseStart, Decision, NotReached, PeopleFound, TimePassed
from services.escalator.steps import chase, move_up, not_reached, people_found, reach, step_facts
from services.escalator.times import Deadline
from services.escalator.turn import Turn

_TRY_AGAIN = timedelta(minutes=15)
_ACTS = {
    "answered": "a reply",
    "not_reached": "a report that mail did not reach somebody",
    "people_found": "the contact list's answer",
    "time_passed": "the time that has passed",
}


def begin(start: CaseStart, now: datetime) -> Decision:
    """Open a case on the ladder its stage and area lead to (BED-12), at the first step. Raises Unknown when there is none.

    Where whoever raised it holds a role of the first step's other side, and either side may raise it, the ladder is turned round (A-10).
    """
    form, protocol = start.form, start.board.protocol
    ladder = protocol.ladder_for(form.case_stage, form.area)
    turned_round = ladder.either_side_may_raise and not set(start.own_roles).isdisjoint(ladder.step(1).people(Side.OTHER))
    case = Case(
        start=start,
        ladder=ladder.turned_round() if turned_round else ladder,
        turned_round=turned_round,
        reached_at=now,
        deadline=Deadline(at=None, explanation="not reached yet"),
    )
    turn = Turn(case, now)
    turn.change(involved=(turn.raiser,))
    turn.record(
        CaseOpened,
        ladder=ladder.id,
        ladder_name=ladder.name,
        case_stage=protocol.case_stages[form.case_stage],
        area=protocol.areas[form.area],
        protocol_version=protocol.version,
        raised_by=turn.raiser.person,
        other_agency=form.other_agency,
        raised_at=form.received_at,
        immediate_danger=form.immediate_danger,
        demonstration=start.board.demonstration,
    )
    reach(turn, 1, "raised")
    return _decide(turn)


def decide(case: Case, act: PeopleFound | Answered | NotReached | TimePassed, now: datetime) -> Decision:
    """What follows from an act. An act that cannot be taken is answered and recorded, never an error."""
    turn = Turn(case, now)
    match act:
        case PeopleFound():
            people_found(turn, act)
        case Answered():
            answered(turn, act.reply)
        case NotReached():
            not_reached(turn, act)
        case TimePassed():
            _time_passed(turn)
    return _decide(turn)


def fault(case: Case, act: str, now: datetime) -> Decision:
    """A fault of ours stopped a decision: board staff are told. No deadline moves; what is due is tried again every quarter of an
    hour, so that the case goes on as soon as the fault is mended."""
    turn = Turn(case, now)
    again = act == "time_passed" and case.not_before is not None
    if not again:
        what = _ACTS.get(act, act)
        turn.alert_board("fault", f"A fault in Concord: it could not act on {what} at step {case.step}. A person must look.")
    if act == "time_passed":
        turn.change(not_before=now + _TRY_AGAIN)
    return _decide(turn)


def next_look(case: Case) -> datetime | None:
    """When to look at a case again at the latest, whatever happens before; None once it has closed."""
    if case.state == "closed":
        return None
    due = min(moment for moment in (case.deadline.at, case.chase_at, *case.reminders) if moment is not None)
    return due if case.not_before is None else max(due, case.not_before)


def _decide(turn: Turn) -> Decision:
    return turn.decision(next_look(turn.case))


def _time_passed(turn: Turn) -> None:
    """Act on everything that is due: a missed deadline first, then reminders, then a chase."""
    case = turn.case
    if case.deadline.at is not None and case.deadline.at <= turn.now:
        turn.record(DeadlineMissed, step=case.step, deadline=case.deadline.at)
        move_up(turn, "deadline_missed")
        return
    if any(moment <= turn.now for moment in case.reminders):
        turn.change(reminders=tuple(moment for moment in case.reminders if moment > turn.now))
        turn.tell("reminder", case.people or [turn.raiser], step_facts(turn), urgent=True)
    if case.chase_at is not None and case.chase_at <= turn.now:
        turn.change(chase_at=turn.now + chase(turn))
        if case.state == "last_tier_passed":
            turn.alert_board("last_tier_passed", "The last step has passed and there is still no agreed outcome.")
        else:
            turn.tell("reminder", case.people or [turn.raiser], step_facts(turn))
