"""The labels of the Escalation Form as people type, paste and translate them: one line in, the fields it may begin out."""

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from services.intake.forms.wording import field_of, is_usual, plain

_BARE = re.compile(
    r"(name of (?:the )?child|child['’]?s? name|d\.?o\.?b\.?|date of birth|social worker ?/ ?practitioner|agency ?/ ?team"
    r"|summary of concerns?(?: ?\(s\))?|requested action|date(?=\s+\d)|enw['’]r plentyn|dyddiad geni)"
    r" +(?![:=?|–—-]|(?:is|was|should|must|needs|ought)\b)(?=\w)(.+)",
    re.IGNORECASE,
)
"""Labels that are plain enough to be known with no colon after them, on a line with their answer."""

_ALONE = {"date", "from", "to", "dob", "response", "resolution", "rationale", "dyddiad", "ymateb"}
"""Labels of one word that need no colon where they are alone on their line. Other single words are too common for that."""

_SEPARATORS = re.compile(r"\s*(?:[-=–]+>|[→⇒])|\s*:+|\s*\||\?\s*:?|\t+|\s+[-–—=]+(?=\s|$)|\s*$")
_QUOTING = re.compile(r"^[>|\s]+")
_DECORATION = re.compile(r"^(?:[*_#•·]+|\(?(?:\d{1,2}|[a-z])[.)](?=\s)|\d{1,2}(?=\t)|-(?=\s))\s*")
_BEFORE_HINT, _AFTER_HINT = r"\A[\s*_:]*", r"[\s*_]*(?:[:=|]+|[-=–]*>|[-–—](?=\s))?[ \t]*"


def _hint(words: str) -> re.Pattern[str]:
    """A hint in brackets before an answer, or after it."""
    return re.compile(rf"{_BEFORE_HINT}\(\s*(?:{words})\s*\){_AFTER_HINT}|\s*\(\s*(?:{words})\s*\)\s*\Z", re.IGNORECASE)


_PRINTED_HINTS = {
    "from_practitioner": _hint(r"practitioner|(?:yr? )?ymarferydd"),
    "to_manager": _hint(r"manager|(?:y )?rheolwr"),
    "resolution": re.compile(rf"{_BEFORE_HINT}\(\s*(?:if not|os na)[^)\n]{{0,90}}(?:\)|\Z){_AFTER_HINT}", re.IGNORECASE),
}
_LONGEST_LABEL = 100
_NEXT = re.compile(r"\t+| {2,}|[,;] +| ")
"""What parts an answer from the next label on the same line."""

_LONGEST_PARTED = 400
_MOST_CELLS = 40
_WORDS_OF_SENTENCES = {"date", "from_practitioner", "to_manager", "response", "area", "case_stage"}


class Label(NamedTuple):
    """A label at the beginning of a line: its field ("date" for any of the three), and what follows it on the line."""

    field: str
    rest: str
    marked: bool
    """Whether a colon or the like follows, rather than just the end of the line."""
    usual: bool = True
    """Whether it is as the form prints it: other words for it may stand in any answer (`Child: he said he fell`)."""


@lru_cache(maxsize=16384)
def at_start(line: str) -> Label | None:
    """The label this line begins with, if it does."""
    text = unquoted(line)
    if not text.lstrip("*_#• ")[:1].isalpha():
        return None
    if found := _BARE.match(text):
        return Label(field_of(found[1]) or "", found[2].strip(), marked=False)
    for separator in _SEPARATORS.finditer(text[: _LONGEST_LABEL + 1]):
        if separator.start() == _LONGEST_LABEL + 1:
            return None
        label = text[: separator.start()]
        field = field_of(label)
        marked = bool(separator.group().strip()) or "\t" in separator.group()
        if field and (marked or " " in (words := plain(label)) or words in _ALONE):
            return Label(field, _after_other_language(text[separator.end() :].strip(" \t*_|"), field), marked, is_usual(label))
    return None


def _after_other_language(rest: str, field: str) -> str:
    """What follows a label without the same label in the other language: `Date: / Dyddiad: 4 May`."""
    other = without_hint(rest, field).lstrip()
    if not other.startswith("/"):
        return rest
    again = at_start(other[1:]) or at_start(f"{other[1:]}:")
    return again.rest if again is not None and again.field == field else rest


def in_lines(lines: Sequence[str]) -> list[tuple[int, Label]]:
    """The number and the label of each line that begins with one. Other words for what has a usual label among them are no labels."""
    found = [(number, label) for number, line in enumerate(lines) if (label := at_start(line))]
    usual = {label.field for _, label in found if label.usual}
    return [(number, label) for number, label in found if label.usual or label.field not in usual]


def unquoted(line: str) -> str:
    """The line without quote marks, bullets and the marks of bold text."""
    return _DECORATION.sub("", _QUOTING.sub("", line)).rstrip()


def without_hint(answer: str, field: str) -> str:
    """The answer without the words printed in brackets beside its label: (Practitioner), (Manager), (If not resolved ...)."""
    hint = _PRINTED_HINTS.get(field)
    return hint.sub("", answer) if hint else answer


def parted(line: str, one_line: Collection[str]) -> list[str]:
    """A line cut before each further label on it: `Name of Child: Robin   DOB: 31/3/15`, and cells beside each other.

    Cells that are labels begin a part. Within words a label does only where it has a colon, and only on a line that begins with one of
    the `one_line` fields; the dates, `From` and `To`, which are words of any sentence, only after a gap.
    """
    cells = re.split(r"\t+", line)
    if 2 < len(cells) < _MOST_CELLS and any(_is_whole(cell) for cell in cells[1:-1]):
        return [part for joined in _by_label(cells) for part in parted(joined, one_line)]
    first = at_start(line)
    if first is None or not first.marked or first.field not in one_line or len(line) > _LONGEST_PARTED:
        return [line]
    for gap in _NEXT.finditer(line):
        after = at_start(line[gap.end() :]) if line[gap.end() : gap.end() + 1].isalpha() else None
        if after is None or ":" not in line[gap.end() :].removesuffix(after.rest):
            continue
        sure = "\t" in gap.group() or "  " in gap.group() or line.startswith("(", line.find(" ", gap.end()) + 1)
        if gap.start() >= len(line) - len(first.rest) and (sure or after.field not in _WORDS_OF_SENTENCES):
            return [line[: gap.start()], *parted(line[gap.end() :], one_line)]
    return [line]


def _by_label(cells: Sequence[str]) -> list[str]:
    """Cells of one row joined to lines that each begin with a label. A number before a label is dropped."""
    lines: list[list[str]] = []
    for cell in cells:
        if lines and not _is_whole(cell):
            lines[-1].append(cell)
        else:
            lines.append([cell])
    if len(lines) > 1 and re.fullmatch(r"\s*\(?\d{0,2}[.)]?\s*", "".join(lines[0])):
        del lines[0]
    return ["\t".join(line) for line in lines]


def _is_whole(cell: str) -> bool:
    return bool(cell.strip()) and field_of(unquoted(cell).strip(" :?*_")) is not None
