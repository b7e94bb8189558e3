"""Rows of tables, and what their labels say: an answer stands beside its label, below it in the same cell, or below a row of labels."""

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.intake.forms import labels, ticks
from services.intake.forms.text import ALSO, ONE_LINE, is_heading
from services.intake.mailbox import clean

_DATES = {"date", "date_raised", "response_date", "resolution_date"}
_HELP = re.compile(r"\([^()]*\)|(?:please|e\.? ?g\.?|for example)\b.*", re.IGNORECASE | re.DOTALL)
"""What stands below a label that has room for the answer beside it, and is not an answer."""

_LONGEST_UNKNOWN = 60
_COLUMN_HEADS = {
    "answer",
    "your answer",
    "answers",
    "details",
    "response",
    "question",
    "questions",
    "field",
    "item",
    "information",
}


class Pair(NamedTuple):
    """A label and what was written for it. `whole`: the answer stood in a cell of its own, so that nothing goes on below."""

    field: str
    answer: str
    whole: bool = False


class Row(NamedTuple):
    """A row of a table: the text of each cell."""

    cells: tuple[str, ...]


Block = str | Row
"""A paragraph's text, or a row."""


def label_of(words: str) -> str | None:
    """The field whose label these words are, whatever punctuation and hints are with it."""
    pair = labelled(words)
    return pair.field if pair is not None and not pair.answer else None


def pairs(sheet: Sequence[Block]) -> list[Pair]:
    """The labelled answers in rows, and in lines that have both; rows below the first label that have an unknown one are kept too."""
    found: list[Pair] = []
    heads: list[str] = []  # the labels at the head of columns, with the answers below them
    above: list[Pair] = []  # the same row read by itself, until it is known whether the answers are below it
    for block in sheet:
        if isinstance(block, Row) and heads and len(block.cells) == len(heads) and not any(map(label_of, block.cells)):
            found.extend(_below(heads, block.cells))
            above = []
            continue
        found.extend(above)
        heads, above = [], []
        if isinstance(block, str):
            pair = labelled(block)
            if pair is not None and pair.answer:
                found.append(pair)
        elif _are_heads([label_of(cell) for cell in block.cells]):
            heads, above = list(block.cells), list(_of_row(block.cells))
        elif any(map(labelled, block.cells)):
            found.extend(_of_row(block.cells))
        elif found:
            _go_on(found, block.cells)
    return [*found, *above]


def as_lines(row: Row) -> str:
    """A row as text: each label and its answer on one line."""
    lines: list[str] = []
    open_label = False
    for cell in filter(None, (cell.strip() for cell in row.cells)):
        is_label = label_of(cell) is not None
        if is_label:
            lines.append(f"{' '.join(cell.split()).rstrip(': ')}: ")
        elif open_label:
            lines[-1] += cell
        elif not (re.fullmatch(r"\d{1,2}\.?", cell) and cell is row.cells[0]):
            lines.append(cell)
        open_label = is_label
    return "\n".join(lines)


def _below(heads: Sequence[str], cells: Sequence[str]) -> Iterator[Pair]:
    """A row below a row of labels."""
    for head, cell in zip(heads, cells, strict=True):
        if cell.strip():
            field = label_of(head)
            yield Pair(field, cell, whole=True) if field else Pair(ALSO, _unknown(head, cell))


def _are_heads(fields: Sequence[str | None]) -> bool:
    """Whether a row has labels beside each other: all of it, or two of more."""
    together = any(one and other for one, other in itertools.pairwise(fields))
    return len(fields) > 1 and (all(fields) or (len(fields) > 2 and together))


def _go_on(found: list[Pair], cells: Sequence[str]) -> None:
    """A row without a label we know: more of the answer above it, a heading, or something else that the form asks for."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    last = found[-1]
    if not filled or (len(filled) == 1 and is_heading(filled[0])):
        return
    if len(cells) == 1 or not cells[0].strip():
        closed = last.whole and last.answer.strip() and last.field in {*ONE_LINE, *_DATES}
        if closed and cells[0].strip():
            found.append(Pair(ALSO, filled[0]))
        else:
            found[-1] = last._replace(answer="\n".join([last.answer, *filled]))
    elif len(filled) > 1 and len(filled[0]) <= _LONGEST_UNKNOWN and filled[1].lower() not in _COLUMN_HEADS:
        found.append(Pair(ALSO, _unknown(filled[0], ticks.in_cells(filled[1:]))))


def _unknown(label: str, answer: str) -> str:
    return f"{' '.join(label.split()).rstrip(': ')}: {answer.strip()}"


def _of_row(cells: Sequence[str]) -> Iterator[Pair]:
    """The labelled answers of one row. All that stands between two labels is the answer to the first."""
    found = [labelled(cell) for cell in cells]
    by_position = len(cells) % 2 == 0 and all(found[0::2]) and not all(found[1::2])
    at = 0
    while at < len(cells):
        pair, at = found[at], at + 1
        if pair is None:
            continue
        end = at
        if by_position or len(cells) == 2:
            end = min(at + 1, len(cells))
        else:
            while end < len(cells) and found[end] is None:
                end += 1
        if end > at:
            own = "" if _HELP.fullmatch(pair.answer) else pair.answer
            answer = ticks.in_cells(cells[at:end]) if end > at + 1 else cells[at]
            pair, at = Pair(pair.field, f"{own}\n{answer}".strip(), whole=True), end
        yield pair


def labelled(words: str) -> Pair | None:
    """The label that a cell or a line begins with, and what stands after it there."""
    lines = [line for line in clean(words).strip().split("\n") if line.strip()]
    for height in range(min(3, len(lines)), 0, -1):  # a label may be broken over lines
        one_line = " ".join(line.strip() for line in lines[:height])
        if len(one_line) > 120 and height > 1:
            continue
        found = labels.at_start(f"{one_line}:") if height > 1 else labels.at_start(one_line) or labels.at_start(f"{one_line}:")
        if found is not None and (height == 1 or not labels.without_hint(found.rest, found.field).strip(" :")):
            below = lines[height:]
            again = (
                labels.at_start(f"{below[0]}:")
                if below and not labels.without_hint(found.rest, found.field).strip(" :")
                else None
            )  # the label in the other language
            if again is not None and again.field == found.field:
                below[0] = again.rest
            own = labels.without_hint("\n".join([found.rest, *below]), found.field).strip(" :\n\t")
            return Pair(found.field, own)
    return None
