"""Decisions that somebody may make alone where the two sides do not agree, dissent with its reasons, and challenge.

BIR-19, OXF-19 to OXF-23, NOR-09. Dissent is never counted as acceptance, and silence is not either: when the time to challenge has
passed without an answer, the case moves up as at any other step.
"""

from services.contracts.escalator import DecisionMade, DissentRecorded
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import Ending, ReplyAct
from services.escalator.case import Outcome, Participant
from services.escalator.closing import close
from services.escalator.outcomes import why_not_propose
from services.escalator.reading_back import tell_outcome
from services.escalator.step_time import chase, set_deadline
from services.escalator.steps import move_up
from services.escalator.times import Deadline, period
from services.escalator.turn import Answers, Turn, without, without_repeats

_CHALLENGE: Answers = (
    ("CHALLENGE", "You take it further; write why."),
    ("NO CHALLENGE", "Your dissent stays on record, and you take it no further."),
)


def why_not_decide(turn: Turn, reply: ReplyReceived) -> str:
    """Why somebody may not decide here; empty when they may."""
    case, roles = turn.case, turn.board.protocol.roles
    rule = case.ladder.step(case.step).decision
    if rule is None:
        return "At this step the protocol lets nobody decide alone. Reply OUTCOME with what you both agreed, or NOT RESOLVED."
    holders = [p for p in case.people if p.side is rule.side and p.person.role == roles[rule.by].name]
    address = reply.by.address.lower()
    if reply.side is not rule.side or (holders and address not in [p.person.address.lower() for p in holders]):
        return f"At this step only one person may decide: {roles[rule.by].name} ({rule.source})."
    if rule.consult is not None and not case.consulted:
        return f"{roles[rule.consult].name} must be consulted before a final decision ({rule.source}). Reply CONSULTED when that is done."
    return why_not_propose(turn, reply)


def decide_alone(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody decides who may: both sides are told, and the other one accepts, dissents or challenges."""
    case = turn.case
    rule = case.ladder.step(case.step).decision
    if rule is None:
        return
    number = case.outcomes + 1
    to_challenge = _time_to_challenge(turn)
    turn.record(
        DecisionMade,
        step=case.step,
        outcome=number,
        side=reply.side,
        by=sender.person,
        content=reply.content,
        paragraph=rule.source,
        challenge_by=to_challenge.at if to_challenge else None,
    )
    outcome = Outcome(
        number=number,
        side=reply.side,
        by=sender.person,
        content=reply.content,
        confirmed=(sender,),
        first_notice=turn.case.notices + 1,
        parts=reply.parts,
        pursued=reply.pursued,
        imposed=True,
    )
    turn.change(outcome=outcome, outcomes=number, state="decided")
    if to_challenge is not None:
        set_deadline(turn, to_challenge)
        turn.change(look_in=())
    elif case.deadline.at is None:
        turn.change(chase_at=turn.now + chase(turn))
    tell_outcome(turn, without_repeats((*turn.everybody, sender)))


def _time_to_challenge(turn: Turn) -> Deadline | None:
    """The time to challenge a decision made now (OXF-22); None where the document states none."""
    rule = turn.case.ladder.step(turn.case.step).decision
    if rule is None or rule.challenge_within is None:
        return None
    since = "when the decision was made"
    return period(turn.board.protocol, rule.challenge_within, turn.now, turn.case.start.calendar, since)


def accept(turn: Turn, _reply: ReplyReceived, sender: Participant) -> None:
    """Somebody accepts a decision; when nobody on the other side dissents any more, the case closes on it."""
    if turn.case.outcome is None:
        return
    outcome = turn.case.outcome.model_copy(update={"confirmed": (*turn.case.outcome.confirmed, sender)})
    turn.change(outcome=outcome)
    turn.record_act(ReplyAct.CONFIRMED, sender, f"{sender.person.name} accepts decision {outcome.number}.")
    close(turn, Ending.IMPOSED)


def dissent(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody dissents, with reasons, which are recorded; where there is somewhere to take it, they are asked whether they do (OXF-21)."""
    case = turn.case
    if case.outcome is None:
        return
    turn.record(DissentRecorded, outcome=case.outcome.number, side=sender.side, by=sender.person, content=reply.content)
    outcome = case.outcome.model_copy(update={"dissented": without_repeats((*case.outcome.dissented, sender))})
    turn.change(outcome=outcome)
    others = without(turn.everybody, sender)
    sealed = {"reply": reply.content}
    turn.inform(
        others, "Dissent is on record", [f"{sender.person.name} dissents from decision {outcome.number}."], sealed=sealed
    )
    if case.outcome.side is sender.side:
        return
    if case.step < len(case.ladder.steps):
        lines = ["Your dissent and your reasons are on record.", "Please say whether you take it further."]
        turn.ask([sender], "Do you challenge the decision?", lines, _CHALLENGE)
    else:
        turn.inform([sender], "Your dissent is on record", ["Your reasons are kept with the decision."])
        close(turn, Ending.IMPOSED)


def challenge(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody takes a decision further: the next step begins."""
    turn.record_act(ReplyAct.CHALLENGE, sender, f"{sender.person.name} challenges the decision.", reply.content)
    turn.change(outcome=None, state="open")
    move_up(turn, "challenged")


def no_challenge(turn: Turn, _reply: ReplyReceived, sender: Participant) -> None:
    """Whoever dissents takes it no further: the case closes on the decision, with the dissent on record."""
    turn.record_act(ReplyAct.NO_CHALLENGE, sender, f"{sender.person.name} does not challenge the decision.")
    close(turn, Ending.IMPOSED)


def why_not_answer(turn: Turn, reply: ReplyReceived) -> str:
    """Why somebody cannot accept, dissent from or challenge a decision; empty when they can."""
    case = turn.case
    if case.state != "decided" or case.outcome is None:
        return "No decision waits for an answer."
    if reply.act is not ReplyAct.DISSENT and reply.side is case.outcome.side:
        return "The decision was made on your side. It waits for the other one."
    if reply.act is ReplyAct.CHALLENGE and case.step >= len(case.ladder.steps):
        return "The protocol has no further step. Reply DISSENT and your reasons: they are recorded."
    return ""
