"""The form on the web page: what is wrong with it is said, and nothing typed is lost."""

from datetime import UTC, datetime

import pytest

from services.intake.domain import areas_of
from services.intake.page import FIELDS, check, further
from tests.unit.intake.boards import redirecting, small

NOW = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
TYPED = {
    "immediate_danger": "No",
    "case_stage": "contact_or_referral",
    "area": "contact_or_referral/nfa",
    "date_raised": "7 December 2026",
    "from_practitioner": "Asha Rees, head teacher",
    "email": "asha@school.demo.example",
    "to_manager": "Morgan Ellis",
    "child_name": "Robin Example",
    "child_dob": "31 3 2015",
    "social_worker": "Sam Oduya",
    "agency_team": "Social Care",
    "summary": "Bruises twice.\r\nNobody came.",
    "requested_action": "A strategy meeting.",
}


def test_a_full_form_has_no_mistakes() -> None:
    filled = check(small(), TYPED, NOW)
    assert filled.mistakes == {}
    answers = filled.answers()
    assert (answers.case_stage, answers.area, answers.immediate_danger) == ("contact_or_referral", "nfa", "No")
    assert answers.form.summary == "Bruises twice.\nNobody came."


@pytest.mark.parametrize("name", [name for name in TYPED if name != "date_raised"])
def test_what_is_left_out_is_asked_and_the_rest_is_kept(name: str) -> None:
    filled = check(small(), {**TYPED, name: " "}, NOW)
    if name == "case_stage":  # the area says it
        assert filled.mistakes == {}
        assert filled.values["case_stage"] == "contact_or_referral"
    else:
        assert list(filled.mistakes) == [name]
        assert {**filled.values, name: ""} == {**check(small(), TYPED, NOW).values, name: ""}


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("email", "asha", "correct format"),
        ("email", "asha@stranger.example", "that this board works with"),
        ("email", "asha@school.demo.example, jo@school.demo.example", "correct format"),
        ("case_stage", "nowhere", "Select the stage"),
        ("case_stage", "core_assessment", "under “Section 17: Core Assessment”"),
        ("area", "core_assessment/nfa", "Select what you disagree about"),
        ("immediate_danger", "Perhaps", "Select yes"),
        ("child_name", "x" * 501, "500 characters or fewer"),
        ("summary", "x" * 20_001, "20,000 characters or fewer"),
    ],
)
def test_what_is_wrong_is_said(name: str, value: str, mistake: str) -> None:
    filled = check(small(), {**TYPED, name: value}, NOW)
    assert mistake in next(iter(filled.mistakes.values()))
    assert filled.values[name] == value


def test_the_printed_fields_stand_in_printed_order() -> None:
    keys = [field.name for field in FIELDS if field.name != "email"]
    assert keys == [
        "date_raised",
        "from_practitioner",
        "to_manager",
        "child_name",
        "child_dob",
        "social_worker",
        "agency_team",
        "summary",
        "requested_action",
    ]


def test_an_empty_post_asks_for_everything() -> None:
    assert set(check(small(), {}, NOW).mistakes) == set(TYPED) - {"date_raised"}


def test_our_own_questions_may_be_left_blank_and_are_answered_where_they_are_not() -> None:
    """OXF-04, OXF-05, OXF-28, A-01."""
    also = {
        "injury_to_infant": "Yes",
        "needed_by": "11 December 2026 at 4pm",
        "further_agencies": "Police\r\nHousing",
        "decided_at": "4 December",
    }
    filled = check(small(), {**TYPED, **also}, NOW)
    assert filled.mistakes == {}
    answers = filled.answers()
    assert (answers.injury_to_infant, answers.needed_by) == ("Yes", "11 December 2026 at 4pm")
    assert (answers.further_agencies, answers.decided_at) == ("Police\nHousing", "4 December")


@pytest.mark.parametrize(
    ("name", "value", "mistake"),
    [
        ("needed_by", "soon", "Enter a date and a time"),
        ("needed_by", "4 December 2026", "Enter a date and a time"),
        ("decided_at", "the other day", "Enter a day that has been"),
        ("decided_at", "8 December 2026", "Enter a day that has been"),
        ("further_agencies", "x" * 20_001, "20,000 characters or fewer"),
    ],
)
def test_what_is_written_there_and_cannot_be_read_is_said(name: str, value: str, mistake: str) -> None:
    filled = check(small(), {**TYPED, name: value}, NOW)
    assert list(filled.mistakes) == [name]
    assert mistake in filled.mistakes[name]


def test_what_a_boards_protocol_asks_for_is_on_its_page_and_on_no_others() -> None:
    """BIR-11, BAR-06."""
    board = small().model_copy(update={"asks": ("possible_cause", "areas_agreed", "something newer")})
    assert [field.name for field in further(board)] == ["areas_agreed", "possible_cause"]
    typed = {**TYPED, "possible_cause": "Thresholds"}
    assert check(board, typed, NOW).answers().form.possible_cause == "Thresholds"
    assert check(board, TYPED, NOW).mistakes == {}
    assert check(small(), typed, NOW).answers().form.possible_cause == ""


def test_what_is_no_disagreement_here_is_chosen_among_the_areas() -> None:
    """BIR-05, BIR-06."""
    board = redirecting()
    assert [(area.case_stage, area.key) for area in areas_of(board)][-2:] == [
        ("initial_assessment", "failure_of_action"),
        ("core_assessment", "failure_of_action"),
    ]
    typed = {**TYPED, "case_stage": "", "area": "core_assessment/failure_of_action"}
    filled = check(board, typed, NOW)
    assert filled.mistakes == {}
    assert (filled.answers().case_stage, filled.answers().area) == ("core_assessment", "failure_of_action")
    assert "area" in check(board, {**TYPED, "area": "contact_or_referral/failure_of_action"}, NOW).mistakes
