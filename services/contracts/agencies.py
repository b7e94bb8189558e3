"""Agencies as people write their names, and whom a contact list has there: the same for every service that looks somebody up."""

import re
import unicodedata
from collections.abc import Iterable

from services.contracts.contact_list import ContactLine


def same_agency(one: str, other: str) -> bool:
    """Whether two agency names, as people write them, mean the same: letters and digits only, one within the other."""
    first, second = plain(one), plain(other)
    return bool(first and second) and (first in second or second in first)


def of_agency(contacts: Iterable[ContactLine], agency: str, named: str = "") -> list[ContactLine]:
    """The lines of the agency meant. Where what was written fits several, the one that has the person named; else none of them,
    because the people of an agency that is not involved must not be told of a child."""
    alike = [line for line in contacts if same_agency(line.agency, agency)]
    exactly = [line for line in alike if plain(line.agency) == plain(agency)]
    theirs = {plain(line.agency) for line in alike if is_named(line, named)}
    with_the_named = [line for line in alike if plain(line.agency) in theirs] if len(theirs) == 1 else []
    if exactly or with_the_named:
        return exactly or with_the_named
    return alike if len({plain(line.agency) for line in alike}) == 1 else []


def plain(text: str) -> str:
    """A name as names are compared: its letters and digits, without accents."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text.casefold()))


def is_named(line: ContactLine, named: str) -> bool:
    """Whether what somebody wrote has this person's whole name in it."""
    return bool(plain(line.name)) and plain(line.name) in plain(named)
