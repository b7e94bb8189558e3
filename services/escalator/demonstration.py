"""A protocol with one second for each hour, so that a case can be watched from end to end without scaling any clock."""

from services.escalator.ladders import Step, Unit, Within
from services.escalator.protocol import Protocol


def as_demonstration(protocol: Protocol) -> Protocol:
    """The protocol in seconds, and with no choice left that seconds cannot stand for.

    Raises ValueError where a time is in working hours or days.
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
        }
    )


def _in_seconds(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step.model_copy(update={"within": step.within and _second_for_hour(step.within)}) for step in steps)


def _second_for_hour(within: Within) -> Within:
    if within.kind in {Unit.WORKING_HOURS, Unit.WORKING_DAYS}:
        raise ValueError(f"{within.amount} {within.kind.value.replace('_', ' ')}")
    if within.kind is Unit.ELAPSED_HOURS:
        return Within(kind=Unit.ELAPSED_SECONDS, amount=within.amount)
    return within
