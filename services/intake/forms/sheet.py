"""A document as lines and rows of cells, and the Escalation Forms on it, whatever format it came in.

A row is read by the label in it (BED-25, App. C), with the answer beside the label, below it in the same cell, or below a row of
labels. What is not in rows is read as text. The three dates are bound by position (A-21).
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from services.intake.blank_forms.fields import PRINTED
from services.intake.domain import Answers
from services.intake.forms import labels, text
from services.intake.mailbox import MOST_CHARACTERS, clean

MOST_BLOCKS = 20_000
_ENOUGH = 3
_CONTINUED = "\0"
"""The label of cells that go on with the row above."""

_HEAD = {"date", "from_practitioner", "to_manager", "child_name"}
_BODY = {"summary", "requested_action"}
_DATE_AFTER = {"response": "response_date", "resolution": "resolution_date"}
_MANY = {"child_name", "child_dob"}
"""What a form about several children says once for each."""

_HELP = re.compile(r"\([^()]*\)|(?:please|e\.? ?g\.?|for example)\b.*", re.IGNORECASE | re.DOTALL)
"""What stands below a label that has room for the answer beside it, and is not an answer."""

_EMPTY_BOX, _TICKED_BOX = "☐□▢❏❑◯○", "☑☒✓✔✗✘■▣⊠⊗◉●\uf0fe\uf0fd\uf0fc\uf052"
_BOX = re.compile(rf"([{_EMPTY_BOX}{_TICKED_BOX}]|\[ ?\]|\[[xX✓✔]\])[ \t]*([^{_EMPTY_BOX}{_TICKED_BOX}\[\n]*)")


class Pair(NamedTuple):
    """A label and what was written for it."""

    field: str
    answer: str


class Row(NamedTuple):
    """A row of a table: the text of each cell."""

    cells: tuple[str, ...]


Block = str | Row
"""A paragraph's text, or a row."""


def forms(blocks: Iterable[Block]) -> tuple[Answers, ...]:
    """Every form on the sheet, in order."""
    sheet = list(_limited(blocks))
    labelled = pairs(sheet)
    found = from_pairs(labelled)
    if found and {pair.field for pair in labelled} >= {"child_name", *_BODY}:
        return found
    as_text = from_text("\n".join(block if isinstance(block, str) else _as_lines(block) for block in sheet))
    return max(found, as_text, key=_given)


def from_text(words: str) -> tuple[Answers, ...]:
    """Every form in a plain text, in order. What our own blank form prints beside the answers is left out."""
    lines = PRINTED.sub("", clean(words)).split("\n")
    begun = [(number, label.field) for number, line in enumerate(lines) if (label := labels.at_start(line))]
    cuts = [0, *(begun[at][0] for at in _second_forms([field for _, field in begun])), len(lines)]
    parts = ["\n".join(lines[begin:end]) for begin, end in itertools.pairwise(cuts)]
    found = [text.read_text(part) for part in parts]
    if len(found) > 1 and all(found):
        return tuple(answers for answers in found if answers is not None)
    whole = text.read_text("\n".join(lines))
    return (whole,) if whole is not None else ()


def from_pairs(pairs: Sequence[Pair]) -> tuple[Answers, ...]:
    """The forms that labelled answers make up: none where too few of a form's own labels are there."""
    cuts = [0, *_second_forms([pair.field for pair in pairs]), len(pairs)]
    found = [bind(pairs[begin:end]) for begin, end in itertools.pairwise(cuts)]
    if len(found) > 1 and not all(found):
        found = [bind(pairs)]
    return tuple(answers for answers in found if answers is not None)


def bind(pairs: Sequence[Pair]) -> Answers | None:
    """One form's answers by field. A field that occurs several times keeps everything that was written for it."""
    said: dict[str, list[str]] = {}
    before = ""
    for field, answer in _dated(pairs):
        said.setdefault(field, [])
        if field == before or answer.strip() not in said[field]:
            said[field].append(answer.strip())
        before = field
    if len(said.keys() & set(text.DISTINCTIVE)) < _ENOUGH or not said.keys() & {"child_name", *_BODY}:
        return None
    return Answers.of({field: tidy(field, _together(field, answers)) for field, answers in said.items()})


def label_of(words: str) -> str | None:
    """The field whose label these words are, whatever punctuation and hints are with it."""
    pair = _labelled(words)
    return pair.field if pair is not None and not pair.answer else None


def tidy(field: str, answer: str) -> str:
    """An answer as the form keeps it: one tick of several, one line where one is meant, nothing for a placeholder."""
    answer = ticked(labels.without_hint(clean(answer), field)).strip()[:MOST_CHARACTERS]
    if field in text.ONE_LINE:
        answer = " ".join(answer.split())
    return "" if text.is_placeholder(field, answer) else re.sub(r"\n{3,}", "\n\n", answer)


def ticked(answer: str) -> str:
    """The words beside ticked boxes, where there are boxes; nothing where none is ticked."""
    boxes = _BOX.findall(answer)
    if not any(words.strip() for _, words in boxes):
        return answer
    chosen = [words.strip(" \t,;/") for box, words in boxes if box in _TICKED_BOX or box[1:2] in {"x", "X", "✓", "✔"}]
    return "\n".join(chosen)


def _limited(blocks: Iterable[Block]) -> Iterator[Block]:
    """As much as any form could be."""
    room = MOST_CHARACTERS
    for number, block in enumerate(blocks):
        room -= len(block) if isinstance(block, str) else sum(map(len, block.cells))
        if room < 0 or number > MOST_BLOCKS:
            return
        yield block


def pairs(sheet: Sequence[Block]) -> list[Pair]:
    """The labelled answers in rows, and in lines that have both."""
    found: list[Pair] = []
    columns: list[str | None] = []
    above: list[Pair] = []  # a row of labels, until it is known whether the answers are below them
    for block in sheet:
        if isinstance(block, Row) and columns and len(block.cells) == len(columns) and not any(map(label_of, block.cells)):
            found.extend(Pair(field, cell) for field, cell in zip(columns, block.cells, strict=True) if field and cell.strip())
            above = []
            continue
        found.extend(above)
        columns, above = [], []
        if isinstance(block, str):
            pair = _labelled(block)
            if pair is not None and pair.answer:
                found.append(pair)
            continue
        fields = [label_of(cell) for cell in block.cells]
        if len(fields) > 1 and all(fields):
            columns, above = fields, list(_of_row(block.cells))
            continue
        for pair in _of_row(block.cells):
            if pair.field != _CONTINUED:
                found.append(pair)
            elif found and pair.answer.strip():
                found[-1] = Pair(found[-1].field, f"{found[-1].answer}\n{pair.answer}")
    found.extend(above)
    return found


def _of_row(cells: Sequence[str]) -> Iterator[Pair]:
    """The labelled answers of one row."""
    labelled = [_labelled(cell) for cell in cells]
    if not any(labelled):
        if len(cells) == 1 or not cells[0].strip():
            yield Pair(_CONTINUED, "\n".join(cell for cell in cells if cell.strip()))
        return
    by_position = len(cells) % 2 == 0 and all(labelled[0::2]) and not all(labelled[1::2])
    at = 0
    while at < len(cells):
        pair, at = labelled[at], at + 1
        if pair is None:
            continue
        if at < len(cells) and (by_position or len(cells) == 2 or labelled[at] is None):
            own = "" if _HELP.fullmatch(pair.answer) else pair.answer
            pair, at = Pair(pair.field, f"{own}\n{cells[at]}".strip()), at + 1
        yield pair


def _labelled(words: str) -> Pair | None:
    """The label that a cell or a line begins with, and what stands after it there."""
    lines = [line for line in clean(words).strip().split("\n") if line.strip()]
    for height in range(min(3, len(lines)), 0, -1):  # a label may be broken over lines
        one_line = " ".join(line.strip() for line in lines[:height])
        if len(one_line) > 120 and height > 1:
            continue
        found = labels.at_start(f"{one_line}:") if height > 1 else labels.at_start(one_line) or labels.at_start(f"{one_line}:")
        if found is not None and (height == 1 or not labels.without_hint(found.rest, found.field).strip(" :")):
            own = labels.without_hint("\n".join([found.rest, *lines[height:]]), found.field).strip(" :\n\t")
            return Pair(found.field, own)
    return None


def _dated(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Each date by where it stands: the second and third belong to the field just above them (A-21)."""
    before, seen = "", False
    for pair in pairs:
        field = pair.field
        if field == "date":
            if before in _DATE_AFTER:
                field = _DATE_AFTER[before]
            elif seen:
                continue
            else:
                field, seen = "date_raised", True
        before = field
        yield Pair(field, pair.answer)


def _second_forms(fields: Sequence[str]) -> list[int]:
    """Where a second form and those after it begin: at one of a form's first labels, once a form has said its concern."""
    cuts: list[int] = []
    seen: set[str] = set()
    before = ""
    for at, field in enumerate(fields):
        own_date = field == "date" and before in _DATE_AFTER
        if field in _HEAD and not own_date and seen & _BODY and "child_name" in seen and _goes_on_as_form(fields, at):
            cuts.append(at)
            seen = set()
        seen.add(field)
        before = "" if own_date else field
    return cuts


def _goes_on_as_form(fields: Sequence[str], at: int) -> bool:
    """Whether what begins here names a child first, and then says a concern."""
    named = next((later for later in range(at, len(fields)) if fields[later] not in _HEAD - {"child_name"}), at)
    return fields[named] == "child_name" and any(fields[later] in _BODY for later in range(named, len(fields)))


def _together(field: str, answers: Sequence[str]) -> str:
    given = [answer for answer in dict.fromkeys(answers) if answer and not text.is_placeholder(field, answer)]
    if field in _MANY:
        return "; ".join(" ".join(part.split()) for answer in given for part in answer.split("\n") if part.strip())
    return ("; " if field in text.ONE_LINE else "\n").join(given)


def _as_lines(row: Row) -> str:
    """A row as text: a label and its answer on one line."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    if len(cells) > 1 and label_of(cells[0]):
        return f"{' '.join(cells[0].split()).rstrip(': ')}: " + "\n".join(cells[1:])
    return "\n".join(cells)


def _given(found: Sequence[Answers]) -> int:
    return sum(1 + len(answers.given()) for answers in found)
