"""Who a step means: roles in an agency become people, and nobody at home becomes the next person, never silence.

Pure: the contact list is passed in. The order is the role itself, the deputies of those who are not there, a role that stands in for
it (BAR-11), the agency's safeguarding lead, the board's inbox; each hop is named, so that a case can say how somebody came to be
asked (BED-17).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from services.contracts.agencies import is_named, of_agency, plain
from services.contracts.contact_list import ContactLine
from services.contracts.message import Data
from services.contracts.vocabulary import Person, Sector, Side
from services.escalator.rules import Substitute

Hop = Literal["role", "deputy", "substitute", "safeguarding_lead", "board"]

MOST_SUGGESTED = 10
"""How many people board staff are offered to choose from: more would be the whole list, which they have."""

_TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"}


class Roles(Data):
    """What a protocol says of roles: their `names`, those held `anywhere` for the whole area, which is the safeguarding `lead`, and
    which may stand in for another."""

    names: dict[str, str]
    anywhere: tuple[str, ...] = ()
    lead: str | None = None
    substitutes: tuple[Substitute, ...] = ()


class Wanted(Data):
    """Who a step asks for on one side.

    `named` is a person the form names, preferred among several holders of a role; with `named_in_any_role` the step means that very
    person, whatever the contact list calls their role (A-10). `excluded` are addresses that did not reach anybody. `beyond` were asked
    and did not answer: the next hop after them is meant, and they stay asked (BED-17).

    Three things keep people out of every hop: `never` are addresses (nobody is their own opposite number), `never_named` are people as
    somebody wrote their names, and `never_roles` means whoever holds one of these roles in that agency (BED-22).
    """

    side: Side
    agency: str
    roles: tuple[str, ...]
    named: str = ""
    named_in_any_role: bool = False
    excluded: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    never_named: tuple[str, ...] = ()
    never_roles: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


class Found(Data):
    """The people to ask, and by which hop they were reached.

    `suggested` are others of the agency whom board staff may choose where the list names nobody for sure, those of the nearest rank
    first (A-18 to A-20). Nobody of them is asked unless a person chooses so.
    """

    people: tuple[Person, ...]
    hop: Hop
    suggested: tuple[Person, ...] = ()


def find(contacts: Iterable[ContactLine], wanted: Wanted, roles: Roles, board_inbox: Person, day: date) -> Found:
    """Who to ask on this day, in local time. Always somebody: at the last, the board's inbox."""
    hops = _Hops.of(list(contacts), wanted, roles, day)
    asked = _lower(wanted.beyond)
    reached = [(hop, _one_each(lines)) for hop, lines in hops.in_order(asked)]
    last = max((place for place, (_, lines) in enumerate(reached) if _first_met(lines, reached[:place], asked)), default=-1)
    for hop, lines in reached[last + 1 :]:
        people = [line for line in lines if line.address.lower() not in asked]
        if people:
            suggested = hops.suggested(people, asked) if hop == "safeguarding_lead" else ()
            return Found(people=_people(people, roles), hop=hop, suggested=_people(suggested, roles))
    return Found(people=(board_inbox,), hop="board", suggested=_people(hops.suggested((), asked), roles))


def agency_of(contacts: Iterable[ContactLine], address: str) -> str:
    """The agency of whoever has this address, or else the one agency that has its mail domain.

    Empty when there is none, or several: a council's departments may share a domain, and a wrong guess tells strangers of a child.
    """
    contacts = list(contacts)
    domain = _domain(address)
    by_address = [line.agency for line in contacts if line.address.lower() == address.lower()]
    by_domain = {plain(line.agency): line.agency for line in contacts if _domain(line.address) == domain}
    return next(iter(by_address), "") or (next(iter(by_domain.values())) if len(by_domain) == 1 else "")


def roles_of(contacts: Iterable[ContactLine], address: str) -> tuple[str, ...]:
    """Every role that whoever has this address holds, in the contact list's order."""
    return tuple(dict.fromkeys(line.role for line in contacts if line.address.lower() == address.lower()))


def sector_of(contacts: Iterable[ContactLine], agency: str) -> Sector:
    """What kind of agency this is: what its lines say where they say one thing, else `other`."""
    return _sector(of_agency(contacts, agency))


class _Hops(NamedTuple):
    """The contact list as one question sees it: nobody on it who must not be asked, and `here` who can be on that day."""

    wanted: Wanted
    roles: Roles
    everywhere: list[ContactLine]
    agency: list[ContactLine]
    here: set[str]

    @classmethod
    def of(cls, contacts: list[ContactLine], wanted: Wanted, roles: Roles, day: date) -> "_Hops":
        agency = of_agency(contacts, wanted.agency, wanted.named)
        never = _lower(wanted.never)
        never |= {line.address.lower() for line in agency if line.role in wanted.never_roles}
        never |= {line.address.lower() for line in contacts if any(_may_be(line, name) for name in wanted.never_named)}
        everywhere = [line for line in contacts if line.address.lower() not in never]
        away = {line.address.lower() for line in everywhere if line.is_away(day)} | _lower(wanted.excluded)
        here = {line.address.lower() for line in everywhere} - away
        return cls(wanted, roles, everywhere, [line for line in agency if line.address.lower() not in never], here)

    def in_order(self, asked: set[str]) -> Iterator[tuple[Hop, list[ContactLine]]]:
        """Who can be asked at each hop before the board, whether or not they have been `asked`."""
        meant = self._holding(self.wanted.roles)
        if self.wanted.named_in_any_role:
            meant += [line for line in self.agency if is_named(line, self.wanted.named)]
        present = self._present(meant)
        holders = [line for line in present if is_named(line, self.wanted.named)] or present
        yield "role", holders
        unanswered = _lower(line.address for line in holders) & asked
        silent = [line for line in meant if line.address.lower() in unanswered or line.address.lower() not in self.here]
        yield "deputy", self._deputies(silent)
        yield "substitute", self._present(self._holding(self._substitutes()))
        yield "safeguarding_lead", self._present(self._holding((self.roles.lead,) if self.roles.lead else ()))

    def suggested(self, people: Iterable[ContactLine], asked: set[str]) -> list[ContactLine]:
        """Others of the agency, those whose rank is nearest to the one that the step means first; in doubt the more senior."""
        taken = _lower(line.address for line in people) | asked
        own = {line.rank for line in self.agency if line.role in self.wanted.roles and line.rank}
        ranks = own or {line.rank for line in self.everywhere if line.role in self.wanted.roles and line.rank}

        def distance(line: ContactLine) -> tuple[int, int]:
            return (
                min(((abs(line.rank - rank), line.rank) for rank in ranks), default=(0, line.rank)) if line.rank else (99, 99)
            )

        others = [line for line in self._present(self.agency) if line.address.lower() not in taken]
        return _one_each(sorted(others, key=distance))[:MOST_SUGGESTED]

    def _holding(self, roles: tuple[str, ...]) -> list[ContactLine]:
        """Who holds these roles in the agency; one that it does not have and that is held for the whole area, wherever it is."""
        held = {line.role for line in self.agency}
        for_all = {role for role in roles if role in self.roles.anywhere and role not in held}
        there = [line for line in self.agency if line.role in roles]
        return there + [line for line in self.everywhere if line.role in for_all]

    def _present(self, lines: Iterable[ContactLine]) -> list[ContactLine]:
        return [line for line in lines if line.address.lower() in self.here]

    def _deputies(self, silent: list[ContactLine]) -> list[ContactLine]:
        """The deputies of these, and of a deputy who is not there either. A deputy may be of another agency: the list says so."""
        found: list[ContactLine] = []
        passed: set[str] = set()
        waiting = _lower(line.deputy for line in silent)
        while waiting:
            passed |= waiting
            lines = [line for line in (*self.agency, *self.everywhere) if line.address.lower() in waiting]
            found += self._present(lines)
            waiting = _lower(line.deputy for line in lines if line.address.lower() not in self.here) - passed
        return found

    def _substitutes(self) -> tuple[str, ...]:
        """The roles that may stand in for those meant in an agency of this sector (BAR-11)."""
        sector = _sector(self.agency)
        return tuple(one.role for one in self.roles.substitutes if one.instead_of in self.wanted.roles and one.sector is sector)


def _first_met(lines: list[ContactLine], before: list[tuple[Hop, list[ContactLine]]], asked: set[str]) -> bool:
    """Whether somebody who was asked already is met here for the first time."""
    met = {line.address.lower() for _, earlier in before for line in earlier}
    return any(line.address.lower() in asked - met for line in lines)


def _sector(lines: Iterable[ContactLine]) -> Sector:
    said = {line.sector for line in lines} - {Sector.OTHER}
    return said.pop() if len(said) == 1 else Sector.OTHER


def _may_be(line: ContactLine, written: str) -> bool:
    """Whether this may be the person somebody wrote of: in full, by the last name, or by some of the names. Rather too often than
    once too seldom, because it keeps a complaint from whoever it is about (BED-22)."""
    names, words = _words(line.name), _words(written)
    return is_named(line, written) or (bool(names and words) and (names[-1] in words or set(words) <= set(names)))


def _people(lines: Iterable[ContactLine], roles: Roles) -> tuple[Person, ...]:
    return tuple(
        Person(name=line.name, address=line.address, role=roles.names.get(line.role, line.role), agency=line.agency)
        for line in lines
    )


def _one_each(lines: Iterable[ContactLine]) -> list[ContactLine]:
    """The first line of each person."""
    by_address: dict[str, ContactLine] = {}
    for line in lines:
        by_address.setdefault(line.address.lower(), line)
    return list(by_address.values())


def _words(text: str) -> list[str]:
    """The words of a name, without accents, apostrophes and titles."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter))
    return [word for word in re.findall(r"\w+", re.sub(r"['’]", "", plain)) if word not in _TITLES]


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]


def _lower(addresses: Iterable[str]) -> set[str]:
    return {address.lower() for address in addresses if address}
