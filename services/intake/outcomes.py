"""An outcome or a decision as people write it in a reply: labelled parts, actions with an owner and a date, or just a sentence."""

import re
from datetime import datetime

from services.contracts.content import Action, OutcomeContent
from services.contracts.intake import Pursued
from services.contracts.message import Data
from services.intake.assent import is_nobodys_words
from services.intake.courtesies import before_signature
from services.intake.pursuing import day, items, nothing
from services.intake.words import plain

_SECTIONS = (
    ("agreed", r"(?:what (?:was|is|has been) )?(?:agreed|decided)(?: outcome)?|agreement|(?:the )?decision"),
    ("working_arrangement", r"(?:agreed )?working arrangements?|how we (?:will )?work(?: meanwhile| in the meantime)?"),
    ("risk", r"risk(?:s)?(?: assess(?:ed|ment))?"),
    ("depends_on", r"depend(?:s|ent) (?:up)?on"),
    ("actions", r"(?:agreed )?actions?(?: agreed)?"),
    ("outstanding", r"(?:still )?outstanding(?: issues?)?"),
    ("planning", r"planning(?: meeting)?"),
    ("review", r"(?:(?:next )?review conference|review)"),
)
_LABELS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _SECTIONS)
_LONGEST_OWNER = 80


class Outcome(Data):
    """An outcome as read: the parts that were answered, also with "none" (BIR-10), and who pursues what by when (BED-19)."""

    content: OutcomeContent
    parts: tuple[str, ...]
    pursued: tuple[Pursued, ...]


def read_outcome(text: str, at: datetime, names: frozenset[str] = frozenset()) -> Outcome | None:
    """An outcome written at `at` by somebody of these names: its labelled parts, or the whole text as what was agreed.

    None when it says neither what was agreed nor how the sides work while it stays unresolved (BIR-07).
    """
    written = _written(text, names)
    if not (written.get("agreed") or written.get("working_arrangement")):
        return None
    actions, outstanding = items(written.get("actions", ""), at), items(written.get("outstanding", ""), at)
    said = {name: _unless_nothing(written.get(name, "")) for name, _ in _LABELS}
    return Outcome(
        content=OutcomeContent.model_validate(
            said | {"agreed": written.get("agreed", ""), "actions": actions, "outstanding": outstanding}
        ),
        parts=tuple(name for name, _ in _LABELS if written.get(name)),
        pursued=(
            *(Pursued(kind="action", owner=_owner(item), by=day(item.by, at)) for item in actions),
            *(Pursued(kind="outstanding", owner=_owner(item), by=day(item.by, at)) for item in outstanding),
        ),
    )


def _written(text: str, names: frozenset[str]) -> dict[str, str]:
    """The words under each label; what stands above the first label was agreed."""
    sections: dict[str, list[str]] = {}
    unlabelled: list[str] = []
    into = unlabelled
    for line in text.split("\n"):
        name, beside = _section(line)
        if name:
            into = sections.setdefault(name, [])
            into.append(beside)
        else:
            into.append(line)
    into[:] = _before_name(before_signature("\n".join(into)), names).split("\n")
    written = {name: "\n".join(lines).strip() for name, lines in sections.items()}
    agreed = "\n".join(part for part in ("\n".join(unlabelled).strip(), written.get("agreed", "")) if part)
    return written | {"agreed": agreed}


def _before_name(text: str, names: frozenset[str]) -> str:
    """The text without the name below it: nobody's name is an outstanding issue."""
    paragraphs = re.split(r"\n[ \t]*\n", text)
    ends = next(
        (at for at in range(1, len(paragraphs)) if is_nobodys_words("\n".join(paragraphs[at:]), names)), len(paragraphs)
    )
    return "\n\n".join(paragraphs[:ends])


def _section(line: str) -> tuple[str, str]:
    label, colon, beside = plain(line).partition(":")
    if colon:
        for name, pattern in _LABELS:
            if pattern.fullmatch(plain(label)):
                return name, plain(beside)
    return "", ""


def _owner(item: Action) -> str:
    """The owner, who travels in clear: not a sentence that stands where an owner should."""
    return item.owner if len(item.owner) <= _LONGEST_OWNER else ""


def _unless_nothing(text: str) -> str:
    return "" if nothing(text) else text
