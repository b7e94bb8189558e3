"""The words of a PDF's pages where they stand: tables by their lines, and words beside and below each other where there are none.

A PDF may hold its words in any order: the answers of a form that was "flattened" come after all its labels.
"""

import io
import itertools
import logging
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import pdfplumber
from pdfplumber.page import Page

from services.intake.forms import labels
from services.intake.forms.rows import Block, Row, label_of

for _name in ("pdfminer", "pdfplumber"):  # they log a line for every irregularity of every file
    logging.getLogger(_name).setLevel(logging.CRITICAL)

MOST_PAGES: Final = 8
"""Pages that are looked at so closely: a form has one or two, and each takes a tenth of a second."""

_MOST_WORDS: Final = 4_000
_GAP: Final = 4
"""Points between two pieces that are not one."""

_ALIGNED: Final = 6
_CLOSE: Final = 1.0
"""How far below a line the next of the same cell may begin, in heights of a line."""


class _Piece(NamedTuple):
    """Words that stand together. Its edges are in points from the page's upper left."""

    left: float
    top: float
    right: float
    bottom: float
    words: str

    def first_word(self) -> float:
        """How wide its first word is, about."""
        return (self.right - self.left) * len(self.words.split(" ")[0]) / len(self.words)

    def within(self, box: tuple[float, float, float, float]) -> bool:
        """Whether its middle is in a box: left, top, right, bottom."""
        across, down = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return box[0] <= across <= box[2] and box[1] <= down <= box[3]


_Line = list[_Piece]


class Laid(NamedTuple):
    """A row or a line of a page. `ruled`: it is a row of a table with lines round it, which leaves nothing to guess."""

    block: Block
    ruled: bool


def read(data: bytes) -> Iterator[Laid]:
    """The rows and lines of the first pages, in reading order. Raises whatever a damaged file makes the library raise."""
    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages[:MOST_PAGES]:
            yield from _of_page(page)
            page.close()


def _of_page(page: Page) -> Iterator[Laid]:
    pieces = [
        _Piece(found["x0"], found["top"], found["x1"], found["bottom"], found["text"].strip())
        for found in page.extract_words(keep_blank_chars=True, x_tolerance=_GAP)[:_MOST_WORDS]
        if found["text"].strip()
    ]
    found: list[tuple[float, list[Laid]]] = []
    for table in page.find_tables():
        inside = [piece for piece in pieces if piece.within(table.bbox)]
        pieces = [piece for piece in pieces if not piece.within(table.bbox)]
        rows = (Row(tuple(_in_cell(inside, box) for box in row.cells if box is not None)) for row in table.rows)
        found.append((table.bbox[1], [Laid(row, ruled=True) for row in rows if row.cells]))
    found += [(top, [Laid(block, ruled=False)]) for top, block in _stacked(_lines(pieces))]
    for _, together in sorted(found, key=lambda one: one[0]):
        yield from together


def _in_cell(pieces: Sequence[_Piece], box: tuple[float, float, float, float]) -> str:
    lines = _lines([piece for piece in pieces if piece.within(box)])
    whole = [
        _Piece(line[0].left, line[0].top, line[-1].right, line[0].bottom, " ".join(piece.words for piece in line))
        for line in lines
    ]
    return _paragraphs(whole, box[2])


def _paragraphs(lines: Sequence[_Piece], edge: float) -> str:
    """Lines below each other as words: one goes on in the next where the next one's first word had no room left before the `edge`."""
    words = ""
    for before, line in itertools.pairwise([None, *lines]):
        full = before is not None and line is not None and before.right + line.first_word() + _ALIGNED > edge
        words += f"{'' if before is None else ' ' if full else chr(10)}{line.words if line else ''}"
    return words


def _lines(pieces: Sequence[_Piece]) -> list[_Line]:
    """Pieces at the same height as lines, from above to below and from left to right."""
    lines: list[_Line] = []
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if lines and abs(lines[-1][0].top - piece.top) < (piece.bottom - piece.top) / 3:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line) for line in lines]


def _stacked(lines: Sequence[_Line]) -> Iterator[tuple[float, Block]]:
    """Lines as rows, where the next line goes on with the cells of the one above it; lines of one piece as text."""
    cells: list[list[_Piece]] = []
    edge = max((line[-1].right for line in lines), default=0)
    for at, line in enumerate(lines):
        places = [_place(cells, piece, lines[at + 1 : at + 3]) for piece in line]
        if None not in places:
            for place, piece in zip(places, line, strict=True):
                cells[place or 0].append(piece)
            continue
        if cells:
            yield cells[0][0].top, _block(cells, edge)
        cells = [[piece] for piece in line]
    if cells:
        yield cells[0][0].top, _block(cells, edge)


def _place(cells: Sequence[list[_Piece]], piece: _Piece, below: Sequence[_Line]) -> int | None:
    """Which cell of the row above a piece goes on with: one of the same left edge, not far above, unless another label begins."""
    if not cells or piece.top - max(cell[-1].bottom for cell in cells) > _CLOSE * (piece.bottom - piece.top):
        return None
    at = next((at for at, cell in enumerate(cells) if abs(cell[-1].left - piece.left) < _ALIGNED), None)
    if at is None or not _begins_label(piece, below):
        return at
    return at if label_of(" ".join(one.words for one in (*cells[at], piece))) else None


def _begins_label(piece: _Piece, below: Sequence[_Line]) -> bool:
    """Whether a piece is a label or begins with one, perhaps with what stands straight below it."""
    label = labels.at_start(piece.words)
    if label_of(piece.words) or (label is not None and label.marked):
        return True
    words = piece.words
    for line in below:
        under = next((other for other in line if abs(other.left - piece.left) < _ALIGNED), None)
        if under is None:
            return False
        words = f"{words} {under.words}"
        if len(words) < 80 and (field := label_of(words)) and label_of(under.words) in (None, field):
            return True
    return False


def _block(cells: Sequence[list[_Piece]], edge: float) -> Block:
    """A row, or what stands alone. A cell ends where the next begins."""
    edges = [min((other[0].left for other in cells if other[0].left > cell[0].left), default=edge) for cell in cells]
    words = [_paragraphs(cell, right) for cell, right in zip(cells, edges, strict=True)]
    return Row(tuple(words)) if len(words) > 1 else words[0]
