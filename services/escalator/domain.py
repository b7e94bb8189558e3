"""The decision core: (case, act, now) -> (case, what to say, whom to look up, when to look again). No I/O, no clock, no workflow engine.

The time of a step never stops: not for a response, not for an outcome that waits to be confirmed, not for a notice that reached
nobody. It ends when both sides have confirmed an outcome in writing (BED-19, BAR-19) or when the ladder moves up.
"""

from datetime import datetime, timedelta

from services.contracts.escalator import CaseRedirected, DeadlineMissed
from services.contracts.vocabulary import Side
from services.escalator.advice import advisers_found
from services.escalator.agreed_time import change_deadline
from services.escalator.answers import answered
from services.escalator.asking import look_in, not_reached, people_found
from services.escalator.case import (
    Act,
    Answered,
    CalendarChanged,
    Case,
    CaseStart,
    Decision,
    NotReached,
    PeopleFound,
    StaffDid,
    TimePassed,
)
from services.escalator.follow_up import chase_follow_ups
from services.escalator.leaving import record_opened
from services.escalator.rules import Redirect
from services.escalator.sides import choice_in_force
from services.escalator.staff import staff_did
from services.escalator.step_time import chase
from services.escalator.steps import begin_ladder, move_up
from services.escalator.times import Deadline
from services.escalator.turn import Turn
from services.escalator.wording import step_facts

_TRY_AGAIN = timedelta(minutes=15)
_ACTS = {
    "answered": "a reply",
    "not_reached": "a report that mail did not reach somebody",
    "people_found": "the contact list's answer",
    "staff_did": "what board staff did",
    "calendar_changed": "a change of the days on which people work",
    "time_passed": "the time that has passed",
}


def begin(start: CaseStart, now: datetime) -> Decision:
    """Open a case on the ladder its stage and area lead to (BED-12), or say where it goes instead (BIR-05). Raises Unknown where neither.

    Where whoever raised it holds a role of the first step's other side, and either side may raise it, the ladder is turned round (A-10).
    """
    form, protocol = start.form, start.board.protocol
    redirect = protocol.redirect_for(form.case_stage, form.area)
    ladder = protocol.ladder_at(form.case_stage) if redirect else protocol.ladder_for(form.case_stage, form.area)
    turned_round = ladder.either_side_may_raise and not set(start.own_roles).isdisjoint(ladder.step(1).people(Side.OTHER))
    case = Case(
        start=start,
        ladder=ladder.turned_round() if turned_round else ladder,
        turned_round=turned_round,
        clock_from=form.received_at,
        reached_at=now,
        deadline=Deadline(at=None, explanation="not reached yet"),
    )
    turn = Turn(case, now)
    turn.change(involved=(turn.raiser,))
    if redirect is not None:
        _send_elsewhere(turn, redirect)
    else:
        record_opened(turn)
        begin_ladder(turn, "raised")
    return _decide(turn)


def _send_elsewhere(turn: Turn, redirect: Redirect) -> None:
    """Say that this is no professional disagreement here, and where it goes; board staff look where a child may be in danger."""
    turn.record(CaseRedirected, route="; ".join(redirect.instead), paragraph=redirect.source)
    turn.change(state="redirected", deadline=Deadline(at=None, explanation="It is not a professional disagreement here."))
    lines = [
        "Under this board’s protocol this is not a professional disagreement, so no tier was started.",
        "Take it to one of these now:",
    ]
    answers = (("REOPEN", "It is a professional disagreement after all; write why. It then starts at the first tier."),)
    places = [f"{number}. {place}" for number, place in enumerate(redirect.instead, start=1)]
    turn.ask([turn.raiser], "Where to take this", lines, answers, items=places, paragraph=redirect.source)
    form = turn.case.start.form
    if form.immediate_danger or form.injury_to_infant:
        turn.alert_board("redirected", "A form was not taken as a disagreement, and it says that a child may be in danger.")


def decide(case: Case, act: PeopleFound | Act | TimePassed, now: datetime) -> Decision:
    """What follows from an act. An act that cannot be taken is answered and recorded, never an error."""
    turn = Turn(case, now)
    match act:
        case PeopleFound(purpose="advice" | "still_at_risk"):
            advisers_found(turn, act)
        case PeopleFound():
            people_found(turn, act)
        case Answered():
            answered(turn, act.reply)
        case NotReached():
            not_reached(turn, act)
        case StaffDid():
            staff_did(turn, act.act)
        case CalendarChanged():
            _new_calendar(turn, act)
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
    """When to look at a case again at the latest, whatever happens before; None once nobody has anything left to do in it."""
    pursued = (pursuit.chase_at for pursuit in case.pursuits)
    waits_for = pursued if case.ended else (case.deadline.at, case.chase_at, *case.reminders, *case.look_in)
    due = min((moment for moment in waits_for if moment is not None), default=None)
    return due if due is None or case.not_before is None else max(due, case.not_before)


def _decide(turn: Turn) -> Decision:
    return turn.decision(next_look(turn.case))


def _new_calendar(turn: Turn, act: CalendarChanged) -> None:
    """People work on other days or at other hours than the case knew: a running deadline is worked out again."""
    turn.change(start=turn.case.start.model_copy(update={"calendar": act.calendar}))
    if turn.case.state in {"open", "confirming"}:
        change_deadline(turn, "calendar")


def _time_passed(turn: Turn) -> None:
    """Act on everything that is due: a missed deadline first, then silence, reminders, a chase, and what is outstanding."""
    case = turn.case
    if case.ended:
        chase_follow_ups(turn)
        return
    if case.deadline.at is not None and case.deadline.at <= turn.now:
        _deadline_passed(turn)
        return
    if any(moment <= turn.now for moment in case.look_in):
        turn.change(look_in=tuple(moment for moment in case.look_in if moment > turn.now))
        look_in(turn)
    if any(moment <= turn.now for moment in case.reminders):
        turn.change(reminders=tuple(moment for moment in case.reminders if moment > turn.now))
        turn.tell("reminder", case.people or [turn.raiser], step_facts(turn), urgent=True)
    if case.chase_at is not None and case.chase_at <= turn.now:
        turn.change(chase_at=turn.now + chase(turn))
        _chase(turn)


def _deadline_passed(turn: Turn) -> None:
    """The step's time, or the time to challenge a decision, is over: silence is not acceptance, and the case moves up."""
    case = turn.case
    if case.deadline.at is not None:
        turn.record(DeadlineMissed, step=case.step, deadline=case.deadline.at)
    if case.state == "decided":
        turn.change(outcome=None, state="open")
    else:
        turn.change(lapses=(*case.lapses, f"Step {case.step}: it was not resolved by its deadline."))
    move_up(turn, "deadline_missed")


def _chase(turn: Turn) -> None:
    """Remind people where no time is stated; at a step, whoever comes next in a silent agency is asked as well."""
    case = turn.case
    if case.state == "last_tier_passed":
        turn.alert_board("last_tier_passed", "The last step has passed and there is still no agreed outcome.")
        if choice_in_force(turn, "A-15", "board_decides") == "last_step_goes_on":
            turn.tell("reminder", case.people or [turn.raiser], step_facts(turn))
        return
    turn.tell("reminder", case.people or [turn.raiser], step_facts(turn))
    if case.state != "decided":
        look_in(turn)
