"""Answers to notices: each is acted on, or answered with the reason why it cannot be where the case is now. None is lost."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from services.contracts.escalator import ActNotTaken, ResponseRecorded
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator import advice, agreed_time, bypass, decisions, follow_up, leaving, outcomes
from services.escalator.asking import replace
from services.escalator.case import Participant, notice_number
from services.escalator.reading_back import has_confirmed
from services.escalator.steps import move_up
from services.escalator.turn import Turn, without, without_repeats
from services.escalator.wording import described

CLOSED = "The case has closed. Your reply has been kept with it. If it must go on, reply REOPEN and say why."

AFTER_CLOSING = frozenset({ReplyAct.REOPENED, ReplyAct.LEARNING, ReplyAct.DONE})
"""What somebody may still do once a case has ended."""

_ACCEPT_OR_DISSENT = "A decision was made. Reply CONFIRM if you accept it, or DISSENT and your reasons."

_WRITES = frozenset({ReplyAct.RESPONSE, ReplyAct.OUTCOME_PROPOSED, ReplyAct.DECISION, ReplyAct.DISPUTED, ReplyAct.MEETING})
_SAYS_NOTHING = frozenset({ReplyAct.ADVICE_GIVEN, ReplyAct.WRONG_PERSON, ReplyAct.LEARNING})
"""Acts after which a side has still not said anything about the disagreement: silence goes on."""


def answered(turn: Turn, reply: ReplyReceived) -> None:
    """Act on a reply, or say why not."""
    sender = Participant(person=turn.known(reply.by), side=reply.side)
    reason = _why_not(turn, reply)
    if not (reply.side is Side.BOARD or turn.case.ended):
        _was_heard(turn, reply)
    if reason:
        turn.record(ActNotTaken, side=reply.side, by=sender.person, act=reply.act, reason=reason)
        turn.tell("act_not_taken", [sender], {"act": reply.act, "reason": reason})
        return
    turn.change(involved=without_repeats((*turn.case.involved, sender)))
    _ACTS[reply.act].do(turn, reply, sender)


def _was_heard(turn: Turn, reply: ReplyReceived) -> None:
    """Their side has said something at this step; and put it in writing, or given its reasons."""
    case, side = turn.case, (reply.side,)
    if reply.act not in _SAYS_NOTHING:
        turn.change(heard=tuple(dict.fromkeys(case.heard + side)))
    if reply.act in _WRITES:
        turn.change(written=tuple(dict.fromkeys(case.written + side)))
    if reply.act is ReplyAct.RESPONSE:
        turn.change(reasons=tuple(dict.fromkeys(case.reasons + side)))


def _why_not(turn: Turn, reply: ReplyReceived) -> str:
    """Why this reply cannot be acted on where the case is now; empty when it can."""
    if reply.act is ReplyAct.REOPENED and not turn.case.ended:
        return "The case has not ended: it is open."
    if turn.case.ended and reply.act not in AFTER_CLOSING:
        return CLOSED
    if reply.side is Side.BOARD:
        return "Board staff act on a case from its page, not by mail."
    return _ACTS[reply.act].why_not(turn, reply)


def _why_not_about_the_outcome(turn: Turn, reply: ReplyReceived) -> str:
    asked, outcome = notice_number(reply.notice_id), turn.case.outcome
    if outcome is None:
        return "There is no outcome waiting to be confirmed."
    if asked is None:
        return "The mail you answered did not ask about an outcome. Please answer the one that did, so that we know which you mean."
    if asked < outcome.first_notice:
        return "The outcome has changed since the mail you answered. Please answer the latest one."
    if outcome.imposed:
        return _ACCEPT_OR_DISSENT if reply.act is ReplyAct.DISPUTED else decisions.why_not_answer(turn, reply)
    if reply.act is ReplyAct.CONFIRMED and has_confirmed(turn, outcome, turn.known(reply.by), reply.side):
        return "Your side has confirmed this outcome already. It waits for the other side."
    return ""


def _why_not_move_up(turn: Turn, reply: ReplyReceived) -> str:
    case, asked = turn.case, notice_number(reply.notice_id)
    if case.state == "last_tier_passed":
        return "The last step has passed already, and board staff have been told."
    if case.state == "decided":
        return _ACCEPT_OR_DISSENT
    if asked is None:
        return (
            "The mail you answered was not about a step. Please answer the latest one that is, so that we know which you mean."
        )
    if asked < case.step_first_notice:
        return f"The case has moved on to step {case.step} since the mail you answered."
    return ""


def _respond(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    turn.record(ResponseRecorded, step=turn.case.step, side=reply.side, by=sender.person, content=reply.content)
    others = [p for p in turn.everybody if p.side is not reply.side]
    facts: dict[str, JsonValue] = {"step": turn.case.step, "by": described(sender.person)}
    turn.tell("response_recorded", others, facts, {"reply": reply.content})


def _meet(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    when = f" It is at {turn.case.start.calendar.wall(reply.moment)}." if reply.moment else ""
    turn.record_act(reply.act, sender, f"{sender.person.name} arranged a meeting.{when}", reply.content)
    turn.change(met=True)
    others = without(turn.everybody, sender)
    lines = [f"{sender.person.name} has arranged a meeting.{when}"]
    turn.inform(others, "A meeting was arranged", lines, sealed={"reply": reply.content}, urgent=True)


def _wrong_person(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    instead = f" It is {reply.named}." if reply.named else ""
    turn.record_act(
        reply.act, sender, f"{sender.person.name} says that somebody else should have been asked.{instead}", reply.content
    )
    turn.inform([sender], "Thank you: we ask somebody else", ["You need not do anything more."])
    replace(turn, sender.person.address.lower(), "wrong_person", reply.named)


def _confirm(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    imposed = turn.case.outcome is not None and turn.case.outcome.imposed
    (decisions.accept if imposed else outcomes.confirm)(turn, reply, sender)


def _not_resolved(turn: Turn, _reply: ReplyReceived, _sender: Participant) -> None:
    turn.change(outcome=None, state="open")
    move_up(turn, "not_resolved")


def _consulted(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    turn.record_act(
        reply.act, sender, f"{sender.person.name} says that the protocol’s consultation has taken place.", reply.content
    )
    turn.change(consulted=True)


def _nothing_against(_turn: Turn, _reply: ReplyReceived) -> str:
    return ""


class _Act(NamedTuple):
    """What an act does, and what may stand against it where the case is now."""

    do: Callable[[Turn, ReplyReceived, Participant], None]
    why_not: Callable[[Turn, ReplyReceived], str] = _nothing_against


_ACTS: Mapping[ReplyAct, _Act] = {
    ReplyAct.RESPONSE: _Act(_respond),
    ReplyAct.OUTCOME_PROPOSED: _Act(outcomes.propose, outcomes.why_not_propose),
    ReplyAct.CONFIRMED: _Act(_confirm, _why_not_about_the_outcome),
    ReplyAct.DISPUTED: _Act(outcomes.dispute, _why_not_about_the_outcome),
    ReplyAct.NOT_RESOLVED: _Act(_not_resolved, _why_not_move_up),
    ReplyAct.DECISION: _Act(decisions.decide_alone, decisions.why_not_decide),
    ReplyAct.DISSENT: _Act(decisions.dissent, decisions.why_not_answer),
    ReplyAct.CHALLENGE: _Act(decisions.challenge, decisions.why_not_answer),
    ReplyAct.NO_CHALLENGE: _Act(decisions.no_challenge, decisions.why_not_answer),
    ReplyAct.BYPASS_ASKED: _Act(bypass.ask_to_bypass, bypass.why_not),
    ReplyAct.BYPASS_AGREED: _Act(bypass.agree, bypass.why_not),
    ReplyAct.BYPASS_REFUSED: _Act(bypass.refuse, bypass.why_not),
    ReplyAct.TIME_PROPOSED: _Act(agreed_time.propose_time, agreed_time.why_not),
    ReplyAct.TIME_AGREED: _Act(agreed_time.agree_time, agreed_time.why_not),
    ReplyAct.MEETING: _Act(_meet),
    ReplyAct.CONSULTED: _Act(_consulted),
    ReplyAct.ADVICE_WANTED: _Act(advice.ask_for_advice, advice.why_not_ask),
    ReplyAct.ADVICE_GIVEN: _Act(advice.advise),
    ReplyAct.ADVICE_TAKEN: _Act(advice.end_advice, advice.why_not_end),
    ReplyAct.ADVICE_NOT_TAKEN: _Act(advice.end_advice, advice.why_not_end),
    ReplyAct.STILL_AT_RISK: _Act(advice.say_still_at_risk),
    ReplyAct.DONE: _Act(follow_up.reply_done, follow_up.why_not_reply_done),
    ReplyAct.LEARNING: _Act(follow_up.reply_learning),
    ReplyAct.WITHDRAWN: _Act(leaving.reply_withdraw, leaving.why_not_withdraw),
    ReplyAct.REOPENED: _Act(leaving.reply_reopen),
    ReplyAct.WRONG_PERSON: _Act(_wrong_person),
}
