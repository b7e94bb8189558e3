"""A board's contact list as it is written and read: one line for each role somebody holds in an agency, and its CSV file."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from services.contracts.message import Data
from services.contracts.vocabulary import Sector

Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")]
Address = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r'^[^@\s,;<>"]+@[^@\s,;<>"]+$')]


class ContactLine(Data):
    """One professional in one role of one agency.

    `role` is a role key of the board's protocol. `deputy` is the address of another line. `sector` is what kind of agency it is, where a
    protocol makes a difference. `rank` orders the agency's own roles, 1 the most senior (BED-24); None where nobody has said.
    `away_from` and `away_until` are the first and the last day of an absence that is known beforehand.
    """

    agency: Words
    role: Words
    name: Words
    address: Address
    deputy: Address | Literal[""] = ""
    team: Text = ""
    sector: Sector = Sector.OTHER
    rank: Annotated[int, Field(ge=1, le=50)] | None = None
    away_from: date | None = None
    away_until: date | None = None

    def is_away(self, day: date) -> bool:
        """Whether they are known to be away on this day, in local time."""
        begins = self.away_from is not None and self.away_from <= day
        return begins and (self.away_until is None or day <= self.away_until)


class RowError(Data):
    """One thing wrong in a contact list's file. `line` counts from 1; `field` is the column, or empty; `message` says what to do."""

    line: int
    field: str
    message: str


COLUMNS = ("agency", "team", "role", "rank", "sector", "name", "address", "deputy", "away_from", "away_until")
"""The columns of the file, in the order they are written. They are read in any order."""

NEEDED = ("agency", "role", "name", "address")
"""The columns a file must have."""

_DATE = "Write the date as 2026-12-24 or 24/12/2026, or leave it empty."
_WHAT_TO_DO = {
    "agency": "Write the name of the agency, on one line.",
    "team": "Write the name of the team on one line, or leave it empty.",
    "role": "Write the key of the role, on one line.",
    "rank": "Write the rank as a whole number from 1, the most senior, to 50, or leave it empty.",
    "sector": f"Use one of {', '.join(Sector)}, or leave it empty.",
    "name": "Write the name of the person who holds this role, on one line.",
    "address": "Write the person's mail address, such as ann.bell@agency.example.",
    "deputy": "Write the deputy's mail address, such as ann.bell@agency.example, or leave it empty.",
    "away_from": _DATE,
    "away_until": _DATE,
}
_DATES = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})|(?P<uk_d>[0-9]{1,2})/(?P<uk_m>[0-9]{1,2})/(?P<uk_y>[0-9]{4})"
)
_FORMULA = re.compile(r"'*[=+\-@]")
_QUOTED = re.compile(r"'+[=+\-@]")

Row = Mapping[str, str]


def read_csv(text: str, roles: Collection[str]) -> tuple[list[ContactLine], list[RowError]]:
    """The lines of a contact list's file that are right, and everything that is not, in the order of the file.

    `roles` are the keys its roles may have. Columns stand in any order, with commas or, as Excel writes them, semicolons between;
    all but `NEEDED` may be left out. Use the lines only where there are no errors.
    """
    rows, errors = _rows(text.removeprefix("\ufeff"))
    addresses = {row["address"].strip().lower() for _, row in rows}
    lines: dict[tuple[str, ...], ContactLine] = {}
    sectors: dict[str, Sector] = {}
    for number, row in rows:
        line, wrong = _line(row)
        wrong |= _contradictions(row, line, roles, addresses)
        if line is not None and not wrong:
            key = (line.agency.lower(), line.team.lower(), line.role, line.address.lower())
            if key in lines:
                wrong["address"] = "This person already has a line for this role in this team. Delete one of the two."
            elif line.sector is not Sector.OTHER and sectors.setdefault(key[0], line.sector) is not line.sector:
                wrong["sector"] = f"Another line says that this agency is {sectors[key[0]]}. Write one sector for each agency."
            else:
                lines[key] = line
        errors += [RowError(line=number, field=field, message=wrong[field]) for field in COLUMNS if field in wrong]
    return list(lines.values()), sorted(errors, key=lambda error: error.line)


def write_csv(lines: Iterable[ContactLine]) -> str:
    """The file of a contact list, which `read_csv` reads back.

    A cell that a spreadsheet would take for a formula begins with an apostrophe. Encode it as `utf-8-sig`, so that Excel reads
    every letter.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for line in lines:
        cells = line.model_dump(mode="json", include=set(COLUMNS))
        writer.writerow([_safe("" if cells[column] is None else str(cells[column])) for column in COLUMNS])
    return file.getvalue()


def _rows(text: str) -> tuple[list[tuple[int, Row]], list[RowError]]:
    """Every row that has something in it, with the line it begins on, and what is wrong with the file as such."""
    header, _, _ = text.partition("\n")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count), strict=True)
    rows: list[tuple[int, Row]] = []
    errors: list[RowError] = []
    columns: list[str] = []
    begins = 1
    try:
        for cells in reader:
            if begins == 1:
                columns = ["_".join(cell.lower().split()) for cell in cells]
                while columns and not columns[-1]:
                    columns.pop()
                errors += _header_errors(columns)
                if errors:
                    return [], errors
            elif any(cell.strip() for cell in cells):
                if any(cell.strip() for cell in cells[len(columns) :]):
                    message = "There are more values than columns. Put a value that has a comma in it in quotation marks."
                    errors.append(RowError(line=begins, field="", message=message))
                found = dict(zip(columns, map(_plain, cells), strict=False))
                rows.append((begins, {column: found.get(column, "") for column in COLUMNS}))
            begins = reader.line_num + 1
    except csv.Error:
        message = "This line cannot be read. Look for a quotation mark that is not closed."
        return [], [RowError(line=begins, field="", message=message)]
    return rows, errors if columns else list(_header_errors(columns))


def _header_errors(columns: list[str]) -> Iterator[RowError]:
    for column in NEEDED:
        if column not in columns:
            yield RowError(line=1, field=column, message=f"Add a column with the heading {column}.")
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            message = f"Delete this column, or give it one of the headings {', '.join(COLUMNS)}."
            yield RowError(line=1, field=column, message=message)
        elif columns.count(column) > 1:
            yield RowError(line=1, field=column, message="This column is there more than once. Keep one of them.")


def _line(row: Row) -> tuple[ContactLine | None, dict[str, str]]:
    """The line a row stands for, or what to do about it, by column."""
    given = {
        **row,
        "sector": row["sector"].strip().lower() or Sector.OTHER,
        "rank": row["rank"].strip() or None,
        "away_from": _iso(row["away_from"].strip()),
        "away_until": _iso(row["away_until"].strip()),
    }
    try:
        return ContactLine.model_validate(given), {}
    except ValidationError as error:
        return None, {field: _WHAT_TO_DO[field] for field in (str(part["loc"][0]) for part in error.errors())}


def _contradictions(row: Row, line: ContactLine | None, roles: Collection[str], addresses: set[str]) -> dict[str, str]:
    """What would quietly never be found, or not when it should be: also in a row with other mistakes."""
    wrong = {}
    role, deputy = row["role"].strip(), row["deputy"].strip().lower()
    if role and role not in roles:
        wrong["role"] = f"This board has no such role. Use one of {', '.join(sorted(roles))}."
    if deputy and deputy not in addresses:
        wrong["deputy"] = "The deputy needs a line of their own on this list, with the same address."
    elif deputy and deputy == row["address"].strip().lower():
        wrong["deputy"] = "Nobody is their own deputy. Write somebody else's address, or leave it empty."
    if line is not None and line.away_until is not None:
        if line.away_from is None:
            wrong["away_from"] = "Write the first day of the absence too."
        elif line.away_until < line.away_from:
            wrong["away_until"] = "The last day of the absence is before the first. Correct one of the two."
    return wrong


def _iso(text: str) -> str | None:
    """A date as ISO 8601 has it; nothing where there is none, and text that is no date stays what it is."""
    match = _DATES.fullmatch(text)
    if match is None:
        return "no date" if text else None
    year, month, day = (match[name] or match[f"uk_{name}"] for name in "ymd")
    return f"{year}-{month:0>2}-{day:0>2}"


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    text = cell.strip()
    return text[1:] if _QUOTED.match(text) else text
