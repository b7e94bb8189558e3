"""Leaving a case and coming back to it: withdrawal, and reopening one that has ended."""

from services.contracts.escalator import CaseOpened, CaseReopened
from services.contracts.intake import ReplyReceived
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, Person, Side
from services.escalator.case import Participant
from services.escalator.closing import close
from services.escalator.outline import outline
from services.escalator.steps import begin_ladder, reach
from services.escalator.turn import Turn


def withdraw(turn: Turn, by: Participant, content: Sealed | None) -> None:
    """Whoever raised it no longer disagrees: both sides and board staff are told, and the case closes. It can be reopened."""
    turn.change(outcome=None)
    sealed = {"reply": content} if content else None
    line = f"{by.person.name} has withdrawn the disagreement. If the child is still at risk, reply REOPEN and say why."
    answers = (("REOPEN", "This should go on; write why."),)
    turn.inform(turn.everybody, "The disagreement was withdrawn", [line], answers, sealed=sealed)
    turn.alert_board("withdrawn", f"{by.person.name} has withdrawn the disagreement at step {turn.case.step}.")
    close(turn, Ending.WITHDRAWN)


def reopen(turn: Turn, by: Person, content: Sealed | None) -> None:
    """A case that has ended goes on: at the step where it ended, on the ladder that a call for advice offers (A-13), or, where it had
    been redirected, from the beginning. Its time counts from now."""
    case, protocol = turn.case, turn.board.protocol
    was_redirected = case.state == "redirected"
    offered = case.ladder.offers if case.how is Ending.ADVICE_NOT_TAKEN else None
    turn.change(state="open", how=None, outcome=None, pursuits=(), clock_from=turn.now)
    if was_redirected:
        record_opened(turn)
        begin_ladder(turn, "reopened")
        return
    if offered is not None:
        turn.change(ladder=protocol.ladder(offered), step=0)
    turn.record(
        CaseReopened,
        by=by,
        step=case.step if offered is None else 1,
        content=content,
        ladder_name=turn.case.ladder.name,
        outline=outline(protocol, turn.case.ladder),
    )
    if offered is not None:
        begin_ladder(turn, "advice_not_taken")
    else:
        reach(turn, max(case.step, 1), "reopened")


def record_opened(turn: Turn) -> None:
    """Say that the case has begun on its ladder."""
    case, protocol = turn.case, turn.board.protocol
    form = case.start.form
    turn.record(
        CaseOpened,
        ladder=case.ladder.id,
        ladder_name=case.ladder.name,
        case_stage=protocol.case_stages[form.case_stage],
        area=protocol.areas[form.area],
        protocol_version=protocol.version,
        raised_by=turn.raiser.person,
        other_agency=form.other_agency,
        raised_at=form.received_at,
        immediate_danger=form.immediate_danger,
        demonstration=turn.board.demonstration,
        outline=outline(protocol, case.ladder),
        protocol=protocol.reference,
    )


def why_not_withdraw(_turn: Turn, reply: ReplyReceived) -> str:
    """Why somebody may not withdraw; empty when they may."""
    return "" if reply.side is Side.RAISING else "Only the side that raised it can withdraw it."


def reply_withdraw(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody answered that they no longer disagree."""
    withdraw(turn, sender, reply.content)


def reply_reopen(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """Somebody answered that a case must go on."""
    reopen(turn, sender.person, reply.content)
