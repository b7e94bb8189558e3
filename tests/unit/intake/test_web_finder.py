"""Whom to name on the other side: who is on file, in a helpful order, and honestly nobody (BED-24, A-18 to A-20)."""

from datetime import date

from services.contracts.contact_list import ContactLine
from services.contracts.outline import Role
from services.intake.web.finder import agencies, named_by_step, people

ROLES = (Role(key="worker", name="Social Worker"), Role(key="manager", name="Team Manager"))
DAY = date(2026, 12, 7)


def line(name: str, role: str = "worker", agency: str = "Social Care", **more: object) -> ContactLine:
    return ContactLine.model_validate(
        {"agency": agency, "role": role, "name": name, "address": f"{name.lower()}@care.example", **more}
    )


def names(*lines: ContactLine, asker: str = "asha@school.example") -> list[str]:
    return [one.name for one in people(lines, ROLES, "Social Care", asker, DAY)]


def test_agencies_are_offered_once_by_name() -> None:
    assert agencies((line("A", agency="police"), line("B", agency="Health"), line("C", agency="Health"))) == (
        "Health",
        "police",
    )


def test_only_the_agency_that_was_named_is_looked_in() -> None:
    assert names(line("Ann"), line("Ben", agency="Social Care East")) == ["Ann"]


def test_nobody_is_their_own_opposite_number() -> None:
    assert names(line("Ann"), line("Ben"), asker="ANN@care.example") == ["Ben"]


def test_the_askers_own_rank_comes_first_and_is_said() -> None:
    asker = line("Asha", agency="School", rank=5, address="asha@school.example")
    lines = (asker, line("Ann", rank=3), line("Ben", rank=5), line("Cas"))
    assert names(*lines) == ["Ben", "Ann", "Cas"]
    hints = [one.hint for one in people(lines, ROLES, "Social Care", "asha@school.example", DAY)]
    assert [hint for hint in hints if "the same rank as yours" in hint] == [hints[0]]


def test_without_a_rank_of_the_asker_nobody_is_said_to_have_it() -> None:
    found = people((line("Ann"), line("Ben", rank=5)), ROLES, "Social Care", "asha@school.example", DAY)
    assert [one.name for one in found] == ["Ben", "Ann"]
    assert not any("rank" in one.hint for one in found)


def test_role_team_and_absence_help_to_choose() -> None:
    away = line("Ann", team="East", away_from=date(2026, 12, 1), away_until=date(2026, 12, 8))
    (found,) = people((away,), ROLES, "Social Care", "", DAY)
    assert found.hint == "Social Worker, East; away now"
    assert found.written == "Ann, Social Worker, East"


def test_a_role_that_the_first_step_names_and_nobody_holds_is_said() -> None:
    said = list(named_by_step((line("Ann"),), ROLES, "Social Care", ("Social Worker", "Team Manager")))
    assert said == [
        "The first step is with this role at Social Care: Social Worker (Ann).",
        "The first step is with this role at Social Care: Team Manager (nobody on file).",
    ]
