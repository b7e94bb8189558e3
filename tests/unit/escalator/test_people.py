"""Who a step means: the role, the deputy, a role that stands in, the safeguarding lead, the board's inbox, and never nobody."""

from datetime import date

import pytest

from services.contracts.agencies import same_agency
from services.contracts.contact_list import ContactLine
from services.contracts.vocabulary import Person, Sector, Side
from services.escalator.people import Found, Roles, Wanted, agency_of, find, roles_of, sector_of
from services.escalator.rules import Substitute

INBOX = Person(name="Board", address="inbox@board.example")
ROLES = Roles(names={"team_manager": "Team Manager"}, lead="safeguarding_champion")
TODAY = date(2026, 12, 4)
LEE = ContactLine(
    agency="Social Care", role="team_manager", name="Lee Hartley", address="lee@care.example", deputy="JO@care.example"
)
ANN = ContactLine(agency="Social Care", role="team_manager", name="Ann Bell", address="ann@care.example")
JO = ContactLine(agency="Social Care", role="deputy_team_manager", name="Jo Mercer", address="jo@care.example")
PAT = ContactLine(agency="Social Care", role="safeguarding_champion", name="Pat Lind", address="pat@care.example")
HEAD = ContactLine(agency="School", role="team_manager", name="Morgan Ellis", address="morgan@school.example")


def wanted(*excluded: str, named: str = "", agency: str = "social care", role: str = "team_manager", **more: object) -> Wanted:
    return Wanted.model_validate(
        {"side": Side.OTHER, "agency": agency, "roles": (role,), "named": named, "excluded": excluded} | more
    )


def who(contacts: list[ContactLine], question: Wanted, roles: Roles = ROLES, day: date = TODAY) -> tuple[str, list[str]]:
    found = find(contacts, question, roles, INBOX, day)
    return found.hop, [person.name for person in found.people]


def suggested(found: Found) -> list[str]:
    return [person.name for person in found.suggested]


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
def test_the_next_person_is_found(contacts: list[ContactLine], question: Wanted, hop: str, names: list[str]) -> None:
    assert who(contacts, question) == (hop, names)


def test_a_protocol_without_a_safeguarding_lead_goes_on_to_the_board() -> None:
    assert who([JO, PAT], wanted(), Roles(names={})) == ("board", ["Board"])


@pytest.mark.parametrize(
    ("day", "hop", "name"),
    [
        (date(2026, 12, 20), "role", "Lee Hartley"),
        (date(2026, 12, 21), "deputy", "Jo Mercer"),
        (date(2027, 1, 4), "deputy", "Jo Mercer"),
        (date(2027, 1, 5), "role", "Lee Hartley"),
    ],
)
def test_whoever_is_known_to_be_away_is_not_asked_on_those_days(day: date, hop: str, name: str) -> None:
    """In any of their roles, though the absence stands beside one of them only."""
    away = LEE.model_copy(update={"away_from": date(2026, 12, 21), "away_until": date(2027, 1, 4), "role": "head_of_service"})
    assert who([LEE, away, JO], wanted(), day=day) == (hop, [name])


def test_an_absence_without_an_end_lasts() -> None:
    assert who([LEE.model_copy(update={"away_from": TODAY}), JO], wanted(), day=date(2030, 1, 1))[0] == "deputy"


def test_a_deputy_who_is_away_has_a_deputy_too() -> None:
    jo = JO.model_copy(update={"away_from": TODAY, "deputy": "pat@care.example"})
    assert who([LEE, jo, PAT], wanted("lee@care.example")) == ("deputy", ["Pat Lind"])
    circle = jo.model_copy(update={"deputy": "lee@care.example"})
    assert who([LEE, circle, PAT], wanted("lee@care.example")) == ("safeguarding_lead", ["Pat Lind"])


def test_a_deputy_may_be_of_another_agency_because_the_list_says_so() -> None:
    shared = LEE.model_copy(update={"deputy": HEAD.address})
    assert who([shared, HEAD], wanted("lee@care.example")) == ("deputy", ["Morgan Ellis"])


def test_one_person_in_two_roles_is_asked_once() -> None:
    twice = [LEE, LEE.model_copy(update={"role": "head_of_service"})]
    question = Wanted(side=Side.OTHER, agency="Social Care", roles=("team_manager", "head_of_service"))
    assert [person.role for person in find(twice, question, ROLES, INBOX, TODAY).people] == ["Team Manager"]


def test_no_answer_goes_to_the_next_hop_each_time_and_ends_at_the_board() -> None:
    """BED-17: those who were asked stay asked, and the next ones are asked as well."""
    contacts = [LEE, ANN, JO, PAT]
    assert who(contacts, wanted()) == ("role", ["Lee Hartley", "Ann Bell"])
    assert who(contacts, wanted(beyond=(LEE.address, "ANN@care.example"))) == ("deputy", ["Jo Mercer"])
    assert who(contacts, wanted(beyond=(LEE.address, ANN.address, JO.address))) == ("safeguarding_lead", ["Pat Lind"])
    assert who(contacts, wanted(beyond=(LEE.address, ANN.address, JO.address, PAT.address))) == ("board", ["Board"])


def test_no_answer_and_no_deputy_does_not_fall_back_to_another_in_the_role() -> None:
    """The form named one of them; the other is offered to board staff, not asked in silence."""
    question = wanted(named="Ann Bell", beyond=(ANN.address,))
    assert who([LEE, ANN, JO, PAT], question) == ("safeguarding_lead", ["Pat Lind"])
    assert "Lee Hartley" in suggested(find([LEE, ANN, JO, PAT], question, ROLES, INBOX, TODAY))


def test_a_deputy_who_did_not_answer_and_one_whom_mail_did_not_reach() -> None:
    jo = JO.model_copy(update={"deputy": "pat@care.example"})
    assert who([LEE, jo, PAT], wanted(jo.address, beyond=(LEE.address,))) == ("deputy", ["Pat Lind"])
    assert who([LEE, jo], wanted(beyond=(LEE.address, jo.address))) == ("board", ["Board"])


COMMITTEE = Substitute(role="committee_member", instead_of="team_manager", sector=Sector.VCF, source="3.6")
MEMBER = ContactLine(
    agency="Play Scheme", role="committee_member", name="Dee Shaw", address="dee@play.example", sector=Sector.VCF
)
LEADER = ContactLine(
    agency="Play Scheme", role="safeguarding_champion", name="Fay Kerr", address="fay@play.example", sector=Sector.VCF
)


def test_a_role_stands_in_for_another_in_agencies_of_its_sector_only() -> None:
    """BAR-11: a member of the management committee may take the senior manager's place."""
    roles = ROLES.model_copy(update={"substitutes": (COMMITTEE,)})
    question = wanted(agency="Play Scheme")
    assert who([MEMBER, LEADER], question, roles) == ("substitute", ["Dee Shaw"])
    assert who([MEMBER, LEADER], question) == ("safeguarding_lead", ["Fay Kerr"])
    assert who([MEMBER, LEADER], wanted(agency="Play Scheme", role="head_of_service"), roles)[0] == "safeguarding_lead"
    council = [line.model_copy(update={"sector": Sector.EDUCATION}) for line in (MEMBER, LEADER)]
    assert who(council, question, roles) == ("safeguarding_lead", ["Fay Kerr"])
    senior = MEMBER.model_copy(update={"role": "team_manager", "name": "Gus Hay", "address": "gus@play.example"})
    assert who([MEMBER, LEADER, senior], question, roles) == ("role", ["Gus Hay"])


def test_an_agency_is_of_the_sector_that_its_lines_agree_on() -> None:
    plain = LEADER.model_copy(update={"sector": Sector.OTHER})
    assert sector_of([MEMBER, plain, LEE], "the play scheme") is Sector.VCF
    assert sector_of([MEMBER, LEADER.model_copy(update={"sector": Sector.EDUCATION})], "Play Scheme") is Sector.OTHER
    assert sector_of([plain], "Play Scheme") is Sector.OTHER
    assert sector_of([MEMBER], "School") is Sector.OTHER


def test_a_role_held_for_the_whole_area_is_looked_for_everywhere_when_the_agency_has_none() -> None:
    roles = ROLES.model_copy(update={"anywhere": ("team_manager", "safeguarding_champion")})
    assert who([LEE, HEAD], wanted(agency="School"), roles) == ("role", ["Morgan Ellis"])
    assert who([LEE, JO], wanted(agency="School"), roles) == ("role", ["Lee Hartley"])
    assert who([LEE, JO], wanted(agency=""), roles) == ("role", ["Lee Hartley"])
    assert who([LEE, JO], wanted("lee@care.example", agency="School"), roles) == ("deputy", ["Jo Mercer"])
    assert who([PAT], wanted(agency="School", role="head_of_service"), roles) == ("safeguarding_lead", ["Pat Lind"])
    assert who([LEE], wanted(agency="School"))[0] == "board"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Social Care", "social-care", True),
        ("Demonstration Social Care", "Social Care", True),
        ("Social Care", "Social Care, Team 3", True),
        ("Canolfan Tŷ Gwyn", "canolfan ty gwyn", True),
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
    assert who([EAST, WEST], wanted(agency=agency, named=named))[1] == names


def test_an_agency_named_in_full_is_that_one_though_others_have_its_name_in_theirs() -> None:
    plain = ANN.model_copy(update={"agency": "Social Care"})
    assert who([EAST, plain, WEST], wanted()) == ("role", ["Ann Bell"])


def test_whoever_must_never_be_asked_is_nowhere_found() -> None:
    question = wanted(never=("LEE@care.example",))
    assert who([LEE, JO], question) == ("board", ["Board"])
    assert who([LEE, ANN], question) == ("role", ["Ann Bell"])


@pytest.mark.parametrize(
    "written",
    ["Lee Hartley", "lee hartley, Team 3", "Mr Hartley", "Lee", "L. Hartley", "my manager (lee.hartley@care.example)"],
)
def test_a_complaint_is_kept_from_whoever_it_names_however_they_are_named(written: str) -> None:
    """BED-22: in every hop, and nobody stands in for them because they are not there."""
    lead = LEE.model_copy(update={"role": "safeguarding_champion"})
    question = wanted(role="safeguarding_champion", never_named=(written,))
    assert who([lead, PAT], question) == ("role", ["Pat Lind"])
    assert who([lead, JO], question) == ("board", ["Board"])
    assert "Lee Hartley" not in suggested(find([lead, JO], question, ROLES, INBOX, TODAY))


@pytest.mark.parametrize("written", ["", "Jo Mercer", "Dr", "the Hart", "L."])
def test_a_complaint_is_not_kept_from_those_it_does_not_name(written: str) -> None:
    assert who([LEE], wanted(never_named=(written,))) == ("role", ["Lee Hartley"])


def test_a_complaint_is_kept_from_the_holders_of_a_role_in_that_agency_in_their_other_roles_too() -> None:
    """BED-22: the manager is not told, though they are also a safeguarding champion or somebody's deputy."""
    lead_too = LEE.model_copy(update={"role": "safeguarding_champion", "address": "LEE@care.example"})
    pat = PAT.model_copy(update={"deputy": LEE.address, "away_from": TODAY})
    question = wanted(role="safeguarding_champion", never_roles=("team_manager",))
    assert who([LEE, lead_too, pat], question) == ("board", ["Board"])
    elsewhere = question.model_copy(update={"never_roles": ("head_of_service",)})
    assert who([LEE, lead_too, pat], elsewhere) == ("role", ["Lee Hartley"])


def test_board_staff_are_offered_the_nearest_rank_first_and_nobody_is_asked_without_them() -> None:
    """A-18 to A-20: what the rank's people are in another agency says which rank is meant."""
    titles = (
        ("chief_executive", 1),
        ("head_of_service", 4),
        ("senior_practitioner", 7),
        ("practitioner", None),
        ("director", 2),
    )
    ranked = [
        ContactLine(agency="School", role=role, name=role, address=f"{role}@school.example", rank=rank) for role, rank in titles
    ]
    found = find([LEE.model_copy(update={"rank": 5}), *ranked], wanted(agency="School"), ROLES, INBOX, TODAY)
    assert (found.hop, found.people) == ("board", (INBOX,))
    assert suggested(found) == ["head_of_service", "senior_practitioner", "director", "chief_executive", "practitioner"]
    assert [person.agency for person in found.suggested] == ["School"] * 5


def test_those_who_cannot_be_asked_or_were_asked_already_are_not_offered() -> None:
    contacts = [LEE, ANN, JO.model_copy(update={"away_from": TODAY}), PAT]
    found = find(contacts, wanted(LEE.address, beyond=(ANN.address, PAT.address)), ROLES, INBOX, TODAY)
    assert (found.hop, found.suggested) == ("board", ())
    assert find(contacts, wanted(), ROLES, INBOX, TODAY).suggested == ()
