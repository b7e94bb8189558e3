"""Reading a written outcome back to both sides, and who has confirmed it (BIR-10, BED-19, OXF-28)."""

from collections.abc import Iterable

from pydantic import JsonValue

from services.contracts.agencies import same_agency
from services.contracts.vocabulary import Person, Side
from services.escalator.case import Outcome, Participant
from services.escalator.sides import SIDES, agencies, choice_in_force
from services.escalator.turn import Turn, answer_facts
from services.escalator.wording import described


def is_confirmed(turn: Turn, outcome: Outcome, side: Side) -> bool:
    """Whether a side has confirmed: where several agencies are on it, each of them or any one, as the board chose (OXF-28, A-27)."""
    by = [participant.person for participant in outcome.confirmed if participant.side is side]
    if side is Side.RAISING or len(agencies(turn)) == 1 or choice_in_force(turn, "A-27", "one_for_each_agency") == "any_one":
        return bool(by)
    return all(any(same_agency(agency, person.agency) for person in by) for agency in agencies(turn))


def has_confirmed(turn: Turn, outcome: Outcome, person: Person, side: Side) -> bool:
    """Whether this person's own confirmation would add nothing: their side, or their agency where each counts, has confirmed."""
    if is_confirmed(turn, outcome, side):
        return True
    by = [participant.person for participant in outcome.confirmed if participant.side is side]
    return any(same_agency(person.agency, one.agency) for one in by)


def tell_outcome(turn: Turn, whom: Iterable[Participant]) -> None:
    """Read the outcome back and ask for its confirmation in writing (BIR-10, BED-19); those whose side has confirmed it are told so."""
    case = turn.case
    if case.outcome is None:
        return
    whom = list(whom)
    if case.outcome.imposed:
        theirs = [participant for participant in whom if participant.side is case.outcome.side]
        lines = ["The decision was put to the other side, which accepts it or says that it dissents."]
        turn.inform(theirs, "The decision was passed on", lines, sealed={"outcome": case.outcome.content})
        whom = [participant for participant in whom if participant not in theirs]
    else:
        for side in SIDES:
            if is_confirmed(turn, case.outcome, side) and (by := case.outcome.confirmed_by(side)):
                tell_confirmed(turn, case.outcome, by, [participant for participant in whom if participant.side is side])
                whom = [participant for participant in whom if participant.side is not side]
    step = case.ladder.step(case.step)
    answers = (
        (
            ("CONFIRM", "You accept the decision."),
            ("DISSENT", "You do not agree with it; write your reasons. They are recorded."),
        )
        if case.outcome.imposed
        else ()
    )
    facts: dict[str, JsonValue] = {
        "outcome": case.outcome.number,
        "by": described(case.outcome.by),
        "step": case.step,
        "deadline": case.deadline.at.isoformat() if case.deadline.at else None,
        "explanation": case.deadline.explanation,
        "imposed": case.outcome.imposed,
        "challenge_by": case.deadline.at.isoformat() if case.outcome.imposed and case.deadline.at else None,
        "paragraph": step.decision.source if case.outcome.imposed and step.decision else step.source,
        "answers": answer_facts(answers),
    }
    turn.tell("outcome_proposed", whom, facts, {"outcome": case.outcome.content}, urgent=True)


def tell_confirmed(turn: Turn, outcome: Outcome, by: Person, whom: Iterable[Participant]) -> None:
    """Say that one side has confirmed the outcome, and which side it waits for."""
    for participant in whom:
        done = has_confirmed(turn, outcome, participant.person, participant.side)
        facts: dict[str, JsonValue] = {
            "outcome": outcome.number,
            "by": described(by),
            "waiting_for": "the other side" if done else "your side",
        }
        turn.tell("outcome_confirmed", [participant], facts, {"outcome": outcome.content})
