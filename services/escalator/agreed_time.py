"""The time that the two sides set for a step themselves, never beyond the board's ceiling (OXF-10, A-25)."""

from services.contracts.escalator import DeadlineChanged
from services.contracts.intake import ReplyReceived
from services.contracts.vocabulary import ReplyAct
from services.escalator.case import Participant, ProposedTime
from services.escalator.ladders import Unit
from services.escalator.step_time import due, set_deadline
from services.escalator.turn import Answers, Turn
from services.escalator.wording import example_time


def why_not(turn: Turn, reply: ReplyReceived) -> str:
    """Why a time cannot be proposed or agreed here; empty when it can."""
    case = turn.case
    within = case.ladder.step(case.step).within
    if within is None or within.kind is not Unit.AGREED or case.state in {"decided", "last_tier_passed"}:
        return "At this step the time is not for the two sides to set."
    if reply.act is ReplyAct.TIME_AGREED:
        if case.proposed_time is None or case.proposed_time.side is reply.side:
            return "The other side has not proposed a time."
        return "" if case.proposed_time.at > turn.now else "The time that was proposed has passed."
    if reply.moment is None or reply.moment <= turn.now:
        return f"Please propose a time that is still to come, such as: TIME {example_time(turn)}."
    ceiling = due(turn).at if case.agreed_time is None else None
    if ceiling is not None and reply.moment > ceiling:
        return f"The latest time that the board allows here is {case.start.calendar.wall(ceiling)}."
    return ""


def propose_time(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """One side proposes a time: the other is asked."""
    if reply.moment is None:
        return
    wall = turn.case.start.calendar.wall(reply.moment)
    turn.record_act(reply.act, sender, f"{sender.person.name} proposed to resolve it by {wall}.", reply.content)
    turn.change(proposed_time=ProposedTime(side=sender.side, at=reply.moment))
    others = [p for p in turn.everybody if p.side is not sender.side]
    lines = [f"{sender.person.name} proposes that you resolve it by {wall}."]
    answers: Answers = (
        ("AGREE TIME", "You agree to resolve it by then."),
        (f"TIME {example_time(turn)}", "You propose another time."),
    )
    turn.ask(others, "Do you agree to this time?", lines, answers)


def agree_time(turn: Turn, reply: ReplyReceived, sender: Participant) -> None:
    """The other side agrees: that is the step's deadline now."""
    proposed = turn.case.proposed_time
    if proposed is None:
        return
    turn.record_act(
        reply.act, sender, f"{sender.person.name} agreed to {turn.case.start.calendar.wall(proposed.at)}.", reply.content
    )
    turn.change(agreed_time=proposed.at, proposed_time=None)
    change_deadline(turn, "time_agreed")


def change_deadline(turn: Turn, why: str) -> None:
    """Work the running deadline out again, and tell everybody at the step where it moved."""
    before, found = turn.case.deadline.at, due(turn)
    if found.at == before:
        return
    set_deadline(turn, found)
    turn.record(DeadlineChanged, step=turn.case.step, deadline=found.at, explanation=found.explanation, why=why)
    moved = turn.case.start.calendar.wall(found.at) if found.at else "no stated time"
    turn.inform(turn.everybody, "The time of this step has changed", [f"It is now: {moved}."], urgent=True)
