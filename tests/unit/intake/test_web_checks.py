"""What is wrong with what was typed on a page, and what a whole form says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.contact_list import ContactLine
from services.intake.domain import LABELS
from services.intake.web.checks import answers, email_mistake, mistakes, sender, settled, spoken_answers, taken, unfinished
from services.intake.web.questions import About, Page, pages
from tests.unit.intake.boards import redirecting, small

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
DAY = date(2026, 12, 7)
LINE = ContactLine(agency="Social Care", role="manager", name="Lee Hartley", address="lee@council.demo.example")
WHOLE = {
    "immediate_danger": "No",
    "case_stage": "contact_or_referral",
    "area": "nfa",
    "your_name": "Asha Rees",
    "your_role": "head teacher",
    "your_agency": "Demo School",
    "to_manager": "Morgan Ellis",
    "agency": "Social Care",
    "person": "Lee Hartley, manager",
    "child_name": "Robin Example",
    "child_dob-day": "31",
    "child_dob-month": "3",
    "child_dob-year": "2015",
    "summary": "Bruises twice.",
    "requested_action": "A strategy meeting.",
    "injury_to_infant": "No",
}


def about(values: Mapping[str, str] = WHOLE) -> About:
    return About(small(), (LINE,), values, "asha@school.demo.example", DAY)


def page(key: str, of: About | None = None) -> Page:
    return next(one for one in pages(of or about()) if one.key == key)


def wrong(**changed: str) -> dict[str, str]:
    """What is wrong anywhere, by field."""
    found = unfinished(about({**WHOLE, **changed}), NOW)
    return {field: mistake for there in found.values() for field, mistake in there.items()}


def test_a_whole_form_has_no_mistakes() -> None:
    assert unfinished(about(), NOW) == {}


@pytest.mark.parametrize("name", [name for name in WHOLE if "child_dob" not in name])
def test_what_is_left_out_is_asked(name: str) -> None:
    assert name in wrong(**{name: ""})


def test_an_empty_form_lacks_everything_that_is_needed() -> None:
    found = unfinished(about({}), NOW)
    assert list(found) == [
        "danger",
        "stage",
        "area",
        "you",
        "manager",
        "other-agency",
        "other-person",
        "child",
        "concern",
        "action",
        "injury",
    ]


@pytest.mark.parametrize(
    ("changed", "mistake"),
    [
        ({"case_stage": "nowhere"}, "Select where"),
        ({"area": "case_closure"}, "Select what you disagree about"),
        ({"immediate_danger": "Perhaps"}, "Select yes"),
        ({"your_name": "x" * 501}, "500 characters or fewer"),
        ({"summary": "x" * 20_001}, "20,000 characters or fewer"),
        ({"agency": "Somewhere"}, "Select the agency"),
        ({"agency": "other"}, "Enter the name of the agency"),
        ({"person": "Jo Nobody"}, "Select the person"),
        ({"person": "other"}, "Enter their name and role"),
        ({"child_dob-day": ""}, "Enter a real date"),
        ({"child_dob-day": "31", "child_dob-month": "2"}, "Enter a real date"),
        ({"child_dob-year": "15"}, "Enter a date of birth within the last"),
        ({"child_dob-year": "1915"}, "Enter a date of birth within the last"),
        ({"child_dob-year": "2027"}, "in the past"),
        ({"child_dob-day": "", "child_dob-month": "", "child_dob-year": ""}, "Enter the child’s date of birth"),
        ({"unborn": "Yes"}, "within the next ten months"),
        ({"needed_by": "soon"}, "Enter a date and a time"),
        ({"needed_by": "4 December 2026"}, "Enter a date and a time"),
        ({"decided_at": "the other day"}, "Enter a day that has been"),
        ({"decided_at": "8 December 2026"}, "Enter a day that has been"),
        ({"further_agencies": "x" * 20_001}, "20,000 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said(changed: Mapping[str, str], mistake: str) -> None:
    found = wrong(**changed)
    assert len(found) == (2 if {"agency", "case_stage"} & set(changed) else 1), "and what follows from it"
    assert mistake in next(iter(found.values()))


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({}, "31 March 2015"),
        ({"unborn": "Yes", "child_dob-year": "2027"}, "Unborn, due 31 March 2027"),
        ({"unborn": "Yes", "child_dob-day": "", "child_dob-month": "", "child_dob-year": ""}, "Unborn"),
    ],
)
def test_a_child_is_born_or_due(changed: Mapping[str, str], written: str) -> None:
    values = {**WHOLE, **changed}
    assert unfinished(about(values), NOW) == {}
    assert answers(about(values), NOW).form.child_dob == written


def test_the_form_reads_as_on_paper() -> None:
    form = answers(about(), NOW).form
    assert form.date_raised == "7 December 2026"
    assert form.from_practitioner == "Asha Rees, head teacher, Demo School"
    assert (form.agency_team, form.social_worker) == ("Social Care", "Lee Hartley, manager")
    assert (sender(about()).name, sender(about()).address) == ("Asha Rees", "asha@school.demo.example")


def test_what_is_written_beside_somebody_else_is_the_answer() -> None:
    chosen = taken(page("other-person"), {"person_other": "Kim Doe"})
    assert chosen == {"person": "other", "person_other": "Kim Doe"}
    assert answers(about({**WHOLE, **chosen}), NOW).form.social_worker == "Kim Doe"
    chosen = taken(page("other-person"), {"person": "Lee Hartley, manager", "person_other": "Kim Doe"})
    assert answers(about({**WHOLE, **chosen}), NOW).form.social_worker == "Lee Hartley, manager"


def test_an_answer_to_a_question_that_is_not_asked_goes_nowhere() -> None:
    values = {**WHOLE, "possible_cause": "Thresholds", "response": "made up"}
    assert answers(about(values), NOW).form.possible_cause == ""
    assert answers(about(values), NOW).form.response == ""


def test_a_time_means_the_same_on_another_day() -> None:
    """OXF-04, A-01."""
    values = {**WHOLE, "needed_by": "tomorrow at 4pm", "decided_at": "yesterday"}
    assert settled(about(values), page("safe-by"), NOW) == {"needed_by": "Tuesday 8 December 2026 at 16:00"}
    assert settled(about(values), page("decision"), NOW) == {"decided_at": "Sunday 6 December 2026"}
    later = {**values, "needed_by": "Tuesday 8 December 2026 at 16:00", "decided_at": "Sunday 6 December 2026"}
    assert mistakes(about(later), page("safe-by"), NOW) == {}
    assert settled(about(later), page("decision"), NOW) == {"decided_at": "Sunday 6 December 2026"}


def test_a_form_too_long_to_travel_is_said_on_one_page() -> None:
    board = small().model_copy(update={"asks": ("areas_agreed", "areas_disagreed", "rationale", "to_achieve")})
    names = ("summary", "requested_action", *board.asks)
    values = {**WHOLE, **dict.fromkeys(names, "x" * 19_000)}
    assert list(unfinished(about(values)._replace(board=board), NOW)) == ["concern"]


def test_every_answer_is_read_back() -> None:
    values = {**WHOLE, "agency": "other", "agency_other": "Housing", "person_other": "Kim Doe"}
    told = dict(line for one in pages(about(values)) for line in spoken_answers(about(values), one))
    assert told["Which agency do you disagree with?"] == "Housing"
    assert told["Whose decision do you disagree with?"] == "Kim Doe"
    assert told["Date of birth"] == "31 March 2015"
    assert told["What do you disagree about?"] == "Children's Social Care takes no further action"
    assert told[LABELS["immediate_danger"]] == "No"


@pytest.mark.parametrize(
    "address", ["", "asha", "asha@stranger.example", "a@school.demo.example, b@school.demo.example", "x" * 300]
)
def test_an_address_nobody_knows_gets_no_code(address: str) -> None:
    assert email_mistake(small(), address)


@pytest.mark.parametrize("address", ["asha@school.demo.example", "Asha@SCHOOL.demo.example", "staff@board.demo.example"])
def test_an_address_the_board_knows_gets_one(address: str) -> None:
    assert email_mistake(small(), address) == ""


@given(st.dictionaries(st.sampled_from([*WHOLE, "unborn", "needed_by", "agency_other", "person_other"]), st.text(max_size=40)))
def test_nothing_typed_breaks_a_page_or_is_lost(typed: dict[str, str]) -> None:
    for board in (small(), redirecting()):
        for one in pages(about({**WHOLE, **typed})._replace(board=board)):
            kept = taken(one, {**WHOLE, **typed})
            there = about({**WHOLE, **kept})._replace(board=board)
            found = mistakes(there, one, NOW)
            assert taken(one, kept) == kept
            assert set(found) <= {field.name for field in one.fields} | {"agency_other", "person_other"}
            settled(there, one, NOW)
            spoken_answers(there, one)
