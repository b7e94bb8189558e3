"""Answers to notices: a response, an outcome, its confirmation or dispute, or "not resolved"."""

from pydantic import JsonValue

from services.contracts.escalator import (
    ActNotTaken,
    CaseClosed,
    OutcomeConfirmed,
    OutcomeDisputed,
    OutcomeProposed,
    ResponseRecorded,
)
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.case import Case, Outcome, Participant, notice_number
from services.escalator.steps import SIDES, described, move_up, tell_confirmed, tell_outcome
from services.escalator.times import Deadline
from services.escalator.turn import Turn, recipient, without_repeats

CLOSED = "The case has closed. Your reply has been kept with it."


def answered(turn: Turn, reply: ReplyReceived) -> None:
    case = turn.case
    reason = _why_not(case, reply)
    if reason:
        turn.record(ActNotTaken, side=reply.side, by=reply.by, act=reply.act, reason=reason)
        sender = Participant(person=reply.by, side=reply.side)
        turn.tell("act_not_taken", [sender], {"act": reply.act, "reason": reason})
        return
    sender = Participant(person=reply.by, side=reply.side)
    turn.change(involved=without_repeats((*case.involved, sender)))
    match reply.act:
        case ReplyAct.RESPONSE:
            turn.record(ResponseRecorded, step=case.step, side=reply.side, by=reply.by, content=reply.content)
            others = [p for p in (turn.raiser, *case.people) if p.side is not reply.side]
            facts: dict[str, JsonValue] = {"step": case.step, "by": described(reply.by)}
            turn.tell("response_recorded", others, facts, {"reply": reply.content})
        case ReplyAct.OUTCOME_PROPOSED:
            _propose(turn, reply, sender)
        case ReplyAct.CONFIRMED:
            _confirm(turn, reply)
        case ReplyAct.DISPUTED:
            _dispute(turn, reply)
        case ReplyAct.NOT_RESOLVED:
            turn.change(outcome=None, state="open")
            move_up(turn, "not_resolved")


def _why_not(case: Case, reply: ReplyReceived) -> str:
    """Why this reply cannot be acted on where the case is now; empty when it can."""
    if case.state == "closed":
        return CLOSED
    if reply.side is Side.BOARD:
        return "Board staff act on a case from its page, not by mail."
    if reply.act in {ReplyAct.CONFIRMED, ReplyAct.DISPUTED}:
        return _why_not_about_the_outcome(case.outcome, reply)
    if reply.act is ReplyAct.NOT_RESOLVED:
        return _why_not_move_up(case, reply)
    return ""


def _why_not_about_the_outcome(outcome: Outcome | None, reply: ReplyReceived) -> str:
    asked = notice_number(reply.notice_id)
    if outcome is None:
        return "There is no outcome waiting to be confirmed."
    if asked is None:
        return "The mail you answered did not ask about an outcome. Please answer the one that did, so that we know which you mean."
    if asked < outcome.first_notice:
        return "The outcome has changed since the mail you answered. Please answer the latest one."
    if reply.act is ReplyAct.CONFIRMED and outcome.confirmed_by(reply.side):
        return "Your side has confirmed this outcome already. It waits for the other side."
    return ""


def _why_not_move_up(case: Case, reply: ReplyReceived) -> str:
    asked = notice_number(reply.notice_id)
    if case.state == "last_tier_passed":
        return "The last step has passed already, and board staff have been told."
    if asked is None:
        return (
            "The mail you answered was not about a step. Please answer the latest one that is, so that we know which you mean."
        )
    if asked < case.step_first_notice:
        return f"The case has moved on to step {case.step} since the mail you answered."
    return ""


def _propose(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    case = turn.case
    number = case.outcomes + 1
    turn.record(OutcomeProposed, step=case.step, outcome=number, side=reply.side, by=reply.by, content=reply.content)
    outcome = Outcome(number=number, side=reply.side, by=reply.by, content=reply.content, first_notice=turn.case.notices + 1)
    turn.change(outcome=outcome, outcomes=number, state="confirming" if case.state != "last_tier_passed" else case.state)
    tell_outcome(turn, (sender, turn.raiser, *case.people))


def _confirm(turn: Turn, reply: ReplyReceived) -> None:
    if turn.case.outcome is None:
        return
    confirmed = (*turn.case.outcome.confirmed, Participant(person=reply.by, side=reply.side))
    outcome = turn.case.outcome.model_copy(update={"confirmed": confirmed})
    turn.record(OutcomeConfirmed, outcome=outcome.number, side=reply.side, by=reply.by)
    turn.change(outcome=outcome)
    case = turn.case
    if all(outcome.confirmed_by(side) for side in SIDES):
        people = without_repeats((*case.involved, *case.people))
        turn.change(state="closed", deadline=Deadline(at=None, explanation="The case is closed."), reminders=(), chase_at=None)
        turn.record(
            CaseClosed,
            outcome=outcome.number,
            recipients=tuple(recipient(turn.board, participant.person, participant.side) for participant in people),
        )
        return
    tell_confirmed(turn, outcome, reply.by, without_repeats((turn.raiser, *case.people)))


def _dispute(turn: Turn, reply: ReplyReceived) -> None:
    case = turn.case
    if case.outcome is None:
        return
    turn.record(OutcomeDisputed, outcome=case.outcome.number, side=reply.side, by=reply.by, content=reply.content)
    facts: dict[str, JsonValue] = {"outcome": case.outcome.number, "by": described(reply.by)}
    turn.change(outcome=None, state="open" if case.state == "confirming" else case.state)
    turn.tell("outcome_disputed", (turn.raiser, *case.people), facts, {"reply": reply.content}, urgent=True)
