"""What a notice says about the step of a case, as facts: what holds there, and the words somebody may reply with."""

from datetime import timedelta

from pydantic import JsonValue

from services.contracts.vocabulary import Person, Side
from services.escalator.ladders import Unit
from services.escalator.turn import Answers, Turn

_DUTY = {
    "should": "Advice should be sought",
    "may": "Advice may be sought",
    "alternative": "You may go to them instead of your manager",
}


def described(person: Person) -> dict[str, JsonValue]:
    """A professional, as named in a sentence."""
    return {"name": person.name, "role": person.role, "agency": person.agency}


def step_facts(turn: Turn) -> dict[str, JsonValue]:
    """Where the case is, and by when."""
    case = turn.case
    step = case.ladder.step(case.step)
    return {
        "step": case.step,
        "steps": len(case.ladder.steps),
        "name": step.name,
        "action": step.action,
        "deadline": case.deadline.at.isoformat() if case.deadline.at else None,
        "explanation": case.deadline.explanation,
        "paragraph": step.source,
        "otherwise": _otherwise(turn),
    }


def _otherwise(turn: Turn) -> str:
    """What happens where this step ends without an agreement and the ladder does not simply move up; empty where it does."""
    case = turn.case
    if case.step < len(case.ladder.steps):
        return ""
    if case.ladder.default_outcome is not None:
        return f"If you cannot agree, the protocol says what follows: {case.ladder.default_outcome.text}"
    if case.ladder.offers is not None:
        offered = turn.board.protocol.ladder(case.ladder.offers).name
        return f"If the advice is not followed, whoever asked can go on with: {offered}."
    return ""


def rules_of_step(turn: Turn, side: Side) -> list[JsonValue]:
    """What the protocol asks for at this step, for one side: a title, our words, and where it comes from."""
    case, protocol = turn.case, turn.board.protocol
    step = case.ladder.step(case.step)
    names = {key: role.name for key, role in protocol.roles.items()}
    rules: list[tuple[str, str, str]] = []
    if case.step == 1 and side is Side.RAISING:
        rules += [("Before you go on", one.text, one.source) for one in protocol.before]
    if side in case.reasons_from:
        rules.append(("Your reasons in writing", "Give the reasons for your side in writing: reply RESPONSE.", step.source))
    if step.meeting is not None:
        held = "must be held" if step.meeting.must else "is to be considered"
        text = f"A meeting of everybody involved {held}. {names[step.meeting.coordinator]} arranges it."
        rules.append(("A meeting", text, step.meeting.source))
    if step.decision is not None:
        first = f" {names[step.decision.consult]} must be consulted first." if step.decision.consult else ""
        text = f"Where the two sides cannot agree, {names[step.decision.by]} may decide, and dissent is recorded.{first}"
        rules.append(("Who may decide", text, step.decision.source))
    if step.decision_needed is not None:
        rules.append(("A decision is needed", step.decision_needed.text, step.decision_needed.source))
    if protocol.protection is not None:
        rules.append(("The child’s own time", protocol.protection.text, protocol.protection.source))
    if advice_open(turn, side) and protocol.advice is not None:
        text = f"{_DUTY[protocol.advice.duty]}: {protocol.advice.text} The time of the step runs on."
        rules.append(("Advice", text, protocol.advice.source))
    if protocol.bypass is not None:
        rules.append(("Passing over a step", protocol.bypass.text, protocol.bypass.source))
    if protocol.closing.read_back is not None:
        parts = [PARTS[part] for part in protocol.closing.read_back.parts]
        text = f"A written outcome says {', '.join(parts)}. Write “none” where there is none."
        rules.append(("What an outcome says", text, protocol.closing.read_back.source))
    return [{"title": title, "text": text, "source": source} for title, text, source in rules]


PARTS = {
    "agreed": "what was agreed",
    "working_arrangement": "how you work together while it stays unresolved",
    "risk": "what risk was assessed",
    "depends_on": "whether that depends on further information or action",
    "actions": "who takes responsibility for each action",
    "outstanding": "how what is outstanding will be pursued",
    "planning": "what follows for the child’s plan",
    "review": "whether the next review conference is brought forward",
}
"""The parts of a written outcome, in the middle of a sentence."""


def advice_open(turn: Turn, side: Side) -> bool:
    """Whether this side may ask for advice: some protocols offer it in some sectors only (OXF-13, A-23)."""
    advice = turn.board.protocol.advice
    if advice is None or side is Side.BOARD:
        return False
    return not advice.sectors or side is Side.OTHER or turn.case.start.own_sector in advice.sectors


def example_time(turn: Turn) -> str:
    """A time such as people may propose: at four in the afternoon the day after tomorrow."""
    wall = turn.case.start.calendar.wall_day(turn.now + timedelta(days=2))
    return f"{wall} at 4pm"


def step_answers(turn: Turn, side: Side) -> Answers:
    """The further words somebody on this side may reply with at this step, and what each does."""
    case, protocol = turn.case, turn.board.protocol
    step = case.ladder.step(case.step)
    soon = example_time(turn)
    answers: list[tuple[str, str]] = []
    if case.ladder.advice:
        answers += [
            ("ADVICE TAKEN", "You follow the advice, and this ends."),
            ("ADVICE NOT TAKEN", "You do not follow it, and are told where you can go from here."),
        ]
    if step.decision is not None and step.decision.side is side:
        if step.decision.consult:
            answers.append(
                ("CONSULTED", "You have consulted, as the protocol asks before a final decision; say what was said.")
            )
        answers.append(("DECISION", "You decide, where the protocol lets you; say what, in the parts of an outcome."))
    if step.within is not None and step.within.kind is Unit.AGREED:
        answers.append((f"TIME {soon}", "You propose the time by which the two of you resolve it."))
    if step.meeting is not None:
        answers.append((f"MEETING {soon}", "You have arranged the meeting; say where."))
    if advice_open(turn, side):
        answers.append(("ADVICE", "You ask a safeguarding professional of your agency for advice; write your question."))
    if protocol.bypass is not None:
        answers.append(("BYPASS", "You ask everybody involved to agree to pass over this step; write why."))
    if side is not Side.BOARD:
        answers.append(("STILL AT RISK", "You believe that the child is still at risk of significant harm; write why."))
        answers.append(("WRONG PERSON", "Somebody else should have been asked; write who."))
    if side is Side.RAISING:
        answers.append(("WITHDRAW", "You no longer disagree; write why."))
    return tuple(answers)
