"""A protocol as written in its file, and what must be true of it beyond the shape of each field."""

from collections import Counter
from collections.abc import Iterator

from services.contracts.message import Data
from services.escalator.ladders import Alternatives, Ladder, LadderHead, Step, Unit, Who, Within
from services.escalator.protocol import Protocol, ProtocolHead
from services.escalator.text import Key, Words
from services.escalator.yaml_file import Place

Finding = tuple[Place, str]
"""Where something is wrong, and what was expected there."""


class StepsBy(Data):
    """Steps that depend on a choice: by option, the ladder whose steps they are."""

    choice: Words
    steps_of: dict[Key, Words]


class LadderEntry(LadderHead):
    """A ladder in a file: its steps, or whose steps it has (`steps_of`), or on which choice that depends (`steps_by`)."""

    steps: tuple[Step, ...] = ()
    steps_of: Words | None = None
    steps_by: StepsBy | None = None


class ProtocolFile(ProtocolHead):
    """A protocol in a file. `resolved` is the protocol; ask `mistakes` first."""

    ladders: tuple[LadderEntry, ...]

    def resolved(self) -> Protocol:
        """The protocol, every ladder with its own steps."""
        steps = {entry.id: entry.steps for entry in self.ladders}
        ladders = []
        for entry in self.ladders:
            head = {name: getattr(entry, name) for name in LadderHead.model_fields}
            alternatives = None
            own = steps[entry.steps_of] if entry.steps_of else entry.steps
            if entry.steps_by:
                by_option = {option: steps[ladder] for option, ladder in entry.steps_by.steps_of.items()}
                alternatives = Alternatives(choice=entry.steps_by.choice, steps=by_option)
                default = next(choice.default for choice in self.choices if choice.id == entry.steps_by.choice)
                own = by_option[default]
            ladders.append(Ladder(**head, steps=own, alternatives=alternatives))
        return Protocol(**{name: getattr(self, name) for name in ProtocolHead.model_fields}, ladders=tuple(ladders))


def mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """Everything in the file that contradicts something else in it."""
    if file.demonstration:
        yield ("demonstration",), "no such field: a board says that it is a demonstration"
    yield from _choice_mistakes(file)
    yield from _ladder_mistakes(file)
    for index, reminder in enumerate(file.reminders):
        if reminder.kind is not Unit.ELAPSED_HOURS:
            yield ("reminders", index), "elapsed_hours"
    if file.chase.kind is not Unit.ELAPSED_HOURS:
        yield ("chase",), "elapsed_hours"


def doubts(file: ProtocolFile) -> Iterator[Finding]:
    """What is allowed but looks like a slip: `expected` reads as what should perhaps be there."""
    for index, entry in enumerate(file.ladders):
        if not entry.areas:
            yield ("ladders", index), f"an area that leads to {entry.id}: nobody can reach it"
    led_to = {entry.case_stage for entry in file.ladders}
    areas = {area for entry in file.ladders for area in entry.areas}
    roles = {role for entry in file.ladders for step in entry.steps for role in (*step.with_.roles, *step.by.roles)}
    for name, declared, used in (
        ("case_stages", file.case_stages, led_to),
        ("areas", file.areas, areas),
        ("roles", file.roles, roles),
    ):
        for key in declared:
            if key not in used:
                yield (name, key), f"a ladder that uses {key}"


def _choice_mistakes(file: ProtocolFile) -> Iterator[Finding]:
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
    for needed in _choices_needed(file):
        if not names[needed]:
            yield ("choices",), f"a choice {needed}: deadlines depend on it"


def _choices_needed(file: ProtocolFile) -> Iterator[str]:
    """The choices that deadlines of these ladders come from; A-04 always, because `simulate` asks for it whatever the ladder."""
    kinds = {step.within.kind for entry in file.ladders for step in entry.steps if step.within is not None}
    needed = {
        "A-01": any(kind.counted or kind is Unit.IMMEDIATELY for kind in kinds),
        "A-02": not kinds.isdisjoint({Unit.ELAPSED_HOURS, Unit.WORKING_HOURS}),
        "A-03": Unit.ELAPSED_HOURS in kinds,
        "A-04": True,
        "A-06": Unit.IMMEDIATELY in kinds,
    }
    return (key for key, matters in needed.items() if matters)


def _ladder_mistakes(file: ProtocolFile) -> Iterator[Finding]:
    ids = Counter(entry.id for entry in file.ladders)
    places = Counter((entry.case_stage, area) for entry in file.ladders for area in entry.areas)
    with_steps = [entry.id for entry in file.ladders if entry.steps]
    for index, entry in enumerate(file.ladders):
        place: Place = ("ladders", index)
        if ids[entry.id] > 1:
            yield (*place, "id"), "an id that no other ladder has"
        if entry.case_stage not in file.case_stages:
            yield (*place, "case_stage"), f"one of the case stages {', '.join(file.case_stages)}"
        for number, area in enumerate(entry.areas):
            if area not in file.areas:
                yield (*place, "areas", number), "one of the keys under areas"
            elif places[entry.case_stage, area] > 1:
                yield (*place, "areas", number), f"{area} to lead to one ladder only at the stage {entry.case_stage}"
        if entry.offers is not None and entry.offers not in ids:
            yield (*place, "offers"), f"one of the ladders {', '.join(ids)}"
        if [bool(entry.steps), bool(entry.steps_of), bool(entry.steps_by)].count(True) != 1:
            yield place, "one of steps, steps_of and steps_by"
        if entry.steps_of is not None and entry.steps_of not in with_steps:
            yield (*place, "steps_of"), f"a ladder with steps of its own, one of {', '.join(with_steps)}"
        yield from _steps_by_mistakes(file, entry, place, with_steps)
        for number, step in enumerate(entry.steps):
            yield from _step_mistakes(file, entry, step, (*place, "steps", number), number + 1)


def _steps_by_mistakes(file: ProtocolFile, entry: LadderEntry, place: Place, with_steps: list[str]) -> Iterator[Finding]:
    if entry.steps_by is None:
        return
    choice = next((choice for choice in file.choices if choice.id == entry.steps_by.choice), None)
    if choice is None:
        yield (*place, "steps_by", "choice"), f"one of the choices {', '.join(choice.id for choice in file.choices)}"
    elif set(entry.steps_by.steps_of) != set(choice.options):
        yield (*place, "steps_by", "steps_of"), f"a ladder for each of {', '.join(choice.options)}"
    if set(entry.steps_by.steps_of) != set(entry.areas):
        yield (*place, "areas"), f"the areas {', '.join(entry.steps_by.steps_of)}, which say whose steps apply"
    for option, ladder in entry.steps_by.steps_of.items():
        if ladder not in with_steps:
            yield (*place, "steps_by", "steps_of", option), f"a ladder with steps of its own, one of {', '.join(with_steps)}"


def _step_mistakes(file: ProtocolFile, entry: LadderEntry, step: Step, place: Place, number: int) -> Iterator[Finding]:
    if step.number != number:
        yield (*place, "number"), f"{number}, counting from 1"
    for name, who in (("with", step.with_), ("by", step.by)):
        yield from _who_mistakes(file, who, (*place, name))
    if step.within is not None and step.within.kind is Unit.ELAPSED_SECONDS:
        yield (*place, "within", "kind"), "a time people work by: seconds are for a demonstration board"
    if step.shares_time_with is not None and not _shares_rightly(entry.steps, step, number):
        yield (
            (*place, "shares_time_with"),
            "the number of an earlier step with the same time, and none between that does not share it",
        )


def _who_mistakes(file: ProtocolFile, who: Who, place: Place) -> Iterator[Finding]:
    if not who.roles:
        yield place, "at least one role"
    for side, roles in (("raising", who.raising), ("other", who.other)):
        for number, role in enumerate(roles):
            if role not in file.roles:
                yield (*place, side, number), "one of the keys under roles"


def _shares_rightly(steps: tuple[Step, ...], step: Step, number: int) -> bool:
    first = step.shares_time_with or number
    if not 1 <= first < number or steps[first - 1].shares_time_with is not None:
        return False
    between = steps[first : number - 1]
    return _same(steps[first - 1].within, step.within) and all(one.shares_time_with == first for one in between)


def _same(one: Within | None, other: Within | None) -> bool:
    return one is not None and one == other and one.kind.counted
