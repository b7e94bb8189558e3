"""Outcomes: put in writing, read back, confirmed by both sides, disputed; and how a case closes (BED-19, BAR-19, BIR-10)."""

from pydantic import JsonValue

from services.contracts.escalator import OutcomeConfirmed, OutcomeDisputed, OutcomeProposed
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import Ending
from services.escalator.case import Outcome, Participant
from services.escalator.closing import close
from services.escalator.reading_back import is_confirmed, tell_confirmed, tell_outcome
from services.escalator.sides import SIDES
from services.escalator.turn import Turn, without_repeats
from services.escalator.wording import PARTS, described


def why_not_propose(turn: Turn, reply: ReplyReceived) -> str:
    """What a written outcome must say here and does not; empty when it says it all (BIR-10, BED-19)."""
    rule = turn.board.protocol.closing.read_back
    missing = [PARTS[part] for part in rule.parts if part not in reply.parts] if rule else []
    if rule is None or not missing:
        return ""
    lacks = "; nor ".join(missing)
    return f"The outcome does not say {lacks} ({rule.source}). Please send it again with that, and “none” where there is none."


def propose(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """One side puts an outcome in writing: both are asked to confirm this version of it."""
    case = turn.case
    number = case.outcomes + 1
    turn.record(OutcomeProposed, step=case.step, outcome=number, side=reply.side, by=sender.person, content=reply.content)
    outcome = Outcome(
        number=number,
        side=reply.side,
        by=sender.person,
        content=reply.content,
        first_notice=turn.case.notices + 1,
        parts=reply.parts,
        pursued=reply.pursued,
    )
    turn.change(outcome=outcome, outcomes=number, state="confirming" if case.state != "last_tier_passed" else case.state)
    tell_outcome(turn, without_repeats((sender, *turn.everybody)))


def confirm(turn: Turn, _reply: ReplyReceived, sender: Participant) -> None:
    """One side confirms. When both have, the case closes."""
    case = turn.case
    if case.outcome is None:
        return
    outcome = case.outcome.model_copy(update={"confirmed": (*case.outcome.confirmed, sender)})
    turn.record(OutcomeConfirmed, outcome=outcome.number, side=sender.side, by=sender.person)
    turn.change(outcome=outcome)
    if all(is_confirmed(turn, outcome, side) for side in SIDES):
        arranged = turn.board.protocol.closing.working_arrangement is not None and "working_arrangement" in outcome.parts
        close(turn, Ending.WORKING_ARRANGEMENT if arranged else Ending.CONFIRMED)
        return
    tell_confirmed(turn, outcome, sender.person, turn.everybody)


def dispute(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """One side says the outcome as written is not what was agreed: it is open again."""
    case = turn.case
    if case.outcome is None:
        return
    turn.record(OutcomeDisputed, outcome=case.outcome.number, side=reply.side, by=sender.person, content=reply.content)
    facts: dict[str, JsonValue] = {"outcome": case.outcome.number, "by": described(sender.person)}
    turn.change(outcome=None, state="open" if case.state == "confirming" else case.state)
    turn.tell("outcome_disputed", turn.everybody, facts, {"reply": reply.content}, urgent=True)
