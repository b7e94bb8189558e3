"""Whom to name on the other side: who is on file at the other agency, and who of them the board's role table suggests. No I/O.

A person chooses, always: the tables do not line up, and say so (A-18 to A-20). Where a board's document has no table, or it does not
know both agencies, those of the asker's own rank on the contact list come first.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.contracts.contact_list import ContactLine
from services.contracts.opposite import NotInTable, Suggestion, opposite
from services.contracts.outline import Role
from services.contracts.role_table import RoleTable

_UNKNOWN_RANK = 99


class Directory(NamedTuple):
    """A board's contact list on a day, its roles, and the role table of its document, where that has one."""

    lines: Sequence[ContactLine]
    roles: Sequence[Role]
    day: date
    table: RoleTable | None = None

    def name_of(self, role: str) -> str:
        """A role key as people read it."""
        return next((one.name for one in self.roles if one.key == role), role)


class Asker(NamedTuple):
    """Who asks: their proved address, and the agency and role they say they have."""

    address: str
    agency: str = ""
    role: str = ""


class Candidate(NamedTuple):
    """Somebody on file. `written` is how they go on the form; `hint` what helps to choose."""

    name: str
    hint: str
    written: str


def agencies(contacts: Iterable[ContactLine]) -> tuple[str, ...]:
    """Every agency that has anybody on file, by name."""
    return tuple(sorted({line.agency for line in contacts}, key=str.casefold))


def suggestion(directory: Directory, asker: Asker, agency: str) -> Suggestion | None:
    """The asker's opposite number at this agency by the table (BED-24), from their place on the contact list or as they name it.

    None where there is no table, or it has not both agencies or not the asker's role.
    """
    if directory.table is None or not agency:
        return None
    for own_agency, own_role in _places(directory, asker):
        try:
            return opposite(directory.table, own_agency, own_role, agency, directory.lines, day=directory.day)
        except NotInTable:
            continue
    return None


def in_words(found: Suggestion, table: RoleTable) -> Iterator[str]:
    """What the table says, where it says it, and what else may be meant."""
    yield f"{table.source} of this board’s protocol: {found.why}"
    if found.title and not found.people:
        yield f"Nobody with the role {found.title} is on file at {found.agency}."
    if found.also:
        yield f"It may also be: {', '.join(place.title for place in found.also)}."


def people(directory: Directory, agency: str, own_address: str, found: Suggestion | None = None) -> tuple[Candidate, ...]:
    """Who is on file at this agency, the one that was `found` in the table first, else those of the asker's own rank; never the asker."""
    own = own_address.lower()
    suggested = {person.address.lower() for person in found.people} if found else set()
    ranks = set() if found else {line.rank for line in directory.lines if line.address.lower() == own and line.rank}
    order = {role.key: place for place, role in enumerate(directory.roles)}

    def place(line: ContactLine) -> tuple[bool, bool, int, int]:
        rank, role = line.rank or _UNKNOWN_RANK, order.get(line.role, _UNKNOWN_RANK)
        return line.address.lower() not in suggested, line.rank not in ranks, rank, role

    def why(line: ContactLine) -> str:
        if found is not None and line.address.lower() in suggested:
            return f"beside {found.own.title} of {found.own_agency} in the board’s table"
        return "the same rank as yours on this board’s list" if line.rank in ranks else ""

    there = (line for line in directory.lines if line.agency == agency and line.address.lower() != own)
    return tuple(_candidate(directory, line, why(line)) for line in sorted(there, key=place))


def named_by_step(directory: Directory, agency: str, wanted: Iterable[str]) -> Iterator[str]:
    """A sentence for each role that the first step names on the other side: who holds it there, or that nobody on file does."""
    for role in wanted:
        holders = [line.name for line in directory.lines if line.agency == agency and directory.name_of(line.role) == role]
        who = ", ".join(dict.fromkeys(holders)) or "nobody on file"
        yield f"The first step is with this role at {agency}: {role} ({who})."


def _places(directory: Directory, asker: Asker) -> Iterator[tuple[str, str]]:
    """Each agency and role, or rank, that the asker may have."""
    for line in directory.lines:
        if line.address.lower() == asker.address.lower():
            if line.rank:
                yield line.agency, str(line.rank)
            yield line.agency, directory.name_of(line.role)
    if asker.agency and asker.role:
        yield asker.agency, asker.role


def _candidate(directory: Directory, line: ContactLine, why: str) -> Candidate:
    role = ", ".join(part for part in (directory.name_of(line.role), line.team) if part)
    hints = [role, why, "away now" if line.is_away(directory.day) else ""]
    return Candidate(line.name, "; ".join(filter(None, hints)), f"{line.name}, {role}")
