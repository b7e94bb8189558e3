"""What is on a board's blank form: the printed fields (BED-25), what the board asks besides, and the choices it gives."""

import re
from collections.abc import Iterator
from enum import StrEnum

from services.contracts.content import FORM_LABELS
from services.contracts.escalator import BoardPublished
from services.contracts.message import Data
from services.intake.domain import LABELS, OPTIONAL_LABELS, Answers, areas_of

PROMPT = "Click or tap to enter text"
"""What stands in a field nobody filled in. The readers know it for an empty answer, as they know `CHOOSE`."""

CHOOSE = "Choose an item"
_ANSWERED_BY_MANAGER = ("response", "response_date", "resolution", "resolution_date")
_DATES = {"response_date": "Date (of the response)", "resolution_date": "Date (of the resolution)"}
"""The printed form has three dates of the same name: whoever hears the form must know which is which."""

_HINTS = {
    "from_practitioner": "Your name and your role",
    "to_manager": "The manager you raise this with",
    "child_name": "If this is about several children, name them all",
    "child_dob": "For several children, in the same order",
    "social_worker": "Whose decision or action you disagree with",
    "agency_team": "The agency and team of that worker",
    "resolution": "If not resolved, progress as per the flowchart",
    "further_agencies": "Any others that should take part",
    "decided_at": "For example 4 December 2026",
    "needed_by": "If the child needs to be safe sooner than the protocol’s times: a date and a time",
}
_LONG = {
    *("summary", "requested_action", "response", "resolution", "areas_agreed", "areas_disagreed", "relevance_to_risk"),
    *("possible_cause", "to_achieve", "rationale", "also", "further_agencies"),
}
_HEADINGS = ("Your disagreement", "Which case, and how soon", "For the manager who answers")
TITLE = "Escalation Form"
COLUMNS = ("Question", "Your answer")
_YES_OR_NO = ("No", "Yes")


def _spaced(words: str) -> str:
    """A pattern for words that may be broken over lines."""
    return r"\s+".join(map(re.escape, words.split()))


PRINTED = re.compile(
    "|".join(
        (
            *(rf"\({_spaced(hint)}\)" for hint in _HINTS.values()),
            *(rf"^[ \t]*{_spaced(words)}[ \t]*$" for words in (TITLE, *_HEADINGS, " ".join(COLUMNS), *_HINTS.values())),
        )
    ),
    re.MULTILINE,
)
"""What the form prints beside the answers, for the readers of a printed copy to leave out."""


class Kind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    LINES = "lines"
    CHOICE = "choice"


class Field(Data):
    """One question on the form: our key, the label, a word of help, and what it offers to choose from."""

    key: str
    label: str
    hint: str = ""
    kind: Kind = Kind.LINE
    options: tuple[str, ...] = ()
    value: str = ""


class Section(Data):
    """A heading, and the questions below it."""

    heading: str
    fields: tuple[Field, ...]


class Form(Data):
    """All that is on a blank form. `send_to` is where it goes when it is filled in; `warning` what a demonstration must say."""

    board: str
    send_to: str
    warning: str
    sections: tuple[Section, ...]

    def fields(self) -> Iterator[Field]:
        """Every field in order."""
        for section in self.sections:
            yield from section.fields


def form(board: BoardPublished, send_to: str, answers: Answers | None = None) -> Form:
    """The form of a board, with whatever is known already filled in."""
    known = (answers or Answers()).fields()
    printed = [key for key, _ in FORM_LABELS if key not in _ANSWERED_BY_MANAGER]
    options = {
        "case_stage": tuple(stage.name for stage in board.case_stages),
        "area": tuple(dict.fromkeys(area.name for area in areas_of(board))),
        "immediate_danger": _YES_OR_NO,
        "injury_to_infant": _YES_OR_NO,
    }

    def field(key: str) -> Field:
        kind = Kind.CHOICE if key in options else Kind.LINES if key in _LONG else Kind.LINE
        hint = _HINTS.get(key, "")
        return Field(
            key=key, label=_DATES.get(key, LABELS[key]), hint=hint, kind=kind, options=options.get(key, ()), value=known[key]
        )

    sections = (
        (_HEADINGS[0], [*printed, *board.asks]),
        (_HEADINGS[1], ["case_stage", "area", "immediate_danger", *(key for key, _ in OPTIONAL_LABELS)]),
        (_HEADINGS[2], list(_ANSWERED_BY_MANAGER)),
    )
    return Form(
        board=board.name,
        send_to=send_to,
        warning=board.demonstration,
        sections=tuple(Section(heading=heading, fields=tuple(map(field, keys))) for heading, keys in sections),
    )
