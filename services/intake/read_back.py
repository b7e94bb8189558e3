"""What a form's sender is told that we understood: every question with its answer, where it leads, and what is empty. No I/O."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from pydantic import JsonValue

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.outline import AreaChoice, LadderOutline, Redirect
from services.intake import circumstances, danger, domain
from services.intake.domain import LABELS, OPTIONAL_LABELS, Answers
from services.intake.forms.children import names

Danger = Literal["", "said", "words"]

LEADS = (
    "agency_team",
    "case_stage",
    "area",
    "immediate_danger",
    "further_agencies",
    "decided_at",
    "needed_by",
    "injury_to_infant",
)
"""What decides a case's way and its times: a correction of one of these is for board staff to look at."""

_THEIRS = {"response", "response_date", "resolution", "resolution_date"}
"""The part of the printed form that the other side fills in."""

_DATES = {"response_date": "Date of the response", "resolution_date": "Date of the resolution"}


def label(field: str) -> str:
    """A field's label, each of the three dates by its own."""
    return _DATES.get(field) or LABELS[field]


def answered(answers: Answers, label: str) -> bool:
    """Whether the question with this label has an answer, understood or not."""
    given = answers.given()
    return any(LABELS[field] == label for field in given)


def danger_in(answers: Answers) -> Danger:
    """Why the police come first: the form's own question says so, or words anywhere in it may mean it."""
    if domain.immediate_danger(answers.immediate_danger):
        return "said"
    return "words" if danger.speaks(*answers.form.model_dump().values(), answers.immediate_danger) else ""


def at_once(answers: Answers) -> bool:
    """Whether a case runs at its fastest (BED-10): the question says so, or was left empty beside words that may mean danger.

    The printed form does not have the question (A-21), so there the words are all we have. Whoever answers no is believed.
    """
    return danger_in(answers) == "said" or (danger_in(answers) == "words" and not answers.immediate_danger.strip())


def form_received(
    board: BoardPublished, answers: Answers, form: FormContent, asides: Sequence[str] = ()
) -> dict[str, JsonValue]:
    """The facts of the notice that a complete form arrived. `form` is as kept, with what the mail said in its blanks, and `asides`
    are what its sender should know of what came with it."""
    area = area_of(board, answers)
    stages = {stage.key: stage.name for stage in board.case_stages}
    ladder = next((ladder for ladder in board.ladders if area.ladder and ladder.id == area.ladder), None)
    elsewhere = next((redirect for redirect in board.redirects if not area.ladder and redirect.area == area.key), None)
    circumstance = circumstances.read(answers)
    said = danger_in(answers)
    return {
        "case_stage": stages.get(area.case_stage, area.case_stage),
        "area": area.name,
        "understood": understood(answers, asides),
        "read": _labels(key for key, answer in form.model_dump().items() if answer),
        "blank": _labels(blank(board, answers, form)),
        "route": _route(ladder) if ladder is not None and ladder.steps else None,
        "instead": _instead(elsewhere) if elsewhere is not None else None,
        "assumed": said == "words" and at_once(answers),
        "sooner": at_once(answers) or circumstance.needed_by is not None or circumstance.injury_to_infant,
        "danger": said,
    }


def understood(answers: Answers, asides: Sequence[str] = ()) -> list[JsonValue]:
    """Our own questions, and what we took each answer to be; how many children there are, where there are several; and asides."""
    pairs = list(circumstances.told(answers))
    children = len(names(answers.form.child_name))
    if children > 1:
        pairs.append(("Children", f"Your form names {children}. One case is about them all."))
    pairs.extend(("Sent with it", aside) for aside in asides)
    if answers.immediate_danger:
        pairs.insert(0, (LABELS["immediate_danger"], _yes_or_no(answers)))
    return [{"label": name, "answer": answer} for name, answer in pairs]


def blank(board: BoardPublished, answers: Answers, form: FormContent) -> tuple[str, ...]:
    """The fields that were left empty and may be: the printed ones, those this board asks for, and our own questions."""
    printed = (key for key, _ in FORM_LABELS if key not in _THEIRS)
    further = (key for key, _ in FURTHER_LABELS if key in board.asks)
    ours = ("immediate_danger", *(key for key, _ in OPTIONAL_LABELS))
    return (
        *(key for key in (*printed, *further) if not getattr(form, key)),
        *(key for key in ours if not getattr(answers, key)),
    )


def area_of(board: BoardPublished, answers: Answers) -> AreaChoice:
    """The area that complete answers name; as they name it where the board no longer offers it."""
    named = (area for area in domain.areas_of(board) if (area.case_stage, area.key) == (answers.case_stage, answers.area))
    return next(named, AreaChoice(key=answers.area, name=answers.area, case_stage=answers.case_stage, ladder=""))


class Change(NamedTuple):
    """A field that a correction changes: what it said and what it says now, as people read them."""

    field: str
    before: str
    now: str


def changes(board: BoardPublished, before: Answers, after: Answers) -> tuple[Change, ...]:
    """Each field that differs."""
    old, new = spoken(board, before), spoken(board, after)
    return tuple(Change(key, old[key], new[key]) for key in new if old[key] != new[key])


def in_words(changed: Iterable[Change]) -> str:
    """Changes field by field. It says what people wrote, so it travels sealed."""
    return "\n\n".join(
        f"{label(change.field)}\nbefore: {change.before or '(empty)'}\nnow: {change.now or '(empty)'}" for change in changed
    )


def spoken(board: BoardPublished, answers: Answers) -> dict[str, str]:
    """Every field as people read it: names in place of keys, and days in place of instants."""
    stages = {stage.key: stage.name for stage in board.case_stages}
    said = answers.fields() | {_KEYS[name]: answer for name, answer in circumstances.told(answers)}
    if answers.immediate_danger:
        said["immediate_danger"] = _yes_or_no(answers)
    area = area_of(board, answers)
    return said | {"case_stage": stages.get(answers.case_stage, answers.case_stage), "area": area.name}


_KEYS = {name: key for key, name in OPTIONAL_LABELS}


def _yes_or_no(answers: Answers) -> str:
    return "Yes" if domain.immediate_danger(answers.immediate_danger) else "No"


def _labels(keys: Iterable[str]) -> list[JsonValue]:
    return [label(key) for key in keys]


def _route(ladder: LadderOutline) -> dict[str, JsonValue]:
    first = ladder.steps[0]
    return {
        "name": ladder.name,
        "paragraph": ladder.paragraph,
        "steps": len(ladder.steps),
        "step_name": first.name,
        "action": first.action,
        "within": first.within,
        "step_paragraph": first.paragraph,
    }


def _instead(redirect: Redirect) -> dict[str, JsonValue]:
    return {"where": list(redirect.instead), "paragraph": redirect.paragraph}
