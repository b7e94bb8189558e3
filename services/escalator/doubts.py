"""What a protocol file is allowed to say but looks like a slip."""

import re
from collections.abc import Iterator
from itertools import permutations

from services.contracts.vocabulary import Side
from services.escalator.choice_mistakes import choice_doubts
from services.escalator.ladders import Step
from services.escalator.protocol_file import Finding, ProtocolFile
from services.escalator.yaml_file import Place


def doubts(file: ProtocolFile) -> Iterator[Finding]:
    """What is allowed but looks like a slip: `expected` reads as what should perhaps be there."""
    for index, entry in enumerate(file.ladders):
        if not entry.areas:
            yield ("ladders", index), f"an area that leads to {entry.id}: nobody can reach it"
    yield from _unused(file)
    yield from _hard_to_tell_apart(file)
    for place, _, step in file.placed_steps():
        yield from _empty_sides(step, place)
    yield from choice_doubts(file)


def _unused(file: ProtocolFile) -> Iterator[Finding]:
    """What is declared and never named again, and terms whose new name nobody would ever be shown (A-37)."""
    stages = {entry.case_stage for entry in file.ladders} | {stage for one in file.redirects for stage in one.case_stages}
    areas = {area for entry in file.ladders for area in entry.areas} | {redirect.area for redirect in file.redirects}
    for name, declared, used in (
        ("case_stages", file.case_stages, stages),
        ("areas", file.areas, areas),
        ("roles", file.roles, set(_roles_named(file))),
    ):
        for key in declared:
            if key not in used:
                yield (name, key), f"a ladder or rule that uses {key}"
    text = file.model_dump_json(exclude={"today"})
    for term in file.today:
        if not re.search(rf"\b{re.escape(term)}\b", text, re.IGNORECASE):
            yield ("today", term), f"a text that uses the term {term!r}"


def _roles_named(file: ProtocolFile) -> Iterator[str]:
    for _, _, step in file.placed_steps():
        yield from (*step.with_.roles, *step.by.roles)
        if step.meeting is not None:
            yield step.meeting.coordinator
        if step.decision is not None:
            yield from filter(None, (step.decision.by, step.decision.consult))
    for entry in file.ladders:
        if entry.default_outcome is not None:
            yield entry.default_outcome.by
    if file.advice is not None:
        yield from file.advice.roles
    if file.still_at_risk is not None:
        yield from (*file.still_at_risk.raising, *file.still_at_risk.other)
    yield from (substitute.role for substitute in file.substitutes)
    if file.safeguarding_lead is not None:
        yield file.safeguarding_lead


def _hard_to_tell_apart(file: ProtocolFile) -> Iterator[Finding]:
    """Names people choose by, where one is the beginning of another: typed answers are matched against them.

    An area may lead to a ladder at each of several stages; the stage is then the question that tells them apart (A-12).
    """
    yield from _alike("case_stages", file.case_stages)
    seen: set[Place] = set()
    for stage in file.case_stages:
        here = [area for entry in file.ladders if entry.case_stage == stage for area in entry.areas]
        here += [redirect.area for redirect in file.redirects if stage in redirect.case_stages]
        for place, expected in _alike("areas", {area: file.areas[area] for area in here}):
            if place not in seen:
                seen.add(place)
                yield place, expected


def _alike(name: str, words: dict[str, str]) -> Iterator[Finding]:
    for (one, first), (other, second) in permutations(words.items(), 2):
        if second.lower().startswith(first.lower()):
            yield (name, other), f"a name that does not begin as that of {one} does: people choose by it"


def _empty_sides(step: Step, place: Place) -> Iterator[Finding]:
    """A side that nobody stands on; the file may say that the document names nobody there, and whoever raised it then stays."""
    for side in (Side.RAISING, Side.OTHER):
        said = any(side.value in who.model_fields_set for who in (step.with_, step.by))
        if not step.people(side) and not said:
            yield place, f"a role on the side '{side}', or {side}: [] where the document names nobody"
