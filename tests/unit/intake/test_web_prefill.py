"""A form that came by mail, as the pages' answers: what is read is the same form again, and nothing is made up."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.contact_list import ContactLine
from services.intake import circumstances
from services.intake.domain import LABELS, Answers
from services.intake.forms.children import one_in_both
from services.intake.web import checks
from services.intake.web.prefill import values_of
from services.intake.web.questions import About
from tests.unit.intake.boards import small

DAY = date(2026, 12, 7)
AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
LINES = (ContactLine(agency="Social Care", role="worker", name="Sam Oduya", address="sam@care.example"),)


def prefilled(told: Answers, name: str = "") -> dict[str, str]:
    return values_of(small(), LINES, circumstances.dated(told, AT), name, DAY)


def read_again(values: dict[str, str]) -> dict[str, str]:
    return checks.answers(About(small(), LINES, values, "asha@school.demo.example", DAY), AT).fields()


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("31/03/2015", ("31", "3", "2015")),
        ("1.4.2015", ("1", "4", "2015")),
        ("2015-04-01", ("1", "4", "2015")),
        ("1st April 2015", ("1", "4", "2015")),
        ("1 Sept. 2015.", ("1", "9", "2015")),
        ("31/04/2015", ("31", "4", "2015")),
    ],
)
def test_a_date_of_birth_is_three_fields(written: str, parts: tuple[str, str, str]) -> None:
    values = prefilled(Answers.of({"child_dob": written}))
    assert tuple(values[f"child_dob-{part}"] for part in ("day", "month", "year")) == parts
    assert "child_dob" not in values


@pytest.mark.parametrize(
    ("written", "due"),
    [("Unborn", ""), ("unborn, due 4 March 2027", "4 March 2027"), ("Unborn (EDD 4/3/2027)", "4 March 2027")],
)
def test_a_child_that_is_not_born_yet(written: str, due: str) -> None:
    values = prefilled(Answers.of({"child_dob": written}))
    assert values["unborn"] == "Yes"
    assert read_again(values)["child_dob"] == (f"Unborn, due {due}" if due else "Unborn")


@pytest.mark.parametrize("written", ["about six", "3/4/15", "Robin 3/4/2015; Kit 5/6/2017", "unborn twins", "4 Foo 2015"])
def test_what_is_no_one_day_stays_as_it_was_written(written: str) -> None:
    values = prefilled(Answers.of({"child_dob": written}))
    assert values == {"child_dob": written}
    assert read_again(values)["child_dob"] == written


def test_who_is_offered_is_chosen_and_who_is_not_is_written_beside() -> None:
    known = prefilled(Answers.of({"agency_team": "Social Care", "social_worker": "Sam Oduya, worker"}))
    assert known == {"agency": "Social Care", "person": "Sam Oduya, worker"}
    other = prefilled(Answers.of({"agency_team": "social care, East", "social_worker": "Sam"}))
    assert other == {"agency": "other", "agency_other": "social care, East", "person": "other", "person_other": "Sam"}


def test_a_blank_form_asks_for_everything_but_the_name_on_its_mail() -> None:
    assert prefilled(Answers(), "Asha Rees") == {"your_name": "Asha Rees"}


def test_danger_is_what_it_counts_as() -> None:
    assert prefilled(Answers.of({"immediate_danger": "Not at the moment."})) == {"immediate_danger": "No"}
    assert prefilled(Answers.of({"immediate_danger": "perhaps"})) == {"immediate_danger": "Yes"}


WRITTEN = st.dictionaries(st.sampled_from(sorted(LABELS)), st.text("ab 1/2,;\nYesNo", max_size=30).map(str.strip))


@given(WRITTEN)
def test_whatever_was_written_nothing_changes_until_somebody_changes_it(written: dict[str, str]) -> None:
    values = prefilled(Answers.of(written))
    about = About(small(), LINES, values, "asha@school.demo.example", DAY, values)
    assert checks.changed(about, AT) == {}
    cleared = checks.changed(about._replace(values={**values, "summary": ""}), AT)
    assert cleared == ({"summary": ""} if written.get("summary") else {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Robin Example", "EXAMPLE, Robin", True),
        ("Robin Example; Kit Example", "Kit Example", True),
        ("Robin Example", "Robin Exampleby", False),
        ("", "", False),
    ],
)
def test_the_same_child_however_its_name_is_written(one: str, other: str, *, same: bool) -> None:
    assert one_in_both(one, other) == same
