"""Passing over a step by consent: everybody whose consent counts says yes in writing, each by name (BAR-08, A-29)."""

from services.contracts.escalator import StepBypassed
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.case import Bypass, Participant
from services.escalator.sides import choice_in_force
from services.escalator.steps import move_up
from services.escalator.turn import Answers, Turn, without, without_repeats

_ANSWERS: Answers = (
    ("AGREE BYPASS", "You agree to pass over this step."),
    ("REFUSE BYPASS", "You do not agree: the step stays."),
)


def why_not(turn: Turn, reply: ReplyReceived) -> str:
    """Why a step cannot be passed over, or consent not be given; empty when it can."""
    case = turn.case
    if turn.board.protocol.bypass is None:
        return "This board’s protocol does not say that a step may be passed over."
    if case.state in {"decided", "last_tier_passed"}:
        return "There is no step to pass over now."
    if reply.act is ReplyAct.BYPASS_ASKED and case.bypass is not None:
        return "Passing over this step has been asked for already. Reply AGREE BYPASS or REFUSE BYPASS."
    if reply.act is not ReplyAct.BYPASS_ASKED and case.bypass is None:
        return "Nobody has asked to pass over this step."
    return ""


def ask_to_bypass(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody asks: whoever must agree is asked."""
    turn.record_act(reply.act, sender, f"{sender.person.name} asked to pass over step {turn.case.step}.", reply.content)
    turn.change(bypass=Bypass(agreed=(sender,)))
    if _go_on(turn):
        return
    lines = [
        f"{sender.person.name} asks to pass over step {turn.case.step}. It happens only if everybody whose consent counts agrees.",
        "The time of the step runs on meanwhile.",
    ]
    rule = turn.board.protocol.bypass
    turn.ask(
        without(turn.everybody, sender),
        "Do you agree to pass over this step?",
        lines,
        _ANSWERS,
        sealed={"reply": reply.content},
        paragraph=rule.source if rule else "",
    )


def agree(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody agrees. When everybody whose consent counts has, the next step begins."""
    if turn.case.bypass is None:
        return
    turn.record_act(reply.act, sender, f"{sender.person.name} agreed to pass over step {turn.case.step}.", reply.content)
    turn.change(bypass=Bypass(agreed=without_repeats((*turn.case.bypass.agreed, sender))))
    if not _go_on(turn):
        turn.inform([sender], "You agreed to pass over this step", ["It waits for others. The time of the step runs on."])


def refuse(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody does not agree: the step stays."""
    turn.record_act(reply.act, sender, f"{sender.person.name} did not agree to pass over step {turn.case.step}.", reply.content)
    turn.change(bypass=None)
    turn.inform(without(turn.everybody, sender), "The step stays", [f"{sender.person.name} did not agree to pass over it."])


def _go_on(turn: Turn) -> bool:
    """Begin the next step when everybody whose consent counts has agreed: all at the step, or one of each side (A-29)."""
    case, rule = turn.case, turn.board.protocol.bypass
    if case.bypass is None or rule is None:
        return False
    agreed = case.bypass.agreed
    if choice_in_force(turn, "A-29", "everyone_at_the_step") == "one_for_each_side":
        enough = {Side.RAISING, Side.OTHER} <= {participant.side for participant in agreed}
    else:
        have = {participant.person.address.lower() for participant in agreed}
        alone = not case.ladder.step(case.step).people(Side.OTHER)  # such as BAR-S1, step 1: co-workers on one side
        enough = (alone or len({p.side for p in agreed}) > 1) and have >= {p.person.address.lower() for p in turn.everybody}
    if not enough:
        return False
    turn.record(StepBypassed, step=case.step, agreed_by=tuple(p.person for p in agreed), paragraph=rule.source)
    turn.change(bypass=None, outcome=None, state="open")
    move_up(turn, "bypassed")
    return True
