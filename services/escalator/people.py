"""Who a step means: roles in an agency become people, and nobody at home becomes the next person, never silence.

Pure: the contact list is passed in. The order is the role itself, its holder's deputy, the agency's safeguarding lead, the board's
inbox; each hop is named, so that a case can say how somebody came to be asked.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from services.contracts.message import Data
from services.contracts.vocabulary import Person, Side
from services.escalator.text import Address, Key, Words

SAFEGUARDING_LEAD = "safeguarding_champion"

Hop = Literal["role", "deputy", "safeguarding_lead", "board"]


class Contact(Data):
    """One line of a board's contact list. `role` is a role key of the board's protocol; `deputy` is another line's address."""

    agency: Words
    role: Key
    name: Words
    address: Address
    deputy: Address | Literal[""] = ""


class Wanted(Data):
    """Who a step asks for on one side.

    `named` is a person the form names, preferred among several holders of a role; with `named_in_any_role` the step means that very
    person, whatever the contact list calls their role (A-10). `excluded` are addresses that did not reach anybody, and `never` is
    one that is not asked at all: nobody is their own opposite number.
    """

    side: Side
    agency: str
    roles: tuple[str, ...]
    named: str = ""
    named_in_any_role: bool = False
    excluded: tuple[str, ...] = ()
    never: str = ""


class Found(Data):
    """The people to ask, and by which hop they were reached."""

    people: tuple[Person, ...]
    hop: Hop


def find(contacts: Iterable[Contact], wanted: Wanted, role_names: Mapping[str, str], board_inbox: Person) -> Found:
    """Who to ask. Always somebody: at the last, the board's inbox."""
    agency = [contact for contact in _of_agency(contacts, wanted) if contact.address.lower() != wanted.never.lower()]
    free = [contact for contact in agency if contact.address.lower() not in _lower(wanted.excluded)]
    meant = [
        contact
        for contact in agency
        if contact.role in wanted.roles or (wanted.named_in_any_role and _is_named(contact, wanted.named))
    ]
    holders = [contact for contact in meant if contact in free]
    named = [contact for contact in holders if _is_named(contact, wanted.named)]
    deputies_of = _lower(contact.deputy for contact in meant if contact not in free)
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
    """The agency of whoever has this address, or else the one agency that has its mail domain.

    Empty when there is none, or several: a council's departments may share a domain, and a wrong guess tells strangers of a child.
    """
    contacts = list(contacts)
    domain = _domain(address)
    by_address = [contact.agency for contact in contacts if contact.address.lower() == address.lower()]
    by_domain = {_plain(contact.agency): contact.agency for contact in contacts if _domain(contact.address) == domain}
    return next(iter(by_address), "") or (next(iter(by_domain.values())) if len(by_domain) == 1 else "")


def roles_of(contacts: Iterable[Contact], address: str) -> tuple[str, ...]:
    """Every role that whoever has this address holds, in the contact list's order."""
    return tuple(dict.fromkeys(contact.role for contact in contacts if contact.address.lower() == address.lower()))


def same_agency(one: str, other: str) -> bool:
    """Whether two agency names, as people write them, mean the same: letters and digits only, one within the other."""
    first, second = _plain(one), _plain(other)
    return bool(first and second) and (first in second or second in first)


def _of_agency(contacts: Iterable[Contact], wanted: Wanted) -> list[Contact]:
    """The lines of the agency meant. Where what was written fits several, the one that has the person named; else none of them,
    because the people of an agency that is not involved must not be told of a child."""
    alike = [contact for contact in contacts if same_agency(contact.agency, wanted.agency)]
    exactly = [contact for contact in alike if _plain(contact.agency) == _plain(wanted.agency)]
    theirs = {_plain(contact.agency) for contact in alike if _is_named(contact, wanted.named)}
    with_the_named = [contact for contact in alike if _plain(contact.agency) in theirs] if len(theirs) == 1 else []
    if exactly or with_the_named:
        return exactly or with_the_named
    return alike if len({_plain(contact.agency) for contact in alike}) == 1 else []


def _is_named(contact: Contact, named: str) -> bool:
    return bool(_plain(contact.name)) and _plain(contact.name) in _plain(named)


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


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]


def _lower(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses if address}
