"""The end of a step, and of a case: what the protocol asked for and was not done is recorded, and everybody gets the record."""

from services.contracts.escalator import CaseClosed, RequirementNotMet
from services.contracts.vocabulary import Ending, Side, Writing
from services.escalator.follow_up import begin_follow_up, tell_what_follows
from services.escalator.ladders import Step
from services.escalator.times import Deadline
from services.escalator.turn import Turn, recipient, without_repeats

_SIDES = {Side.RAISING: "The side that raised it", Side.OTHER: "The other side"}


def leave(turn: Turn) -> None:
    """The step ends: what the protocol asked for there and was not done is recorded (BED-20)."""
    case = turn.case
    if not case.step:
        return
    step = case.ladder.step(case.step)
    for side in case.reasons_from:
        if side not in case.reasons:
            lapse(turn, step, f"{_SIDES[side]} gave no reasons in writing.")
    if step.writing is not Writing.NONE and not case.written:
        lapse(turn, step, "What was said was not put in writing.")
    if step.meeting is not None and step.meeting.must and not case.met:
        lapse(turn, step, "The meeting was not held.")


def lapse(turn: Turn, step: Step, what: str) -> None:
    """Record that something the protocol asks for at a step was not done."""
    turn.record(RequirementNotMet, step=step.number, what=what, paragraph=step.source)
    turn.change(lapses=(*turn.case.lapses, f"Step {step.number}: {what}"))


def close(turn: Turn, how: Ending) -> None:
    """The case closes: the record goes to everybody who took part, and what is outstanding is chased from now on."""
    leave(turn)
    case = turn.case
    people = without_repeats((*case.involved, *case.people))
    turn.change(
        state="closed",
        how=how,
        deadline=Deadline(at=None, explanation="The case is closed."),
        reminders=(),
        look_in=(),
        chase_at=None,
        bypass=None,
        asking=None,
    )
    begin_follow_up(turn)
    turn.record(
        CaseClosed,
        outcome=case.outcome.number if case.outcome else None,
        recipients=tuple(recipient(turn.board, participant.person, participant.side) for participant in people),
        how=how,
        procedures_followed=not turn.case.lapses,
        lapses=turn.case.lapses,
    )
    tell_what_follows(turn, people)
