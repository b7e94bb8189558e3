"""Who a step means: roles in an agency become people, and nobody at home becomes the next person, never silence.

Pure: the contact list is passed in. The order is the role itself, its holder's deputy, the agency's safeguarding lead, the board's
inbox; each hop is named, so that a case can say how somebody came to be asked.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from services.contracts.message import Data
from services.contracts.vocabulary import Person, Side

SAFEGUARDING_LEAD = "safeguarding_champion"

Hop = Literal["role", "deputy", "safeguarding_lead", "board"]


class Contact(Data):
    """One line of a board's contact list. `role` is a role key of the board's protocol; `deputy` is another line's address."""

    agency: str
    role: str
    name: str
    address: str
    deputy: str = ""


class Wanted(Data):
    """Who a step asks for on one side. `named` is a person the form names, preferred among several holders of a role;
    `excluded` are addresses that did not reach anybody."""

    side: Side
    agency: str
    roles: tuple[str, ...]
    named: str = ""
    excluded: tuple[str, ...] = ()


class Found(Data):
    """The people to ask, and by which hop they were reached."""

    people: tuple[Person, ...]
    hop: Hop


def find(contacts: Iterable[Contact], wanted: Wanted, role_names: Mapping[str, str], board_inbox: Person) -> Found:
    """Who to ask. Always somebody: at the last, the board's inbox."""
    agency = [contact for contact in contacts if same_agency(contact.agency, wanted.agency)]
    free = [contact for contact in agency if contact.address.lower() not in _lower(wanted.excluded)]
    holders = [contact for contact in free if contact.role in wanted.roles]
    named = [contact for contact in holders if wanted.named and _plain(contact.name) in _plain(wanted.named)]
    deputies_of = _lower(contact.deputy for contact in agency if contact.role in wanted.roles and contact not in free)
    deputies = [contact for contact in free if contact.address.lower() in deputies_of]
    leads = [contact for contact in free if contact.role == SAFEGUARDING_LEAD]
    hops: tuple[tuple[Hop, list[Contact]], ...] = (
        ("role", named or holders),
        ("deputy", deputies),
        ("safeguarding_lead", leads),
    )
    for hop, reached in hops:
        if reached:
            return Found(people=_people(reached, role_names), hop=hop)
    return Found(people=(board_inbox,), hop="board")


def agency_of(contacts: Iterable[Contact], address: str) -> str:
    """The agency of whoever has this address, or else of whoever shares its mail domain; empty when nobody does."""
    domain = address.lower().rpartition("@")[2]
    by_address, by_domain = "", ""
    for contact in contacts:
        if contact.address.lower() == address.lower():
            by_address = by_address or contact.agency
        if contact.address.lower().rpartition("@")[2] == domain:
            by_domain = by_domain or contact.agency
    return by_address or by_domain


def same_agency(one: str, other: str) -> bool:
    """Whether two agency names, as people write them, mean the same: letters and digits only, one within the other."""
    first, second = _plain(one), _plain(other)
    return bool(first and second) and (first in second or second in first)


def _people(contacts: list[Contact], role_names: Mapping[str, str]) -> tuple[Person, ...]:
    by_address = {
        contact.address.lower(): Person(
            name=contact.name, address=contact.address, role=role_names.get(contact.role, contact.role), agency=contact.agency
        )
        for contact in reversed(contacts)
    }
    return tuple(reversed(by_address.values()))


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _lower(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses if address}
