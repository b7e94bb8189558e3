"""Whatever the contact list and whatever is asked of it: somebody is found, nobody who must not be, and each hop is a later one."""

from datetime import date
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.contact_list import ContactLine
from services.contracts.vocabulary import Person, Sector, Side
from services.escalator.people import Hop, Roles, Wanted, find
from services.escalator.rules import Substitute

INBOX = Person(name="Board", address="inbox@board.example")
HOPS = get_args(Hop)
DAY = date(2026, 12, 4)

AGENCIES = ("School", "North Care", "South Care")
KEYS = ("manager", "team_manager", "safeguarding_champion", "committee_member")
NAMES = ("Ann Bell", "Lee Hartley", "Pat Lind", "Jo Mercer", "Zoë Núñez", "Ann Hale", "Kit Bell-Moss")
ADDRESSES = tuple(f"p{number}@care.example" for number in range(7))

LINE = st.builds(
    ContactLine,
    agency=st.sampled_from(AGENCIES),
    role=st.sampled_from(KEYS),
    name=st.sampled_from(NAMES),
    address=st.sampled_from((*ADDRESSES, ADDRESSES[0].upper())),
    deputy=st.sampled_from(("", *ADDRESSES)),
    sector=st.sampled_from((Sector.OTHER, Sector.VCF)),
    rank=st.none() | st.integers(1, 10),
    away_from=st.none() | st.just(DAY),
)
SUBSTITUTE = Substitute(role="committee_member", instead_of="manager", sector=Sector.VCF, source="3.6")
ROLES = st.builds(
    Roles,
    names=st.just({}),
    anywhere=st.lists(st.sampled_from(KEYS), max_size=2).map(tuple),
    lead=st.none() | st.just("safeguarding_champion"),
    substitutes=st.sampled_from(((), (SUBSTITUTE,))),
)
WANTED = st.builds(
    Wanted,
    side=st.just(Side.OTHER),
    agency=st.sampled_from((*AGENCIES, "Care", "")),
    roles=st.lists(st.sampled_from(KEYS), max_size=3).map(tuple),
    named=st.sampled_from(("", *NAMES)),
    named_in_any_role=st.booleans(),
    excluded=st.lists(st.sampled_from(ADDRESSES), max_size=3).map(tuple),
    never=st.lists(st.sampled_from(ADDRESSES), max_size=2).map(tuple),
    never_named=st.lists(st.sampled_from(NAMES), max_size=1).map(tuple),
    never_roles=st.lists(st.sampled_from(KEYS), max_size=1).map(tuple),
)
LISTS = st.lists(LINE, max_size=12)


@given(LISTS, WANTED, ROLES)
def test_somebody_is_always_found_and_nobody_who_must_not_be(contacts: list[ContactLine], wanted: Wanted, roles: Roles) -> None:
    """BED-17, BED-22, and that nobody stands on both sides: `suggested` is held to the same."""
    found = find(contacts, wanted, roles, INBOX, DAY)
    assert found.people
    assert len({person.address.lower() for person in (*found.people, *found.suggested)}) == len(found.people + found.suggested)
    told = {person.address.lower() for person in (*found.people, *found.suggested)} - {INBOX.address}
    lines = [line for line in contacts if line.address.lower() in told]
    assert told.isdisjoint(address.lower() for address in (*wanted.excluded, *wanted.never))
    assert {line.name for line in lines}.isdisjoint(wanted.never_named)
    assert not [line for line in lines if line.agency == wanted.agency and line.role in wanted.never_roles]
    assert not [line for line in lines if line.is_away(DAY)]
    assert (found.hop == "board") == (found.people == (INBOX,))


@given(LISTS, WANTED, ROLES)
def test_each_hop_is_later_than_the_one_before_and_asks_nobody_twice(
    contacts: list[ContactLine], wanted: Wanted, roles: Roles
) -> None:
    """BED-17: when nobody answers, time after time, it ends at the board's inbox."""
    asked: list[str] = []
    hops: list[Hop] = []
    while not hops or hops[-1] != "board":
        found = find(contacts, wanted.model_copy(update={"beyond": tuple(asked)}), roles, INBOX, DAY)
        hops.append(found.hop)
        again = {address.lower() for address in asked} & {
            person.address.lower() for person in (*found.people, *found.suggested)
        }
        assert not again
        asked += [person.address for person in found.people]
    places = [HOPS.index(hop) for hop in hops]
    assert places == sorted(set(places))


@given(LISTS, WANTED, ROLES)
def test_only_people_of_the_agency_or_their_deputies_or_of_a_role_for_all_are_asked(
    contacts: list[ContactLine], wanted: Wanted, roles: Roles
) -> None:
    """The people of an agency that is not involved are not told of a child."""
    found = find(contacts, wanted, roles, INBOX, DAY)
    strangers = [person for person in found.people if found.hop != "board" and person.agency != wanted.agency]
    if wanted.agency in AGENCIES and strangers:
        held = {line.role for line in contacts if line.address.lower() in {person.address.lower() for person in strangers}}
        assert found.hop == "deputy" or held & set(roles.anywhere)
    assert {person.agency for person in found.suggested} <= ({wanted.agency} if wanted.agency in AGENCIES else set(AGENCIES))
