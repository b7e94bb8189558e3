"""Somebody's opposite number: what the document prints, and honesty about where its tables do not line up."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.contact_list import ContactLine
from services.contracts.opposite import TO_CONFIRM, Suggestion
from services.contracts.role_table import RoleTable
from services.escalator.errors import ProtocolError, Unknown
from services.escalator.opposite import opposite
from services.escalator.role_table import load_role_table, packaged_role_table

# Appendix B, typed a second time from the document: its agencies in printed order, and the row of each title.
PRINTED = """
Central Beds Children's Services Social Care
  1 Chief Executive
  2 Director (DCS) / Deputy Chief Executive
  3 Assistant Director-Operations (AD)
  4 Head of Service
  5 Team Manager
  6 Deputy Team Manager
  7 Senior Practitioner
  8 Social Worker
  9 Review Manager
  10 Social Work assistant
Central Beds Children's Service Education
  1 Chief Executive
  2 Director (DCS) / Deputy Chief Executive
  3 Assistant Director-Learning /Assistant Director (Operations)
  4 Head of Service
  5 Team Manager
  6 Deputy Team Manager
  7 Practitioner
Central Beds Adult Social Services
  1 Chief Executive
  2 Director Adult Care, Health and Housing
  3 Assistant Director Adult Social Care
  4 Head of Service
  5 EDT Team Manager
  6 Senior Practitioner EDT
  7 Duty Social Workers
Bedford Borough Children's Services Social Care
  1 Chief Executive
  2 Executive Director
  3 Assistant Director Vulnerable Children Services
  4 Head of Service
  5 Team Manager
  6 Deputy Team Manager / Review Manager
  7 Senior Practitioner
  8 Social Worker
  10 Social Work Assistant
Bedford Borough Children's Service Education
  1 Chief Executive
  2 Executive Director
  3 Assistant Director Chief Education Officer
  4 Head of Service
  5 Team Manager/ Strand Leader
Bedford Borough Adult Social Services
  1 Chief Executive
  2 Executive Director Adult Services
  3 Assistant Director Adult Social Care
  4 Safeguarding Manager
  5 Head of Service
  6 Team Manager
  7 Senior Practitioner
  8 Social Worker
  9 Support Worker
School/ Nursery
  1 Governing Body
  2 Head teacher
  3 Deputy/Assistant Head Teacher
  4 Head of Dept
  5 Class Teacher
  7 Class Teacher
  10 Classroom Assistant
Housing
Youth Offending Services (Shared Service)
  1 Chief Executive
  2 Director (DCS) / Deputy Chief Executive
  3 Assistant Director-Operations (AD)
  4 Head of Service
  5 Service Manager
  6 Operational Manager
  7 Senior Practitioner
  8 YJ – Social Worker
  9 YJ - Practitioner
  10 YJ Support worker
Beds Police
  1 ACC Protective Services
  2 D/Chief Superintendent Protective Services
  3 D/Superintendent Public Protection Unit
  4 DCI Public Protection Unit
  5 DI Public Protection Unit
  6 DS Public Protection Unit
Beds Probation
Bedford Hospital
  1 Chief Executive
  2 Deputy Chief Executive
  3 Chief Operating Officer
  4 General Manager
  5 Matrons
  6 Team Leaders
  7 Senior Practitioner
  8 Practitioner
Luton & Dunstable Hospital
  1 Chief Executive
  2 Deputy Chief Executive
  3 Chief Operating Officer
  4 General Manager
  5 Matrons
  6 Team Leaders
  7 Senior Practitioner
  8 Practitioner
East of England Ambulance Service
  1 Chief Executive
  2 Executive Director
  3 Assistant Director
  4 General Manager
  5 Assistant General Manager
  6 Duty Operations Manager
  8 Practitioner
SEPT
  1 Chief Executive
  2 Executive Director
  5 Service Director
  6 Team Manager
  7 Lead Professional
  8 Care Coordinator
  9 Support Time Recovery Workers (STR)
CAFCASS
Vol + Indep Sector
  1 Chief Executive
  2 Head
  3 Project Managers/ Team Leaders
  4 Senior Support Worker/ Support Staff/ Assistant Team Leaders
Beds & Luton Fire Service
SERCO
UKBA
Bedfordshire Community Health Services
  1 Chief Operating Officer
  2 Deputy Chief Operating Officer
  3 Named Nurse/Doctor Head of Safeguarding
  4 Head of Service
  5 Locality Manager
  6 Team Leader
  7 Specialist Community Practitioner Health Visitor/School Nurse
  8 Qualified Nurse /Allied Professional
  9 Community Nursery Nurse
  10 Health care Assistant
NHS Bedfordshire (Children)
  1 Chief Executive
  2 Executive Director
  3 Manager
"""


def bedfordshire() -> RoleTable:
    table = packaged_role_table("bedfordshire")
    assert table is not None
    return table


def suggest(own: str, role: str | int, other: str, *contacts: ContactLine, day: date | None = None) -> Suggestion:
    return opposite(bedfordshire(), own, role, other, contacts, day=day)


def also(suggestion: Suggestion) -> list[tuple[int, str]]:
    return [(place.row, place.title) for place in suggestion.also]


def test_every_cell_is_as_the_document_prints_it_and_blank_ones_are_kept() -> None:
    """BED-24, A-20."""

    def plain(title: str) -> str:
        return re.sub(r"\s*/\s*", "/", title)

    name, printed = "", dict[str, dict[int, str]]()
    for line in PRINTED.strip().splitlines():
        if line.startswith(" "):
            row, title = line.split(maxsplit=1)
            printed[name][int(row)] = plain(title)
        else:
            name = line
            printed[name] = {}
    table = bedfordshire()
    assert len(printed) == 22
    assert [column.name for column in table.agencies] == list(printed)
    for column in table.agencies:
        filled = {row: plain(title) for row, title in enumerate(column.titles, start=1) if title}
        assert filled == printed[column.name]
    assert [len(part.agencies) for part in table.tables] == [11, 11]
    blank = ["Housing", "Beds Probation", "CAFCASS", "Beds & Luton Fire Service", "SERCO", "UKBA"]
    assert [column.name for column in table.agencies if column.blank] == blank


@pytest.mark.parametrize(
    ("own", "role", "other", "row", "title"),
    [
        ("cbc_social_care", "Team Manager", "bbc_social_care", 5, "Team Manager"),
        ("CBC Social Care", "head_of_service", "Beds Police", 4, "DCI Public Protection Unit"),
        ("Bedfordshire Police", "DI Public Protection Unit", "YOS", 5, "Service Manager"),
        ("Ashgrove School", "head teacher", "BBC Education", 2, "Executive Director"),
        ("bedford hospital", "matron", "L&D", 5, "Matrons"),
        ("CBC Adult", "duty_social_worker", "Luton & Dunstable Hospital", 7, "Senior Practitioner"),
    ],
)
def test_the_title_beside_is_suggested(own: str, role: str, other: str, row: int, title: str) -> None:
    found = suggest(own, role, other)
    assert (found.row, found.title, found.confirm) == (row, title, TO_CONFIRM)
    assert found.sure == ("different_block" if other == "Luton & Dunstable Hospital" else "same_row")


@pytest.mark.parametrize(
    ("own", "role", "other", "there", "others"),
    [
        ("CBC Social Care", "Head of Service", "BBC Adult", (5, "Head of Service"), [(4, "Safeguarding Manager")]),
        ("CBC Social Care", "Team Manager", "BBC Adult", (6, "Team Manager"), [(5, "Head of Service")]),
        ("CBC Social Care", "Deputy Team Manager", "BBC Adult", (6, "Team Manager"), []),
        ("BBC Adult", "Head of Service", "CBC Education", (4, "Head of Service"), [(5, "Team Manager")]),
        ("BBC Adult", "Team Manager", "CBC Adult", (5, "EDT Team Manager"), [(6, "Senior Practitioner EDT")]),
        ("BBC Adult", "Safeguarding Manager", "CBC Adult", (4, "Head of Service"), []),
        ("CBC Social Care", "Review Manager", "BBC Social Care", (6, "Deputy Team Manager / Review Manager"), []),
        ("BBC Social Care", "Review Manager", "CBC Social Care", (6, "Deputy Team Manager"), [(9, "Review Manager")]),
        ("School", "Class Teacher", "CBC Social Care", (7, "Senior Practitioner"), [(5, "Team Manager")]),
    ],
)
def test_rows_that_do_not_line_up_are_said_so(
    own: str, role: str, other: str, there: tuple[int, str], others: list[tuple[int, str]]
) -> None:
    """A-18: Bedford Borough's adult services are one row off, Review Manager stands at two levels, Class Teacher twice."""
    found = suggest(own, role, other)
    assert (found.sure, (found.row, found.title)) == ("neighbouring_row", there)
    assert also(found) == others
    assert found.why.endswith(".")


def test_a_class_teacher_of_a_certain_row_is_not_in_doubt() -> None:
    assert suggest("School", 5, "CBC Social Care").sure == "same_row"
    assert suggest("School", "5", "CBC Social Care").title == "Team Manager"


def test_the_two_printed_tables_are_not_of_one_level() -> None:
    """A-19: nothing in the document says that row n of one is row n of the other."""
    found = suggest("CBC Social Care", "Head of Service", "Bedford Hospital")
    assert (found.sure, found.title) == ("different_block", "General Manager")
    assert "separate tables" in found.why
    both = suggest("BBC Adult", "Team Manager", "Bedford Hospital")
    assert (both.sure, both.title, also(both)) == ("different_block", "Matrons", [(6, "Team Leaders")])
    assert "one row lower" in both.why
    nurse = suggest("Bedford Hospital", "Chief Operating Officer", "Bedfordshire Community Health Services")
    assert (nurse.sure, nurse.title) == ("neighbouring_row", "Named Nurse/Doctor Head of Safeguarding")
    assert also(nurse) == [(1, "Chief Operating Officer")]


@pytest.mark.parametrize(
    ("own", "role", "other", "others"),
    [
        ("CBC Social Care", "Team Manager", "Housing", []),
        ("CBC Social Care", "Head of Service", "SEPT", [(2, "Executive Director"), (5, "Service Director")]),
        ("CBC Social Care", "Deputy Team Manager", "School", [(5, "Class Teacher"), (7, "Class Teacher")]),
        ("CBC Social Care", "Social Worker", "Beds Police", [(6, "DS Public Protection Unit")]),
        ("Housing", 4, "CBC Social Care", [(3, "Assistant Director-Operations (AD)"), (4, "Head of Service"), (5, "Team Manager")]),
    ],
)  # fmt: skip
def test_a_blank_cell_has_no_equivalent_and_the_nearest_are_named(
    own: str, role: str | int, other: str, others: list[tuple[int, str]]
) -> None:
    """A-20: a normal case, in which a person chooses."""
    found = suggest(own, role, other)
    assert (found.sure, found.title, found.row, found.people) == ("none_on_file", "", None, ())
    assert also(found) == others
    assert "blank" in found.why or "no role" in found.why


@pytest.mark.parametrize(
    ("own", "role", "other", "told"),
    [
        ("Narnia", "Team Manager", "Housing", "unknown agency 'Narnia': expected one of cbc_social_care"),
        (
            "Social Care",
            "Team Manager",
            "Housing",
            "unknown agency 'Social Care': expected one of cbc_social_care .*, bbc_social",
        ),
        ("CBC Social Care", "Wizard", "Housing", "unknown role of Central Beds .* 'Wizard': expected one of Chief Executive,"),
        ("CBC Social Care", "11", "Housing", "unknown rank '11': expected one of a whole number from 1 to 10"),
        ("Housing", "Warden", "School", "a rank, because the document names no role there"),
        ("School", "Head teacher", "Ashgrove School", "unknown other agency"),
    ],
)
def test_what_the_table_does_not_know_is_said_with_what_it_does(own: str, role: str, other: str, told: str) -> None:
    with pytest.raises(Unknown, match=told):
        suggest(own, role, other)


ANN = ContactLine(agency="Beds Police", role="team_manager", rank=4, name="Ann Bell", address="ann@police.example")
BO = ContactLine(agency="CBC Social Care", role="head_of_service", name="Bo Lind", address="bo@care.example")


def test_the_people_are_those_of_that_rank_now() -> None:
    away = ANN.model_copy(update={"name": "Al Dunn", "address": "al@police.example", "away_from": date(2026, 12, 1)})
    found = suggest("CBC Social Care", "Head of Service", "Beds Police", away, ANN, BO, day=date(2026, 12, 4))
    assert [(person.name, person.role) for person in found.people] == [("Ann Bell", "DCI Public Protection Unit")]
    assert len(suggest("CBC Social Care", "Head of Service", "Beds Police", away, ANN).people) == 2


def test_without_a_rank_the_people_are_those_whose_role_is_called_so() -> None:
    assert [person.name for person in suggest("Beds Police", 4, "CBC Social Care", ANN, BO).people] == ["Bo Lind"]
    assert suggest("Beds Police", 5, "CBC Social Care", ANN, BO).people == ()
    ranked = BO.model_copy(update={"rank": 5})
    assert suggest("Beds Police", 4, "CBC Social Care", ranked).people == ()


def test_one_school_is_not_another() -> None:
    heads = [
        ContactLine(agency=f"{name} School", role="manager", rank=2, name=name, address=f"{name}@school.example")
        for name in ("Ashgrove", "Birchwood")
    ]
    assert [person.name for person in suggest("BBC Education", 2, "Birchwood School", *heads).people] == ["Birchwood"]
    assert suggest("BBC Education", 2, "School", *heads).people == ()


KEYS = st.sampled_from([column.key for column in bedfordshire().agencies])


@given(KEYS, st.integers(1, 10), KEYS)
def test_every_question_has_an_honest_answer(own: str, rank: int, other: str) -> None:
    if own == other:
        return
    found = suggest(own, rank, other)
    assert found.confirm == TO_CONFIRM
    assert found.why.endswith(".")
    assert (found.sure == "none_on_file") == (found.title == "") == (found.row is None)
    assert (found.row, found.title) not in also(found)
    if found.sure == "same_row":
        assert found.row == rank


WRONG = """key: testshire
name: Testshire
source: Appendix B
rows: 2
tables:
  - agencies:
      - { key: one, name: One, sector: other, titles: [Head, ~] }
      - { key: two, name: Two, sector: health, titles: [Head, Deputy] }
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[Head, ~]", "[Head]", "2 titles for one, with ~ for a blank cell, not 1"),
        ("key: two", "key: one", "a key for each agency: one is there 2 times"),
        ("sector: health", "sector: church", ":8: expected 'social_care', 'health'"),
        ("[Head, ~]", "[Head, ~], misaligned: { here: { 1: 2 }, why: off }", "rows that have a title where one is misaligned"),
        ("rows: 2", "ranks: 2", "expected"),
    ],
)
def test_a_mistake_in_a_role_table_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "testshire.yaml"
    path.write_text(WRONG)
    assert load_role_table(path).rows == 2
    path.write_text(WRONG.replace(old, new))
    with pytest.raises(ProtocolError) as caught:
        load_role_table(path)
    assert f"{path}:" in str(caught.value)
    assert told in str(caught.value)


def test_a_protocol_without_a_role_table_has_none() -> None:
    assert packaged_role_table("northamptonshire") is None
