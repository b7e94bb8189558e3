"""Whom to name on the other side: who is on file at the other agency, as far as anybody is. No I/O.

A person chooses, always: ranks do not line up between agencies, and a table that says so would be a guess (A-18 to A-20).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from services.contracts.contact_list import ContactLine
from services.contracts.outline import Role

_UNKNOWN_RANK = 99


class Candidate(NamedTuple):
    """Somebody on file. `written` is how they go on the form; `hint` what helps to choose."""

    name: str
    hint: str
    written: str


def agencies(contacts: Iterable[ContactLine]) -> tuple[str, ...]:
    """Every agency that has anybody on file, by name."""
    return tuple(sorted({line.agency for line in contacts}, key=str.casefold))


def people(
    contacts: Sequence[ContactLine], roles: Sequence[Role], agency: str, own_address: str, day: date
) -> tuple[Candidate, ...]:
    """Who is on file at this agency, those of the asker's own rank first where ranks are on file; never the asker."""
    ranks = {line.rank for line in contacts if line.address.lower() == own_address.lower() and line.rank}
    names = {role.key: role.name for role in roles}
    order = {role.key: place for place, role in enumerate(roles)}
    there = [line for line in contacts if line.agency == agency and line.address.lower() != own_address.lower()]
    there.sort(key=lambda line: (line.rank not in ranks, line.rank or _UNKNOWN_RANK, order.get(line.role, _UNKNOWN_RANK)))
    return tuple(_candidate(line, names, same_rank=line.rank in ranks, day=day) for line in there)


def named_by_step(contacts: Sequence[ContactLine], roles: Sequence[Role], agency: str, wanted: Iterable[str]) -> Iterator[str]:
    """A sentence for each role that the first step names on the other side: who holds it there, or that nobody on file does."""
    names = {role.key: role.name for role in roles}
    for role in wanted:
        holders = [line.name for line in contacts if line.agency == agency and names.get(line.role, line.role) == role]
        who = ", ".join(dict.fromkeys(holders)) or "nobody on file"
        yield f"The first step is with this role at {agency}: {role} ({who})."


def _candidate(line: ContactLine, names: dict[str, str], *, same_rank: bool, day: date) -> Candidate:
    role = ", ".join(part for part in (names.get(line.role, line.role), line.team) if part)
    hints = [role]
    if same_rank:
        hints.append("the same rank as yours on this board’s list")
    if line.is_away(day):
        hints.append("away now")
    return Candidate(line.name, "; ".join(hints), f"{line.name}, {role}")
