"""The Escalation Form as a web page: its fields in printed order, and what is wrong with what was typed. No I/O."""

import re
from collections.abc import Mapping, Set
from datetime import datetime
from typing import NamedTuple

from services.contracts.content import FURTHER_LABELS
from services.contracts.escalator import BoardPublished
from services.contracts.message import Data
from services.intake import circumstances
from services.intake.domain import LABELS, Answers, areas_of
from services.intake.mailbox import clean
from services.intake.trust import knows

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_MOST_LONG = 20_000
_MOST_SHORT = 500


class Field(NamedTuple):
    """One question. `mistake` is said when it is not answered; without one it may be left blank."""

    name: str
    label: str
    hint: str = ""
    mistake: str = ""
    lines: int = 1
    kind: str = "text"
    autocomplete: str = "off"


FIELDS: tuple[Field, ...] = (
    Field("date_raised", LABELS["date_raised"], "The day you raise this, for example 4 December 2026"),
    Field(
        "from_practitioner",
        LABELS["from_practitioner"],
        "Your name and role",
        "Enter your name and role",
        autocomplete="name",
    ),
    Field(
        "email",
        "Your work email address",
        "We send your reference and every notice to this address",
        "Enter your work email address",
        kind="email",
        autocomplete="email",
    ),
    Field("to_manager", LABELS["to_manager"], "The manager you send this to", "Enter the manager you send this to"),
    Field("child_name", LABELS["child_name"], "One child on each form", "Enter the name of the child"),
    Field(
        "child_dob",
        LABELS["child_dob"],
        "For example, 31 3 2015. For an unborn child, write unborn and when the child is due",
        "Enter the child’s date of birth",
    ),
    Field(
        "social_worker",
        LABELS["social_worker"],
        "The person in the other agency whose decision you disagree with",
        "Enter the social worker or practitioner in the other agency",
    ),
    Field(
        "agency_team", LABELS["agency_team"], "The other agency, and the team if you know it", "Enter the other agency or team"
    ),
    Field(
        "summary",
        LABELS["summary"],
        "What you disagree about, and why you are worried about the child",
        "Enter a summary of your concerns",
        lines=8,
    ),
    Field(
        "requested_action",
        LABELS["requested_action"],
        "What you ask the other agency to do",
        "Enter the action you ask for",
        lines=5,
    ),
)
"""The part of the printed form that the person who raises the disagreement fills in, with their address after their name."""

_HINTS: Mapping[str, str] = {
    "areas_agreed": "What both agencies think already",
    "areas_disagreed": "What you see differently",
    "relevance_to_risk": "How far what you disagree on changes the risk to the child",
    "possible_cause": "For example different views of thresholds, or of each other’s roles",
    "to_achieve": "What has to be in place for this to be resolved",
    "rationale": "What the other agency said when it decided",
    "advice_sought": "From whom, and when",
    "supporter": "The senior manager, or the designated or named professional, who supports this",
    "discussed_with_manager": "When, and with whom",
}
_SHORT = {"advice_sought", "supporter", "discussed_with_manager"}

NEEDED_BY = Field(
    "needed_by",
    LABELS["needed_by"],
    "Where this child cannot wait for the usual time. A date and a time, for example 11 December 2026 at 16:00",
    "Enter a date and a time like 11 December 2026 at 16:00, or leave this blank",
)
ALSO: tuple[Field, ...] = (
    Field(
        "further_agencies",
        LABELS["further_agencies"],
        "Any others on the other side of this disagreement, one on each line",
        lines=3,
    ),
    Field(
        "decided_at",
        LABELS["decided_at"],
        "When the decision you disagree with was made, for example 4 December 2026",
        "Enter a day that has been, like 4 December 2026, or leave this blank",
    ),
)
"""Our own questions. None of them has to be answered; `mistake` is said when what is written cannot be read."""

_CHOSEN = ("immediate_danger", "injury_to_infant", "case_stage", "area")


def further(board: BoardPublished) -> tuple[Field, ...]:
    """What this board's protocol asks for beyond the printed form, in our order (BIR-11, BIR-12, BAR-06, OXF-18)."""
    asked = ((key, label) for key, label in FURTHER_LABELS if key in board.asks)
    return tuple(Field(key, label, _HINTS[key], lines=1 if key in _SHORT else 4) for key, label in asked)


class Filled(Data):
    """What somebody typed, and what is wrong with it: a message by field, in the page's order. `area` is `stage/area`, because one
    area may occur at several stages."""

    values: dict[str, str]
    mistakes: dict[str, str]

    def answers(self) -> Answers:
        """What was typed, as a form's answers."""
        return Answers.of({**self.values, "area": self.values["area"].rpartition("/")[2]})


def check(board: BoardPublished, typed: Mapping[str, str], at: datetime) -> Filled:
    """Read what was posted at `at`. Nothing typed is lost, whatever is wrong with it."""
    optional = (NEEDED_BY, *further(board), *ALSO)
    names = (*_CHOSEN, *(field.name for field in (*FIELDS, *optional)))
    values = {name: clean(typed.get(name, "")).strip() for name in names}
    mistakes: dict[str, str] = {}
    if values["immediate_danger"] not in ("Yes", "No"):
        mistakes["immediate_danger"] = "Select yes if a child is in immediate danger"
    answers = circumstances.dated(Answers.of(values), at)
    unread = {question.label for question in circumstances.questions(answers)}
    if mistake := _mistake_where_optional(NEEDED_BY, values, unread):
        mistakes[NEEDED_BY.name] = mistake
    _check_stage_and_area(board, values, mistakes)
    for field in FIELDS:
        if mistake := _mistake(board, field, values[field.name]):
            mistakes[field.name] = mistake
    for field in optional[1:]:
        if mistake := _mistake_where_optional(field, values, unread):
            mistakes[field.name] = mistake
    return Filled(values=values, mistakes=mistakes)


def _mistake_where_optional(field: Field, values: Mapping[str, str], unread: Set[str]) -> str:
    if too_long := _too_long(field, values[field.name]):
        return too_long
    return field.mistake if field.label in unread else ""


def _mistake(board: BoardPublished, field: Field, value: str) -> str:
    if not value:
        return field.mistake
    if too_long := _too_long(field, value):
        return too_long
    if field.kind == "email" and not _EMAIL.fullmatch(value):
        return "Enter an email address in the correct format, like name@example.gov.uk"
    if field.kind == "email" and not knows(board, value):
        return "Enter a work email address from an organisation that this board works with"
    return ""


def _too_long(field: Field, value: str) -> str:
    most = _MOST_LONG if field.lines > 1 else _MOST_SHORT
    return f"{field.label} must be {most:,} characters or fewer" if len(value) > most else ""


def _check_stage_and_area(board: BoardPublished, values: dict[str, str], mistakes: dict[str, str]) -> None:
    """An area implies its stage where none was selected; where both were, they must belong together."""
    stages = {stage.key: stage.name for stage in board.case_stages}
    of_stage, _, key = values["area"].rpartition("/")
    fitting = [area for area in areas_of(board) if area.key == key and of_stage in ("", area.case_stage)]
    if not values["case_stage"] and len(fitting) == 1:
        values["case_stage"] = fitting[0].case_stage
    stage = values["case_stage"]
    if stage not in stages:
        mistakes["case_stage"] = "Select the stage of the child’s case"
    if not fitting:
        mistakes["area"] = "Select what you disagree about"
    elif stage in stages and stage not in {area.case_stage for area in fitting}:
        mistakes["area"] = f"Choose what you disagree about in the list under “{stages[stage]}”"
    elif stage in stages:
        values["area"] = f"{stage}/{key}"
