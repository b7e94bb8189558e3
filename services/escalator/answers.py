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
from services.escalator.case import Case, Outcome, Participant
from services.escalator.steps import described, move_up, tell_outcome
from services.escalator.times import Deadline
from services.escalator.turn import Turn, recipient, without_repeats

SIDES = (Side.RAISING, Side.OTHER)


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
    asked = int(reply.notice_id.rpartition(".")[2]) if reply.notice_id.rpartition(".")[2].isdigit() else 0
    if reply.side is Side.BOARD:
        return "Board staff act on a case from its page, not by mail."
    if reply.act in {ReplyAct.CONFIRMED, ReplyAct.DISPUTED}:
        if case.outcome is None:
            return "There is no outcome waiting to be confirmed."
        if asked < case.outcome.first_notice:
            return "The outcome has changed since the mail you answered. Please answer the latest one."
    if reply.act is ReplyAct.NOT_RESOLVED:
        if case.state == "last_tier_passed":
            return "The last step has passed already, and board staff have been told."
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
    outcome = turn.case.outcome
    if outcome is None or reply.side in outcome.confirmed:
        return
    confirmed = (*outcome.confirmed, reply.side)
    turn.record(OutcomeConfirmed, outcome=outcome.number, side=reply.side, by=reply.by)
    turn.change(outcome=outcome.model_copy(update={"confirmed": confirmed}))
    case = turn.case
    if set(confirmed) == set(SIDES):
        people = without_repeats((*case.involved, *case.people))
        turn.change(state="closed", deadline=Deadline(at=None, explanation="The case is closed."), reminders=(), chase_at=None)
        turn.record(
            CaseClosed,
            outcome=outcome.number,
            recipients=tuple(recipient(turn.board, participant.person, participant.side) for participant in people),
        )
        return
    for side in SIDES:
        waiting = "your side" if side not in confirmed else "the other side"
        told = [p for p in (turn.raiser, *case.people) if p.side is side]
        facts: dict[str, JsonValue] = {"outcome": outcome.number, "by": described(reply.by), "waiting_for": waiting}
        turn.tell("outcome_confirmed", told, facts, {"outcome": outcome.content})


def _dispute(turn: Turn, reply: ReplyReceived) -> None:
    case = turn.case
    if case.outcome is None:
        return
    turn.record(OutcomeDisputed, outcome=case.outcome.number, side=reply.side, by=reply.by, content=reply.content)
    facts: dict[str, JsonValue] = {"outcome": case.outcome.number, "by": described(reply.by)}
    turn.change(outcome=None, state="open" if case.state == "confirming" else case.state)
    turn.tell("outcome_disputed", (turn.raiser, *case.people), facts, {"reply": reply.content}, urgent=True)
