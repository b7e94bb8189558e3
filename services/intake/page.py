"""The Escalation Form as a web page: its fields in printed order, and what is wrong with what was typed. No I/O."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from services.contracts.escalator import BoardPublished
from services.contracts.message import Data
from services.intake.domain import LABELS, Answers
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


class Filled(Data):
    """What somebody typed, and what is wrong with it: a message by field, in the page's order. `area` is `stage/area`, because one
    area may occur at several stages."""

    values: dict[str, str]
    mistakes: dict[str, str]

    def answers(self) -> Answers:
        """What was typed, as a form's answers."""
        return Answers.of({**self.values, "area": self.values["area"].rpartition("/")[2]})


def check(board: BoardPublished, typed: Mapping[str, str]) -> Filled:
    """Read what was posted. Nothing typed is lost, whatever is wrong with it."""
    names = ("immediate_danger", "case_stage", "area", *(field.name for field in FIELDS))
    values = {name: clean(typed.get(name, "")).strip() for name in names}
    mistakes: dict[str, str] = {}
    if values["immediate_danger"] not in ("Yes", "No"):
        mistakes["immediate_danger"] = "Select yes if a child is in immediate danger"
    _check_stage_and_area(board, values, mistakes)
    for field in FIELDS:
        if mistake := _mistake(board, field, values[field.name]):
            mistakes[field.name] = mistake
    return Filled(values=values, mistakes=mistakes)


def _mistake(board: BoardPublished, field: Field, value: str) -> str:
    most = _MOST_LONG if field.lines > 1 else _MOST_SHORT
    if not value:
        return field.mistake
    if len(value) > most:
        return f"{field.label} must be {most:,} characters or fewer"
    if field.kind == "email" and not _EMAIL.fullmatch(value):
        return "Enter an email address in the correct format, like name@example.gov.uk"
    if field.kind == "email" and not knows(board, value):
        return "Enter a work email address from an organisation that this board works with"
    return ""


def _check_stage_and_area(board: BoardPublished, values: dict[str, str], mistakes: dict[str, str]) -> None:
    """An area implies its stage where none was selected; where both were, they must belong together."""
    stages = {stage.key: stage.name for stage in board.case_stages}
    of_stage, _, key = values["area"].rpartition("/")
    fitting = [area for area in board.areas if area.key == key and of_stage in ("", area.case_stage)]
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
