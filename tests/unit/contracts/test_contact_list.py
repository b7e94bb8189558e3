"""A board's contact list as a file: every mistake is told with its line and what to do, and what is written is read back."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.contact_list import COLUMNS, ContactLine, RowError, read_csv, write_csv
from services.contracts.vocabulary import Sector

ROLES = ("manager", "team_manager")
FIVE = "agency,role,name,address,deputy\n"
ALL = ",".join(COLUMNS) + "\n"
ANN = ContactLine(agency="Care", role="team_manager", name="Ann Bell", address="ann@care.example")
LEE = ContactLine(
    agency="School",
    team="Year 6",
    role="manager",
    rank=2,
    sector=Sector.EDUCATION,
    name="Lee Hartley",
    address="lee@school.example",
    deputy="ann@care.example",
    away_from=date(2026, 12, 21),
    away_until=date(2027, 1, 4),
)


def line(**cells: str) -> str:
    """A row with every column, right but for these cells."""
    right = {"agency": "Care", "role": "manager", "name": "Bo Lind", "address": "bo@care.example"} | cells
    file = io.StringIO()
    csv.writer(file).writerow([right.get(column, "") for column in COLUMNS])
    return file.getvalue()


def errors(text: str) -> list[tuple[int, str]]:
    return [(error.line, error.field) for error in read_csv(text, ROLES)[1]]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FIVE + "Care,team_manager, Ann Bell ,ann@care.example,\n", id="five columns"),
        pytest.param("\ufeffaddress,Name,ROLE,agency\r\nann@care.example,Ann Bell,team_manager,Care\r\n", id="any order, Excel's mark"),
        pytest.param("agency;role;name;address;deputy\r\nCare;team_manager;Ann Bell;ann@care.example;\r\n", id="Excel's semicolons"),
        pytest.param(FIVE.strip() + ",,\nCare,team_manager,Ann Bell,ann@care.example,,,\n", id="columns Excel left empty"),
        pytest.param(FIVE + "\n,,,,\nCare,team_manager,Ann Bell,ann@care.example\n,,,,\n", id="empty rows, a short row"),
    ],
)  # fmt: skip
def test_the_file_is_read_as_people_save_it(text: str) -> None:
    assert read_csv(text, ROLES) == ([ANN], [])


def test_every_column_is_read_and_both_ways_to_write_a_date() -> None:
    text = "Agency;Team;Role;Rank;Sector;Name;Address;Deputy;Away from;Away until\r\n"
    text += "School;Year 6;manager;2;Education;Lee Hartley;lee@school.example;ANN@care.example;21/12/2026;2027-01-04\r\n"
    text += "Care;;team_manager;;;Ann Bell;ann@care.example;;;\r\n"
    assert read_csv(text, ROLES) == ([LEE.model_copy(update={"deputy": "ANN@care.example"}), ANN], [])


@pytest.mark.parametrize(
    ("cells", "field", "told"),
    [
        ({"agency": " "}, "agency", "Write the name of the agency"),
        ({"name": ""}, "name", "Write the name of the person"),
        ({"name": "Bo\nBcc: x"}, "name", "on one line"),
        ({"address": ""}, "address", "Write the person's mail address"),
        ({"address": "bo@care.example, al@care.example"}, "address", "Write the person's mail address"),
        ({"role": "manger"}, "role", "This board has no such role. Use one of manager, team_manager."),
        ({"role": ""}, "role", "Write the key of the role"),
        ({"deputy": "nobody@care.example"}, "deputy", "The deputy needs a line of their own"),
        ({"deputy": "BO@care.example"}, "deputy", "Nobody is their own deputy"),
        ({"rank": "0"}, "rank", "Write the rank as a whole number from 1"),
        ({"rank": "first"}, "rank", "Write the rank as a whole number from 1"),
        ({"sector": "church"}, "sector", "Use one of social_care, health, education, police, vcf, other"),
        ({"away_from": "21 December"}, "away_from", "Write the date as 2026-12-24 or 24/12/2026"),
        ({"away_from": "31/02/2026"}, "away_from", "Write the date as 2026-12-24 or 24/12/2026"),
        ({"away_from": "1766275200"}, "away_from", "Write the date as 2026-12-24 or 24/12/2026"),
        ({"away_until": "2026-12-24"}, "away_from", "Write the first day of the absence too."),
        ({"away_from": "2026-12-24", "away_until": "2026-12-23"}, "away_until", "is before the first"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(cells: dict[str, str], field: str, told: str) -> None:
    lines, wrong = read_csv(ALL + line(address="ann@care.example") + line(**cells), ROLES)
    assert [one.address for one in lines] == ["ann@care.example"]
    assert [(error.line, error.field) for error in wrong] == [(3, field)]
    assert told in wrong[0].message


def test_every_mistake_of_every_row_is_told() -> None:
    text = ALL + line(role="manger", address="bo", rank="x", deputy="al@care.example") + "\n" + line(name="", sector="church")
    assert errors(text) == [(2, "role"), (2, "rank"), (2, "address"), (2, "deputy"), (4, "sector"), (4, "name")]


def test_a_line_is_counted_where_its_row_begins() -> None:
    assert errors(ALL + line(team='East\nand "West"') + line(name="")) == [(2, "team"), (4, "name")]


def test_a_deputy_whose_own_row_is_wrong_is_not_told_as_missing() -> None:
    assert errors(ALL + line(deputy="ann@care.example") + line(address="ann@care.example", rank="x")) == [(3, "rank")]


def test_the_same_line_twice_is_told_and_another_role_is_not() -> None:
    assert errors(ALL + line() + line(role="team_manager") + line(team="East") + line(address="BO@care.example")) == [
        (5, "address")
    ]


def test_an_agency_is_of_one_sector_and_a_line_that_does_not_say_is_no_contradiction() -> None:
    text = (
        ALL + line(sector="health") + line(agency="CARE", address="al@care.example") + line(agency="School", sector="education")
    )
    assert errors(text) == []
    assert errors(text + line(agency="CARE", sector="vcf", address="cy@care.example")) == [(5, "sector")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(1, "agency"), (1, "role"), (1, "name"), (1, "address")]),
        ("agency,role,name\n", [(1, "address")]),
        (FIVE.replace("deputy", "telephone"), [(1, "telephone")]),
        (FIVE.replace("deputy", "name"), [(1, "name")]),
        (",".join(["", *COLUMNS]), [(1, "")]),
        (FIVE + "Care,manager,Bo Lind,bo@care.example,,more\n", [(2, "")]),
        (FIVE + 'Care,manager,"Bo Lind,bo@care.example,\n', [(2, "")]),
    ],
)
def test_a_file_that_is_no_contact_list_is_told(text: str, told: list[tuple[int, str]]) -> None:
    assert errors(text) == told


@pytest.mark.parametrize("name", ["=1+1", "+44", "-Bo", "@Bo", "'=1+1", "''=1+1", "'Bo", "Bo, 'the' \"Head\"; =1"])
def test_a_spreadsheet_does_not_take_a_cell_for_a_formula_and_it_is_read_back(name: str) -> None:
    one = ANN.model_copy(update={"name": name})
    text = write_csv([one])
    cells = list(csv.reader(io.StringIO(text)))[1]
    assert [cell for cell in cells if cell[:1] in set("=+-@")] == []
    assert read_csv(text, ROLES) == ([one], [])


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
LINES = st.builds(
    ContactLine,
    agency=WORDS,
    role=st.sampled_from(ROLES),
    name=WORDS,
    address=st.from_regex(r"[a-z=+'-][a-z=+'-]{0,9}@[a-z]{1,9}\.example", fullmatch=True),
    team=st.just("") | WORDS,
    sector=st.sampled_from(Sector),
    rank=st.none() | st.integers(1, 50),
    away_from=st.none() | st.dates(),
)


@given(st.lists(LINES, unique_by=(lambda one: one.address, lambda one: one.agency.lower())))
def test_what_is_written_is_read_back(lines: list[ContactLine]) -> None:
    assert read_csv(write_csv(lines), ROLES) == (lines, [])


@given(st.text())
def test_no_file_is_beyond_reading(text: str) -> None:
    lines, wrong = read_csv(text, ROLES)
    assert lines == []
    assert all(isinstance(error, RowError) and error.message for error in wrong)
    assert wrong
