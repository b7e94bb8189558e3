"""Whom to name on the other side: who is on file, in a helpful order, and honestly nobody (BED-24, A-18 to A-20)."""

from datetime import date

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.outline import Role
from services.escalator import opposite as escalator
from services.escalator.role_table import packaged_role_table
from services.intake.web.finder import Asker, Directory, agencies, in_words, named_by_step, people, suggestion

ROLES = (Role(key="worker", name="Social Worker"), Role(key="manager", name="Team Manager"))
DAY = date(2026, 12, 7)
BED = "bedfordshire"
CBC, BBC, ADULT = "CBC Social Care", "BBC Social Care", "BBC Adult"


def line(name: str, role: str = "worker", agency: str = "Social Care", **more: object) -> ContactLine:
    return ContactLine.model_validate(
        {"agency": agency, "role": role, "name": name, "address": f"{name.lower()}@care.example", **more}
    )


def on_list(*lines: ContactLine) -> Directory:
    return Directory(lines, ROLES, DAY)


def by_table(*lines: ContactLine) -> Directory:
    return Directory(lines, ROLES, DAY, packaged_role_table(BED))


def names(*lines: ContactLine, asker: str = "asha@school.example") -> list[str]:
    return [one.name for one in people(on_list(*lines), "Social Care", asker)]


def test_agencies_are_offered_once_by_name() -> None:
    assert agencies((line("A", agency="police"), line("B", agency="Health"), line("C", agency="Health"))) == (
        "Health",
        "police",
    )


def test_only_the_agency_that_was_named_is_looked_in() -> None:
    assert names(line("Ann"), line("Ben", agency="Social Care East")) == ["Ann"]


def test_nobody_is_their_own_opposite_number() -> None:
    assert names(line("Ann"), line("Ben"), asker="ANN@care.example") == ["Ben"]


def test_without_a_table_the_askers_own_rank_comes_first_and_is_said() -> None:
    asker = line("Asha", agency="School", rank=5, address="asha@school.example")
    lines = (asker, line("Ann", rank=3), line("Ben", rank=5), line("Cas"))
    assert names(*lines) == ["Ben", "Ann", "Cas"]
    hints = [one.hint for one in people(on_list(*lines), "Social Care", "asha@school.example")]
    assert [hint for hint in hints if "the same rank as yours" in hint] == [hints[0]]


def test_without_a_rank_of_the_asker_nobody_is_said_to_have_it() -> None:
    found = people(on_list(line("Ann"), line("Ben", rank=5)), "Social Care", "asha@school.example")
    assert [one.name for one in found] == ["Ben", "Ann"]
    assert not any("rank" in one.hint for one in found)


def test_role_team_and_absence_help_to_choose() -> None:
    away = line("Ann", team="East", away_from=date(2026, 12, 1), away_until=date(2026, 12, 8))
    (found,) = people(on_list(away), "Social Care", "")
    assert found.hint == "Social Worker, East; away now"
    assert found.written == "Ann, Social Worker, East"


def test_a_role_that_the_first_step_names_and_nobody_holds_is_said() -> None:
    said = list(named_by_step(on_list(line("Ann")), "Social Care", ("Social Worker", "Team Manager")))
    assert said == [
        "The first step is with this role at Social Care: Social Worker (Ann).",
        "The first step is with this role at Social Care: Team Manager (nobody on file).",
    ]


@pytest.mark.parametrize("row", [*range(1, 11), "Head of Service", "Social Worker", "Review Manager", "manager"])
@pytest.mark.parametrize("agency", [BBC, ADULT, "Housing", "School"])
def test_the_table_gives_what_the_escalator_finds_in_it(row: str | int, agency: str) -> None:
    """BED-24: one table, one way to read it."""
    lines = (
        line("Asha", "worker", CBC, rank=row) if isinstance(row, int) else line("Asha", "worker", "elsewhere"),
        line("Ann", "manager", ADULT, rank=5),
        line("Ben", "worker", BBC),
    )
    directory = by_table(*lines)
    if row == "manager":
        assert suggestion(directory, Asker("new@care.example", CBC, row), agency) is None, "no title that it is all of"
        return
    found = suggestion(
        directory, Asker("asha@care.example" if isinstance(row, int) else "new@care.example", CBC, str(row)), agency
    )
    assert directory.table is not None
    assert found == escalator.opposite(directory.table, CBC, row, agency, lines, day=DAY)


def test_the_tables_suggestion_comes_before_a_like_rank_and_says_where_it_stands() -> None:
    """A-18: Bedford Borough's adult services are printed one row lower there."""
    asker = line("Asha", agency=CBC, rank=4)
    lines = (asker, line("Ann", "manager", ADULT, rank=4), line("Ben", "manager", ADULT, rank=5))
    directory = by_table(*lines)
    found = suggestion(directory, Asker(asker.address), ADULT)
    assert found is not None
    shown = people(directory, ADULT, asker.address, found)
    assert [one.name for one in shown] == ["Ben", "Ann"]
    assert "beside Head of Service of Central Beds Children's Services Social Care" in shown[0].hint
    assert not any("same rank" in one.hint for one in shown)
    assert directory.table is not None
    said = list(in_words(found, directory.table))
    assert said[0].startswith("Appendix B of this board’s protocol: In Bedford Borough's adult services")
    assert said[-1] == "It may also be: Safeguarding Manager."


def test_a_blank_cell_is_said_and_a_role_nobody_holds() -> None:
    """A-20."""
    directory = by_table(line("Asha", agency=CBC, rank=8))
    assert directory.table is not None
    housing = suggestion(directory, Asker("asha@care.example"), "Housing")
    assert housing is not None
    assert list(in_words(housing, directory.table)) == [
        "Appendix B of this board’s protocol: The document names no role of Housing at all."
    ]
    borough = suggestion(directory, Asker("asha@care.example"), BBC)
    assert borough is not None
    assert list(in_words(borough, directory.table))[1] == (
        "Nobody with the role Social Worker is on file at Bedford Borough Children's Services Social Care."
    )


def test_where_the_table_knows_an_agency_not_ranks_go_by_the_list() -> None:
    asker = line("Asha", agency=CBC, rank=5)
    directory = by_table(asker, line("Ann", agency="Hospice", rank=5))
    assert suggestion(directory, Asker(asker.address), "Hospice") is None
    (found,) = people(directory, "Hospice", asker.address)
    assert "the same rank as yours" in found.hint
