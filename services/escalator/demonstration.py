"""A protocol with one second for each hour, so that a case can be watched from end to end without scaling any clock."""

from services.escalator.ladders import Step, Unit, Within
from services.escalator.protocol import Protocol


def as_demonstration(protocol: Protocol) -> Protocol:
    """The protocol in seconds, and with no choice left that seconds cannot stand for.

    Raises ValueError where a time is in working hours or days, or left to the two sides.
    """
    ladders = []
    for ladder in protocol.ladders:
        alternatives = ladder.alternatives
        if alternatives is not None:
            by_option = {option: _in_seconds(steps) for option, steps in alternatives.steps.items()}
            alternatives = alternatives.model_copy(update={"steps": by_option})
        ladders.append(ladder.model_copy(update={"steps": _in_seconds(ladder.steps), "alternatives": alternatives}))
    choices = tuple(
        choice.model_copy(update={"options": (Unit.ELAPSED_HOURS.value,)}) if choice.id == "A-03" else choice
        for choice in protocol.choices
    )
    return protocol.model_copy(
        update={
            "demonstration": True,
            "ladders": tuple(ladders),
            "choices": choices,
            "reminders": tuple(_second_for_hour(before) for before in protocol.reminders),
            "chase": _second_for_hour(protocol.chase),
            "closing": protocol.closing.model_copy(update={"follow_up": _second_for_hour(protocol.closing.follow_up)}),
        }
    )


def _in_seconds(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(_step_in_seconds(step) for step in steps)


def _step_in_seconds(step: Step) -> Step:
    decision = step.decision
    if decision is not None and decision.challenge_within is not None:
        decision = decision.model_copy(update={"challenge_within": _second_for_hour(decision.challenge_within)})
    return step.model_copy(update={"within": step.within and _second_for_hour(step.within), "decision": decision})


def _second_for_hour(within: Within) -> Within:
    if within.kind in {Unit.WORKING_HOURS, Unit.WORKING_DAYS, Unit.END_OF_WORKING_DAY, Unit.AGREED}:
        raise ValueError(" ".join(filter(None, (f"{within.amount or ''}", within.kind.value.replace("_", " ")))))
    if within.kind is Unit.ELAPSED_HOURS:
        return Within(kind=Unit.ELAPSED_SECONDS, amount=within.amount)
    return within
