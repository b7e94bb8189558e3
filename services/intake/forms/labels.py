"""The labels of the Escalation Form as people type, paste and translate them: one line in, the fields it may begin out."""

import re
from typing import NamedTuple

from services.contracts.content import FURTHER_LABELS
from services.intake.domain import OPTIONAL_LABELS

_ALIASES: dict[str, tuple[str, ...]] = {
    "date": ("date", "dyddiad"),
    "from_practitioner": ("from", "from practitioner", "practitioner from"),
    "to_manager": ("to", "to manager", "manager to"),
    "child_name": (
        "name of child",
        "name of the child",
        "name of child young person",
        "childs name",
        "child name",
        "child s name",
    ),
    "child_dob": (
        "dob",
        "d o b",
        "date of birth",
        "childs dob",
        "child s dob",
        "childs date of birth",
        "child s date of birth",
    ),
    "social_worker": ("social worker practitioner", "social worker or practitioner", "social worker"),
    "agency_team": ("agency team", "agency or team", "agency and team", "agency"),
    "summary": ("summary of concerns", "summary of concern", "summary of the concerns", "summary of my concerns", "summary"),
    "requested_action": ("requested action", "requested actions", "action requested", "actions requested"),
    "response": ("response",),
    "resolution": ("resolution of issues", "resolution of issue", "resolution of the issues", "resolution"),
    "case_stage": (
        "stage of the case",
        "stage of case",
        "case stage",
        "stage of the child s case",
        "stage of the childs case",
        "stage",
    ),
    "area": ("area of disagreement", "areas of disagreement", "area of the disagreement", "area"),
    "immediate_danger": (
        "is a child in immediate danger",
        "is the child in immediate danger",
        "is any child in immediate danger",
        "child in immediate danger",
        "immediate danger",
    ),
    "areas_agreed": ("what we agree on", "areas of agreement", "areas agreed"),
    "areas_disagreed": ("what we disagree on", "areas disagreed"),
    "relevance_to_risk": ("how it matters for the risk", "relevance to risk", "relevance to the risk to the child"),
    "possible_cause": ("possible causes", "possible cause of the disagreement"),
    "to_achieve": ("what must be achieved", "what needs to be achieved to resolve it"),
    "rationale": (
        *("reason given for the decision", "reasons given for decision", "reasons for the decision"),
        *(
            "rationale",
            "rationale given",
            "rationale for decision",
            "rationale for the decision",
            "rationale given for the decision",
        ),
    ),
    "advice_sought": ("advice sought from",),
    "supporter": ("supporter", "supported by name"),
    "discussed_with_manager": (
        *("discussed with manager", "discussed with my manager", "discussed with line manager"),
        *("discussed with your line manager", "discussed with my line manager"),
    ),
    "further_agencies": ("other agencies involved", "further agencies", "any other agencies"),
    "decided_at": ("date of decision", "decision date", "when the decision was made", "date the decision was made"),
    "needed_by": (
        *("child needs to be safe by", "needs to be safe by", "when the child needs to be safe by"),
        *("protection time frame", "protection timeframe", "protection time frame for the child"),
    ),
    "injury_to_infant": (
        *("possible injury to baby or young child", "injury to a baby or young child"),
        *("possible non accidental injury", "possible non accidental injury to a baby or young child", "possible nai"),
    ),
}
_BARE = re.compile(
    r"(name of (?:the )?child|child['’]?s? name|d\.?o\.?b\.?|date of birth|social worker ?/ ?practitioner|agency ?/ ?team"
    r"|summary of concerns?(?: ?\(s\))?|requested action|date(?=\s+\d))\s+(?![:=?|–—-])(?=\w)(.+)",
    re.IGNORECASE,
)
"""Labels that are plain enough to be known with no colon after them, on a line with their answer."""

_NEEDS_COLON = {"agency", "area", "stage", "summary"}
_SEPARATORS = re.compile(r"\s*:+|\s*\||\?\s*:?|\t+|\s+[-–—=]+(?=\s|$)|\s*$")
_QUOTING = re.compile(r"^[>|\s]+")
_DECORATION = re.compile(r"^(?:[*_#•·]+|\(?\d{1,2}[.)](?=\s)|-(?=\s))\s*")
_PRINTED_HINTS = {
    "from_practitioner": re.compile(r"\A\s*\(\s*practitioner\s*\)\s*:?[ \t]*|\s*\(\s*practitioner\s*\)\s*\Z", re.IGNORECASE),
    "to_manager": re.compile(r"\A\s*\(\s*manager\s*\)\s*:?[ \t]*|\s*\(\s*manager\s*\)\s*\Z", re.IGNORECASE),
    "resolution": re.compile(r"\A[\s*_]*\(\s*if not resolved[^)]*\)[*_]*\s*:?[ \t]*", re.IGNORECASE),
}
_LONGEST_LABEL = 60


class Label(NamedTuple):
    """A label at the beginning of a line: its field ("date" for any of the three), and what follows it on the line."""

    field: str
    rest: str
    marked: bool
    """Whether a colon or the like follows, rather than just the end of the line."""


def at_start(line: str) -> Label | None:
    """The label this line begins with, if it does."""
    text = unquoted(line)
    if found := _BARE.match(text):
        return Label(_FIELD[_words(found[1])], found[2].strip(), marked=False)
    for separator in _SEPARATORS.finditer(text):
        if separator.start() > _LONGEST_LABEL + 40:
            return None
        words = _words(text[: separator.start()])
        field = _FIELD.get(words)
        marked = bool(separator.group().strip()) or "\t" in separator.group()
        if field and (marked or words not in _NEEDS_COLON):
            return Label(field, text[separator.end() :].strip(" \t*_|"), marked)
    return None


def unquoted(line: str) -> str:
    """The line without quote marks, bullets and the marks of bold text."""
    return _DECORATION.sub("", _QUOTING.sub("", line)).rstrip()


def without_hint(answer: str, field: str) -> str:
    """The answer without the words printed in brackets beside its label: (Practitioner), (Manager), (If not resolved ...)."""
    hint = _PRINTED_HINTS.get(field)
    return hint.sub("", answer) if hint else answer


def _words(label: str) -> str:
    """A label's words: lower case, no punctuation, and no hint in brackets that is not a part of the label."""
    plain = re.sub(r"\(\s*s\s*\)", "s", label.lower())
    plain = re.sub(r"\((?!\s*(?:practitioner|manager)\s*\))[^)]*\)", " ", plain)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())


_FIELD = {alias: field for field, aliases in _ALIASES.items() for alias in aliases} | {
    _words(label): key for key, label in (*FURTHER_LABELS, *OPTIONAL_LABELS)
}
