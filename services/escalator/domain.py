"""The decision core: (case, act, now) -> (case, what to say, whom to look up, when to look again). No I/O, no clock, no workflow engine.

The time of a step never stops: not for a response, not for an outcome that waits to be confirmed, not for a notice that reached
nobody. It ends when both sides have confirmed an outcome in writing (BED-19, BAR-19) or when the ladder moves up.
"""

from datetime import datetime

from services.contracts.escalator import CaseOpened, DeadlineMissed
from services.escalator.answers import answered
from services.escalator.case import Answered, Case, CaseStart, Decision, NotReached, PeopleFound, TimePassed
from services.escalator.errors import Unknown
from services.escalator.steps import chase, move_up, not_reached, people_found, reach, step_facts
from services.escalator.times import Deadline
from services.escalator.turn import Turn


def begin(start: CaseStart, now: datetime) -> Decision:
    """Open a case on the ladder its stage and area lead to (BED-12), at the first step. Raises Unknown when there is none."""
    form, protocol = start.form, start.board.protocol
    ladder = protocol.ladder_for(form.case_stage, form.area)
    if ladder is None:
        raise Unknown("area", f"{form.case_stage}/{form.area}", [ladder.id for ladder in protocol.ladders])
    case = Case(start=start, ladder=ladder, reached_at=now, deadline=Deadline(at=None, explanation="not reached yet"))
    turn = Turn(case, now)
    turn.change(involved=(turn.raiser,))
    turn.record(
        CaseOpened,
        ladder=ladder.id,
        ladder_name=ladder.name,
        case_stage=protocol.case_stages[form.case_stage],
        area=protocol.areas[form.area],
        protocol_version=protocol.version,
        raised_by=form.raised_by.model_copy(update={"agency": start.own_agency}),
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
    """A fault of ours stopped a decision: board staff are told, and the case looks again later instead of standing still."""
    turn = Turn(case, now)
    turn.alert_board("fault", f"Concord could not act on what happened at step {case.step} ({act}). A person must look.")
    later = now + chase(turn)
    turn.change(
        chase_at=later, reminders=(), deadline=case.deadline.model_copy(update={"at": max(case.deadline.at or later, later)})
    )
    return _decide(turn)


def _decide(turn: Turn) -> Decision:
    case = turn.case
    if case.state == "closed":
        return turn.decision(None)
    due = [moment for moment in (case.deadline.at, case.chase_at, *case.reminders) if moment is not None]
    return turn.decision(min(due))


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
