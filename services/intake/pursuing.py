"""Who does what by when, as people write it: a line each, in columns, or under labels (BED-19). No I/O.

An owner travels in clear, so one is read only where an owner stands: between separators, in a column, behind a label. A name in a
sentence ("Mrs Brook to bring the letter") may be anybody's, and stays a part of the sentence.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from services.contracts.content import Action
from services.intake.courtesies import NAMED
from services.intake.moments import LONDON, begin_with_moment, read_day

_COLUMNS = (
    ("number", r"no\.?|number|#|ref\.?|item"),
    ("what", r"what|(?:agreed )?actions?|tasks?|what (?:is|needs) to be done|issues?"),
    ("owner", r"who|owner|(?:action )?lead|by whom|(?:person |people )?responsible|who (?:will do|does) it|name"),
    ("by", r"by when|when|(?:due |target )?date|due(?: by)?|by|deadline|time ?scales?|time ?frame"),
)
_HEADINGS = tuple((name, re.compile(rf"(?:{pattern})\s*[:?]?", re.IGNORECASE)) for name, pattern in _COLUMNS)
_LABEL = r"(?:what|action|who|owner|lead|responsible|by when|when|due(?: date)?|date|deadline|by)\s*:"
_BEFORE_LABEL = re.compile(rf"[.;,]?\s+(?={_LABEL})", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•·–]|\(?(?:\d{1,2}|[a-h])[.)])\s+")
_CELL = re.compile(r"\s*\t\s*|\s*\|\s*")
_RULE = re.compile(r"[\s|:+=_-]*")
_SEPARATOR = re.compile(r"(?<!\s)\s+[-–—|]\s+|\t+")
_CLOSER = (r"\s*;\s*", r"\s+/\s+", r"\s*,\s+", r"\s?[-–—]\s?")
"""What also parts a line, where a name and a day stand between."""

_IN_BRACKETS = re.compile(r"(.*\S)\s*\(([^()]+)\)\.?")
_BY = re.compile(r"(.*\S)[\s,]+((?:by|before|on)\s+\S.*)", re.IGNORECASE)
_A_NAME = re.compile(rf"{NAMED}(?: (?:{NAMED}|and|&|of)){{0,5}}")
_LONGEST_LINE = 500
"""Characters of a line that is taken apart; a longer one is kept whole."""

_NOTHING = {"none", "nothing", "n/a", "na", "nil", "no", "dim", "-", "nothing outstanding", "none outstanding"}


def items(text: str, at: datetime) -> tuple[Action, ...]:
    """What a text written at `at` asks for, a line or a row each."""
    lines = [
        found for line in text.split("\n") if not _RULE.fullmatch(line) and (found := _unbulleted(line)) and not nothing(found)
    ]
    rows = _in_columns(lines)
    return tuple(_under_labels(lines) or (_of_line(line, at) for line in lines) if rows is None else rows)


def day(text: str, at: datetime) -> date | None:
    """The day by which it is to be done; None where none can be read."""
    text = re.sub(r"^before\b", "by", text.strip(), flags=re.IGNORECASE)
    found = begin_with_moment(text, at)
    alone = found.moment.astimezone(LONDON).date() if found and not found.rest.strip(" .,;") else None
    return read_day(text, at) or alone


def nothing(text: str) -> bool:
    """Whether this says that there is none."""
    return text.strip().rstrip(".").lower() in _NOTHING


def _unbulleted(line: str) -> str:
    return _BULLET.sub("", line).strip().strip("|").strip()


def _heading(text: str) -> str:
    return next((name for name, pattern in _HEADINGS if pattern.fullmatch(text.strip(" *_"))), "")


def _in_columns(lines: Sequence[str]) -> list[Action] | None:
    """Rows below headings that we know, or their cells one below the other, as a table becomes when it turns to text."""
    headings = [_heading(cell) for cell in _CELL.split(lines[0][:_LONGEST_LINE])] if lines else []
    if len(headings) > 1 and "what" in headings and all(headings):
        return [_row(headings, _CELL.split(line)) if len(line) <= _LONGEST_LINE else Action(what=line) for line in lines[1:]]
    headings = []
    for line in lines:
        if not (found := _heading(line)) or found in headings:
            break
        headings.append(found)
    cells = lines[len(headings) :]
    if len(headings) < 2 or "what" not in headings or len(cells) % len(headings):
        return None
    return [_row(headings, cells[at : at + len(headings)]) for at in range(0, len(cells), len(headings))]


def _row(headings: Sequence[str], cells: Sequence[str]) -> Action:
    found = dict(zip(headings, cells, strict=False))
    what = " - ".join(cell for cell in (found.get("what", ""), *cells[len(headings) :]) if cell)
    return Action(what=what, owner=found.get("owner", ""), by=found.get("by", ""))


def _under_labels(lines: Sequence[str]) -> list[Action]:
    """`What: ...`, `Who: ...` and `By when: ...`, each on a line of its own."""
    rows: list[dict[str, str]] = []
    for line in lines:
        label, colon, said = line.partition(":")
        name = _heading(label) if colon else ""
        if name == "what":
            rows.append({})
        if not name or not rows:
            return []
        rows[-1][name] = said.strip()
    return [_row(list(row), list(row.values())) for row in rows]


def _of_line(line: str, at: datetime) -> Action:
    """`what - who - by`; the day is known for one where it stands in the owner's place."""
    if len(line) > _LONGEST_LINE:
        return Action(what=line)
    pieces = [piece.strip(" .") if number else piece.strip() for number, piece in enumerate(_pieces(line, at))]
    pieces = [_unlabelled(piece) for piece in pieces if piece]
    if len(pieces) == 2 and (found := _BY.fullmatch(pieces[1])) and day(found[2], at):
        pieces[1:] = [found[1], found[2]]
    dated = [piece for piece in pieces[-2:] if len(pieces) > 1 and day(piece, at)]
    if len(pieces) > 2:
        owner, by = (pieces[-1], pieces[-2]) if dated == [pieces[-2]] else (pieces[-2], pieces[-1])
        return Action(what=" - ".join(pieces[:-2]), owner=owner, by=by)
    if dated == pieces[1:] and dated:
        return Action(what=pieces[0], by=pieces[1])
    if len(pieces) == 1 and (found := _BY.fullmatch(pieces[0].rstrip("."))) and day(found[2], at):
        return Action(what=pieces[0], by=found[2])
    return Action(what=pieces[0] if pieces else line, owner=pieces[1] if len(pieces) > 1 else "")


def _pieces(line: str, at: datetime) -> list[str]:
    pieces = [piece for piece in _SEPARATOR.split(line) if piece.strip()]
    if len(pieces) > 1:
        return pieces
    if len(labelled := _BEFORE_LABEL.split(line)) > 1:
        return labelled
    bracketed = _IN_BRACKETS.fullmatch(line)
    for parts in _closer(f"{bracketed[1]}, {bracketed[2]}" if bracketed else line):
        if len(parts) > 2 and any(day(a, at) and _A_NAME.fullmatch(b) for a, b in (parts[:-3:-1], parts[-2:])):
            return parts
    return pieces


def _closer(line: str) -> Iterator[list[str]]:
    """A line parted in each of the other ways, from its end: what is to be done may have the separator in it too."""
    for separator in _CLOSER:
        found = list(re.finditer(separator, line))[-2:]
        if len(found) == 2:
            yield [line[: found[0].start()], line[found[0].end() : found[1].start()], line[found[1].end() :].strip(" .")]


def _unlabelled(piece: str) -> str:
    return re.sub(rf"^{_LABEL}\s*", "", piece, flags=re.IGNORECASE)
