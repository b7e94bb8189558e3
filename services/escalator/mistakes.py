"""What must be true of a protocol file beyond the shape of each field: nothing in it contradicts anything else in it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from services.contracts.vocabulary import Side
from services.escalator.choice_mistakes import choice_mistakes
from services.escalator.ladders import Step, Unit, Who, Within
from services.escalator.protocol_file import Finding, LadderEntry, ProtocolFile
from services.escalator.yaml_file import Place

_A_ROLE = "one of the keys under roles"


def mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """Everything in the file that contradicts something else in it."""
    if file.demonstration:
        yield ("demonstration",), "no such field: a board says that it is a demonstration"
    yield from choice_mistakes(file)
    yield from _rule_mistakes(file)
    yield from _redirect_mistakes(file)
    yield from _ladder_mistakes(file)
    for place, entry, step in file.placed_steps():
        yield from _step_mistakes(file, entry, step, place)
    yield from _time_mistakes(file)


def _rule_mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """The rules beside the ladders: every role that one names is there."""
    if file.safeguarding_lead is not None:
        yield from _roles(file, [file.safeguarding_lead], ("safeguarding_lead",), listed=False)
    if file.advice is not None:
        yield from _roles(file, file.advice.roles, ("advice", "roles"))
    if file.still_at_risk is not None:
        told = Who(raising=file.still_at_risk.raising, other=file.still_at_risk.other)
        yield from _who_mistakes(file, told, ("still_at_risk",))
    for index, substitute in enumerate(file.substitutes):
        for field, role in (("role", substitute.role), ("instead_of", substitute.instead_of)):
            yield from _roles(file, [role], ("substitutes", index, field), listed=False)
        if substitute.role == substitute.instead_of:
            yield ("substitutes", index, "role"), f"another role than {substitute.instead_of}, which it stands in for"
    asked = Counter(one.field for one in file.asks)
    for index, one in enumerate(file.asks):
        if asked[one.field] > 1:
            yield ("asks", index, "field"), f"{one.field} once"


def _redirect_mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """What is no disagreement here leads to no ladder at the same stage, and to one place only."""
    to_ladders = {(entry.case_stage, area): entry.id for entry in file.ladders for area in entry.areas}
    redirected = Counter((stage, redirect.area) for redirect in file.redirects for stage in redirect.case_stages)
    for index, redirect in enumerate(file.redirects):
        place: Place = ("redirects", index)
        if redirect.area not in file.areas:
            yield (*place, "area"), "one of the keys under areas"
        for number, stage in enumerate(redirect.case_stages):
            here: Place = (*place, "case_stages", number)
            if stage not in file.case_stages:
                yield here, f"one of the case stages {', '.join(file.case_stages)}"
            elif (stage, redirect.area) in to_ladders:
                ladder = to_ladders[stage, redirect.area]
                yield here, f"a stage at which {redirect.area} leads to no ladder: here it leads to {ladder}"
            elif redirected[stage, redirect.area] > 1:
                yield here, f"{redirect.area} to be redirected once only at the stage {stage}"


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
        if entry.offers is not None and not entry.advice:
            yield (*place, "offers"), "advice: true beside it: only a call for advice offers another ladder"
        if [bool(entry.steps), bool(entry.steps_of), bool(entry.steps_by)].count(True) != 1:
            yield place, "one of steps, steps_of and steps_by"
        if entry.steps_of is not None and entry.steps_of not in with_steps:
            yield (*place, "steps_of"), f"a ladder with steps of its own, one of {', '.join(with_steps)}"
        if entry.steps and all(step.not_when_at_risk for step in entry.steps):
            yield (*place, "steps"), "a step that stays when a child is at immediate risk"
        if entry.default_outcome is not None:
            yield from _roles(file, [entry.default_outcome.by], (*place, "default_outcome", "by"), listed=False)
        yield from _steps_by_mistakes(file, entry, place, with_steps)
        yield from _keep_from_mistakes(file, entry, place)


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


def _keep_from_mistakes(file: ProtocolFile, entry: LadderEntry, place: Place) -> Iterator[Finding]:
    """Who must not be told (BED-22) is of the raiser's own agency, and no step may ask them."""
    yield from _roles(file, entry.keep_from, (*place, "keep_from"))
    if entry.keep_from and not entry.within_agency:
        yield (*place, "keep_from"), "within_agency: true beside it: people are kept from it in the agency of whoever raised it"
    asked = {role for step in entry.steps for role in (*step.with_.roles, *step.by.roles)}
    for number, role in enumerate(entry.keep_from):
        if role in asked:
            yield (*place, "keep_from", number), f"a role that no step of {entry.id} asks"


def _step_mistakes(file: ProtocolFile, entry: LadderEntry, step: Step, place: Place) -> Iterator[Finding]:
    number = int(place[-1]) + 1
    if step.number != number:
        yield (*place, "number"), f"{number}, counting from 1"
    for name, who in (("with", step.with_), ("by", step.by)):
        yield from _who_mistakes(file, who, (*place, name))
    if step.shares_time_with is not None and not _shares_rightly(entry.steps, step, number):
        yield (
            (*place, "shares_time_with"),
            "the number of an earlier step with the same time, and none between that does not share it",
        )
    for index, side in enumerate(step.reasons_from):
        if side is Side.BOARD:
            yield (*place, "reasons_from", index), "raising or other"
    if step.meeting is not None:
        yield from _roles(file, [step.meeting.coordinator], (*place, "meeting", "coordinator"), listed=False)
    yield from _decision_mistakes(file, step, place)


def _decision_mistakes(file: ProtocolFile, step: Step, place: Place) -> Iterator[Finding]:
    """Whoever decides is asked at the step, on the side it says; and is somebody else than who must be consulted before."""
    decision = step.decision
    if decision is None:
        return
    here = (*place, "decision")
    yield from _roles(file, [decision.by], (*here, "by"), listed=False)
    asked = step.people(decision.side)
    if decision.side is Side.BOARD:
        yield (*here, "side"), "raising or other"
    elif decision.by in file.roles and decision.by not in asked:
        there = ", ".join(asked) or "none"
        yield (*here, "by"), f"one of the roles on the side '{decision.side}' at this step: {there}"
    if decision.consult is not None:
        yield from _roles(file, [decision.consult], (*here, "consult"), listed=False)
        if decision.consult == decision.by:
            yield (*here, "consult"), f"another role than {decision.by}, who decides"


def _time_mistakes(file: ProtocolFile) -> Iterator[Finding]:
    """Times that people work by, and reminders in plain hours."""
    for place, within in file.placed_times():
        if within.kind is Unit.ELAPSED_SECONDS:
            yield (*place, "kind"), "a time people work by: seconds are for a demonstration board"
        if within.kind is Unit.AGREED and "challenge_within" in place:
            yield (*place, "kind"), "a stated time: a challenge waits for nobody's agreement"
    plain: list[tuple[Place, Within]] = [(("reminders", index), reminder) for index, reminder in enumerate(file.reminders)]
    plain += [(("chase",), file.chase), (("closing", "follow_up"), file.closing.follow_up)]
    for place, within in plain:
        if within.kind is not Unit.ELAPSED_HOURS:
            yield place, "elapsed_hours"


def _who_mistakes(file: ProtocolFile, who: Who, place: Place) -> Iterator[Finding]:
    if not who.roles:
        yield place, "at least one role"
    for side, roles in (("raising", who.raising), ("other", who.other)):
        yield from _roles(file, roles, (*place, side))


def _roles(file: ProtocolFile, roles: Iterable[str], place: Place, *, listed: bool = True) -> Iterator[Finding]:
    for number, role in enumerate(roles):
        if role not in file.roles:
            yield (*place, number) if listed else place, _A_ROLE


def _shares_rightly(steps: tuple[Step, ...], step: Step, number: int) -> bool:
    first = step.shares_time_with or number
    if not 1 <= first < number or steps[first - 1].shares_time_with is not None:
        return False
    between = steps[first : number - 1]
    return _same(steps[first - 1].within, step.within) and all(one.shares_time_with == first for one in between)


def _same(one: Within | None, other: Within | None) -> bool:
    return one is not None and one == other and one.kind.counted
