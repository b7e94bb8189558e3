"""Who a step means: the role, the deputy, the safeguarding lead, the board's inbox, in that order and never nobody."""

import pytest

from services.contracts.vocabulary import Person, Side
from services.escalator.people import Contact, Wanted, agency_of, find, roles_of, same_agency

INBOX = Person(name="Board", address="inbox@board.example")
NAMES = {"team_manager": "Team Manager"}
LEE = Contact(
    agency="Social Care", role="team_manager", name="Lee Hartley", address="lee@care.example", deputy="JO@care.example"
)
ANN = Contact(agency="Social Care", role="team_manager", name="Ann Bell", address="ann@care.example")
JO = Contact(agency="Social Care", role="deputy_team_manager", name="Jo Mercer", address="jo@care.example")
PAT = Contact(agency="Social Care", role="safeguarding_champion", name="Pat Lind", address="pat@care.example")
HEAD = Contact(agency="School", role="team_manager", name="Morgan Ellis", address="morgan@school.example")


def wanted(*excluded: str, named: str = "", agency: str = "social care", role: str = "team_manager") -> Wanted:
    return Wanted(side=Side.OTHER, agency=agency, roles=(role,), named=named, excluded=excluded)


@pytest.mark.parametrize(
    ("contacts", "question", "hop", "names"),
    [
        pytest.param([LEE, ANN, JO, PAT, HEAD], wanted(), "role", ["Lee Hartley", "Ann Bell"], id="everyone in the role"),
        pytest.param([LEE, ANN, JO], wanted(named="ann bell, Team 3"), "role", ["Ann Bell"], id="the one the form names"),
        pytest.param([LEE, ANN], wanted(named="somebody else"), "role", ["Lee Hartley", "Ann Bell"], id="a name not on file"),
        pytest.param([LEE, JO, PAT], wanted("LEE@care.example"), "deputy", ["Jo Mercer"], id="away: the deputy"),
        pytest.param([LEE, ANN, JO], wanted("lee@care.example"), "role", ["Ann Bell"], id="away: another in the role"),
        pytest.param(
            [LEE, JO, PAT], wanted("lee@care.example", "jo@care.example"), "safeguarding_lead", ["Pat Lind"], id="lead"
        ),
        pytest.param([JO, PAT], wanted(), "safeguarding_lead", ["Pat Lind"], id="an empty rank (A-20)"),
        pytest.param([HEAD], wanted(), "board", ["Board"], id="an empty agency (A-20)"),
        pytest.param([], wanted(agency=""), "board", ["Board"], id="no agency on the form"),
    ],
)
def test_the_next_person_is_found(contacts: list[Contact], question: Wanted, hop: str, names: list[str]) -> None:
    found = find(contacts, question, NAMES, INBOX)
    assert (found.hop, [person.name for person in found.people]) == (hop, names)


def test_one_person_in_two_roles_is_asked_once() -> None:
    twice = [LEE, LEE.model_copy(update={"role": "head_of_service"})]
    question = Wanted(side=Side.OTHER, agency="Social Care", roles=("team_manager", "head_of_service"))
    assert [person.role for person in find(twice, question, NAMES, INBOX).people] == ["Team Manager"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Social Care", "social-care", True),
        ("Demonstration Social Care", "Social Care", True),
        ("Social Care", "Social Care, Team 3", True),
        ("School", "Social Care", False),
        ("", "Social Care", False),
        ("...", "Social Care", False),
    ],
)
def test_agency_names_are_compared_as_people_write_them(one: str, other: str, *, same: bool) -> None:
    assert same_agency(one, other) is same


def test_an_agency_is_known_by_address_then_by_mail_domain() -> None:
    assert agency_of([LEE, HEAD], "Morgan@School.example") == "School"
    assert agency_of([LEE, HEAD], "new.teacher@school.example") == "School"
    assert agency_of([LEE, HEAD], "nobody@elsewhere.example") == ""


def test_an_agency_whose_mail_domain_others_share_is_not_guessed() -> None:
    """A council's departments: only who is on file by address has an agency."""
    council = [LEE, HEAD.model_copy(update={"address": "head@care.example"})]
    assert agency_of(council, "somebody@care.example") == ""
    assert agency_of(council, "head@care.example") == "School"
    assert agency_of([LEE, ANN], "somebody@care.example") == "Social Care"


def test_roles_are_known_by_address() -> None:
    twice = LEE.model_copy(update={"role": "head_of_service", "address": "LEE@care.example"})
    assert roles_of([LEE, ANN, twice, LEE], "Lee@Care.example") == ("team_manager", "head_of_service")
    assert roles_of([LEE], "nobody@care.example") == ()


EAST, WEST = (
    LEE.model_copy(update={"agency": f"{place} Social Care", "name": name, "address": f"{place}@care.example"})
    for place, name in (("East", "Una Moss"), ("West", "Vic Hale"))
)


@pytest.mark.parametrize(
    ("agency", "named", "names"),
    [
        ("Social Care", "", ["Board"]),
        ("East Social Care", "", ["Una Moss"]),
        ("the West Social Care team", "", ["Vic Hale"]),
        ("Social Care", "Vic Hale", ["Vic Hale"]),
        ("Social Care", "Vic Hale or Una Moss", ["Board"]),
        ("East Social Care and West Social Care", "", ["Board"]),
    ],
)
def test_an_agency_that_could_be_several_is_none_of_them_unless_it_has_the_person_named(
    agency: str, named: str, names: list[str]
) -> None:
    found = find([EAST, WEST], wanted(agency=agency, named=named), NAMES, INBOX)
    assert [person.name for person in found.people] == names


def test_an_agency_named_in_full_is_that_one_though_others_have_its_name_in_theirs() -> None:
    plain = ANN.model_copy(update={"agency": "Social Care"})
    assert [person.name for person in find([EAST, plain, WEST], wanted(), NAMES, INBOX).people] == ["Ann Bell"]


def test_whoever_must_never_be_asked_is_nowhere_found() -> None:
    question = wanted().model_copy(update={"never": "LEE@care.example"})
    assert [person.name for person in find([LEE, JO], question, NAMES, INBOX).people] == ["Board"]
    assert find([LEE, ANN], question, NAMES, INBOX).people[0].name == "Ann Bell"
