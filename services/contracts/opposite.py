"""Somebody's opposite number in another agency, by the board's role table (BED 6.8, BED-24): a suggestion that a person confirms.

The tables do not line up (A-18), are printed in parts that nothing ties together (A-19) and have blank cells (A-20). So the answer
says which of these it rests on, and what else a person might mean.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from services.contracts.agencies import of_agency, same_agency
from services.contracts.contact_list import ContactLine
from services.contracts.message import Data
from services.contracts.role_table import Column, RoleTable
from services.contracts.vocabulary import Person

Sure = Literal["same_row", "neighbouring_row", "different_block", "none_on_file"]
"""How a title was found. same_row: the document prints the two side by side. neighbouring_row: its rows do not line up here (A-18).
different_block: the two agencies stand in separate tables (A-19). none_on_file: the cell is blank, or the whole agency (A-20)."""

TO_CONFIRM = "To be confirmed by a person who knows both agencies, before anybody is told of the case."


_TELLING = 4
"""How many letters a short name needs to be known within what somebody wrote: L&D would be found in "children"."""


class NotInTable(LookupError):
    """The table has no such agency, role or rank; `allowed` are those it has."""

    def __init__(self, what: str, given: str, allowed: Iterable[str]) -> None:
        self.what, self.given, self.allowed = what, given, tuple(allowed)
        super().__init__(f"no {what} '{given}' in the table")


class Place(Data):
    """A title at its row of the table."""

    title: str
    row: int


class Suggestion(Data):
    """Who may be the opposite number. Never used without a person's yes.

    `own` is the row it starts from. `title` is what the table has there, empty where it has nothing, and `people` who holds it on the
    contact list now. `also` are other titles that a person may mean instead. `why` is one plain sentence.
    """

    own_agency: str
    own: Place
    agency: str
    title: str
    row: int | None
    people: tuple[Person, ...]
    sure: Sure
    why: str
    also: tuple[Place, ...] = ()
    confirm: str = TO_CONFIRM


def opposite(
    table: RoleTable,
    own_agency: str,
    own_role_or_rank: str | int,
    other_agency: str,
    contacts: Iterable[ContactLine],
    *,
    day: date | None = None,
) -> Suggestion:
    """The opposite number of this role or row of one agency in another.

    Agencies go by key or as people write their names; a role by its title, a part of it, or a role key of the protocol; a rank is the
    table's row, 1 the most senior. Where `day` is given, people known to be away on it are left out. Raises NotInTable.
    """
    mine, theirs = _column(table, own_agency), _column(table, other_agency)
    if mine == theirs:
        raise NotInTable("other agency", other_agency, [column.key for column in table.agencies if column != mine])
    rows = _rows(mine, own_role_or_rank)
    own = Place(title=mine.title(rows[-1]), row=rows[-1])
    meant, doubt = _answering(mine, own.row, theirs)
    title = theirs.title(meant) if own.title else ""
    sure: Sure
    if not title:
        sure, why = "none_on_file", _nothing(theirs, meant) if own.title else _nothing(mine, own.row)
    elif table.printed_with(mine) != table.printed_with(theirs):
        separate = "in separate tables, and does not say that their rows are of one level."
        sure, why = "different_block", f"The document prints {mine.name} and {theirs.name} {separate} {doubt}".strip()
    elif doubt or len(rows) > 1 or _same_title_elsewhere(theirs, own, meant):
        sure, why = "neighbouring_row", doubt or _unlike(mine, rows, own, theirs, meant)
    else:
        sure, why = "same_row", f"The document prints {title} of {theirs.name} beside {own.title} of {mine.name}."
    return Suggestion(
        own_agency=mine.name,
        own=own,
        agency=theirs.name,
        title=title,
        row=meant if title else None,
        people=_people(theirs, (other_agency, *theirs.names), meant, contacts, day) if title else (),
        sure=sure,
        why=why,
        also=_also(theirs, own, meant if title else None, {meant, *rows}),
    )


def _column(table: RoleTable, agency: str) -> Column:
    """The agency that goes by this name; where it fits several, none of them."""
    exactly = [column for column in table.agencies if _plain(agency) in {_plain(name) for name in column.names}]
    alike = exactly or [
        column
        for column in table.agencies
        if any(same_agency(name, agency) for name in (column.name, column.short) if len(_plain(name)) >= _TELLING)
    ]
    if len(alike) != 1:
        raise NotInTable("agency", agency, [f"{column.key} ({column.name})" for column in alike or table.agencies])
    return alike[0]


def _rows(column: Column, role: str | int) -> list[int]:
    """The rows of this role or rank. Where a title stands in several, the last goes: the least senior, which asks for least."""
    given = str(role).strip()
    if given.isascii() and given.isdigit():
        if not 1 <= int(given) <= len(column.titles):
            raise NotInTable("rank", given, [f"a whole number from 1 to {len(column.titles)}"])
        return [int(given)]
    whole = [row for row in _filled(column) if _name(column.title(row)) == _name(given)]
    rows = whole or [row for row in _filled(column) if _name(given) in _parts(column.title(row))]
    if not rows:
        titles = [column.title(row) for row in _filled(column)]
        raise NotInTable(f"role of {column.name}", given, titles or ["a rank, because the document names no role there"])
    return rows


def _answering(mine: Column, row: int, theirs: Column) -> tuple[int, str]:
    """The row of the other agency that answers to this one, and the doubt about it, where the table says that rows do not line up."""
    doubts = []
    if mine.misaligned and row in mine.misaligned.elsewhere:
        doubts.append(mine.misaligned.why)
        row = mine.misaligned.elsewhere[row]
    if theirs.misaligned and row in theirs.misaligned.here:
        doubts.append(theirs.misaligned.why)
        row = theirs.misaligned.here[row]
    return row, " ".join(doubts)


def _also(theirs: Column, own: Place, meant: int | None, beside: set[int]) -> tuple[Place, ...]:
    """What else a person may mean: the cells beside, a title of the same name, and around a blank cell the nearest that are not."""
    rows = beside | set(_same_title_elsewhere(theirs, own, meant))
    if meant is None:
        rows |= {
            *[row for row in _filled(theirs) if row < min(beside)][-1:],
            *[row for row in _filled(theirs) if row > max(beside)][:1],
        }
    return tuple(Place(title=theirs.title(row), row=row) for row in sorted(rows) if theirs.title(row) and row != meant)


def _same_title_elsewhere(theirs: Column, own: Place, meant: int | None) -> list[int]:
    """Other rows in which the agency has a title of the same name."""
    alike = [row for row in _filled(theirs) if _parts(own.title) & _parts(theirs.title(row))]
    return [] if meant in alike and len(alike) == 1 else [row for row in alike if row != meant]


def _nothing(theirs: Column, row: int) -> str:
    if theirs.blank:
        return f"The document names no role of {theirs.name} at all."
    return f"The document leaves row {row} of {theirs.name} blank."


def _unlike(mine: Column, rows: list[int], own: Place, theirs: Column, meant: int) -> str:
    if len(rows) > 1:
        return f"{own.title} stands in rows {_listed(rows)} of {mine.name}; this goes by the least senior."
    there = _listed(_same_title_elsewhere(theirs, own, meant))
    return f"The document prints {theirs.title(meant)} beside {own.title}; {theirs.name} has a title of that name in row {there} too."


def _people(
    column: Column, names: tuple[str, ...], row: int, contacts: Iterable[ContactLine], day: date | None
) -> tuple[Person, ...]:
    """Who has this rank in the agency on the contact list; where nobody there has, whoever's role is called so."""
    contacts = list(contacts)
    lines = next((found for name in names if (found := of_agency(contacts, name))), [])
    here = [line for line in lines if day is None or not line.is_away(day)]
    ranked = [line for line in here if line.rank == row]
    found = ranked or [line for line in here if line.rank is None and _name(line.role) in _parts(column.title(row))]
    by_address = {line.address.lower(): line for line in reversed(found)}
    return tuple(
        Person(name=line.name, address=line.address, role=column.title(row), agency=line.agency)
        for line in reversed(by_address.values())
    )


def _filled(column: Column) -> list[int]:
    return [row for row, title in enumerate(column.titles, start=1) if title]


def _parts(title: str) -> set[str]:
    """The title, and each of those that it lists, as names are compared."""
    return {name for part in (title, *re.split(r"\s/\s", title)) if (name := _name(part))}


def _name(title: str) -> str:
    """A title as people write it: one Matron or several."""
    return _plain(title).removesuffix("s")


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def _listed(rows: list[int]) -> str:
    return " and ".join(str(row) for row in rows)
