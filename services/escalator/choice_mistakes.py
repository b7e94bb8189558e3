"""What a document leaves open, as a file must say it: which choices the rest of the file needs, and what each may offer."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from services.escalator.choices import Choice
from services.escalator.ladders import Unit
from services.escalator.protocol_file import Finding, ProtocolFile
from services.escalator.yaml_file import Place

_NUMBERS = {"A-06": "minutes", "A-25": "working days"}
"""Choices that are a number, and of what."""

_FOR_HOURS = ("elapsed_hours", "working_hours")
_FOR_WORKING_DAYS = ("one_working_day", "end_of_next_working_day")

_OPTIONS = {
    "A-01": ("form_received", "step_reached", "decision_made"),
    "A-02": ("cumulative", "per_step"),
    "A-04": ("sub_deadline", "shared"),
    "A-15": ("board_decides", "last_step_goes_on"),
    "A-22": ("shared_inbox", "own_inbox"),
    "A-27": ("one_for_each_agency", "any_one"),
    "A-28": ("board", "same_step"),
    "A-29": ("everyone_at_the_step", "one_for_each_side"),
}
"""The options that are carried out; another would be none. A-03's depend on the times in the file."""


class _Use(NamedTuple):
    """Whether anything in the file depends on a choice, and what: without it the file is not whole."""

    used: bool
    by: str = "deadlines depend on it"
    needed: bool = True


def choice_mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """Choices that contradict themselves or each other, offer what is not carried out, or are not there."""
    names = Counter(name for choice in file.choices for name in (choice.id, choice.name))
    for index, choice in enumerate(file.choices):
        place: Place = ("choices", index)
        if names[choice.id] > 1 or names[choice.name] > 1:
            yield (*place, "id"), "an id and a name that no other choice has"
        if bool(choice.options) == bool(choice.number):
            yield place, "either options or a number"
        elif not choice.allows(choice.default):
            yield (*place, "default"), f"one of {', '.join(choice.allowed)}"
        if choice.chosen is not None:
            yield (*place, "chosen"), "no such field: a board's file makes the board's choices"
        yield from _option_mistakes(file, choice, place)
    for needed, use in _uses(file).items():
        if use.used and use.needed and not names[needed]:
            yield ("choices",), f"a choice {needed}: {use.by}"


def choice_doubts(file: ProtocolFile) -> Iterator[Finding]:
    """Choices that change nothing, whatever a board chooses."""
    uses = _uses(file)
    asked = {entry.steps_by.choice for entry in file.ladders if entry.steps_by is not None}
    for index, choice in enumerate(file.choices):
        if choice.id not in asked and not (choice.id in uses and uses[choice.id].used):
            yield ("choices", index), f"something in the file that depends on {choice.id}"


def _option_mistakes(file: ProtocolFile, choice: Choice, place: Place) -> Iterator[Finding]:
    if choice.id in _NUMBERS and choice.options:
        yield (*place, "options"), f"a number instead, of {_NUMBERS[choice.id]}"
    carried_out = _options(file).get(choice.id)
    if carried_out is None:
        return
    for number, option in enumerate(choice.options):
        if option not in carried_out:
            yield (*place, "options", number), f"one of {', '.join(carried_out)}"
    if choice.number is not None:
        yield (*place, "number"), f"options instead, of {', '.join(carried_out)}"


def _options(file: ProtocolFile) -> dict[str, tuple[str, ...]]:
    kinds = _kinds(file)
    counting = (
        *(_FOR_HOURS if Unit.ELAPSED_HOURS in kinds else ()),
        *(_FOR_WORKING_DAYS if Unit.WORKING_DAYS in kinds else ()),
    )
    return {**_OPTIONS, "A-03": counting} if counting else _OPTIONS


def _kinds(file: ProtocolFile) -> set[Unit]:
    return {within.kind for _, within in file.placed_times()}


def _one_working_day(file: ProtocolFile) -> bool:
    return any(within.kind is Unit.WORKING_DAYS and within.amount == 1 for _, within in file.placed_times())


def _uses(file: ProtocolFile) -> dict[str, _Use]:
    """Every choice that is carried out, and whether this file has anything for it to settle.

    "Immediately" (A-06) may be said of a child in danger where no step says it.
    """
    kinds = _kinds(file)
    steps = [step for _, _, step in file.placed_steps()]
    return {
        "A-01": _Use(any(kind.counted or kind is Unit.IMMEDIATELY for kind in kinds)),
        "A-02": _Use(not kinds.isdisjoint({Unit.ELAPSED_HOURS, Unit.WORKING_HOURS})),
        "A-03": _Use(Unit.ELAPSED_HOURS in kinds or _one_working_day(file), needed=Unit.ELAPSED_HOURS in kinds),
        "A-04": _Use(any(step.shares_time_with is not None for step in steps)),
        "A-06": _Use(used=True, needed=Unit.IMMEDIATELY in kinds),
        "A-15": _Use(used=True, needed=False),
        "A-22": _Use(file.closing.learning is not None, needed=False),
        "A-25": _Use(Unit.AGREED in kinds, "the time that the two sides agree has a ceiling"),
        "A-27": _Use(used=True, needed=False),
        "A-28": _Use(any(step.not_from is not None for step in steps), "a step is not for every agency"),
        "A-29": _Use(file.bypass is not None, "somebody must agree that a step is passed over"),
    }
