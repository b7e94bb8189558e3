"""The form on the web page: what is wrong with it is said, and nothing typed is lost."""

import pytest

from services.intake.page import FIELDS, check
from tests.unit.intake.boards import small

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
    filled = check(small(), TYPED)
    assert filled.mistakes == {}
    answers = filled.answers()
    assert (answers.case_stage, answers.area, answers.immediate_danger) == ("contact_or_referral", "nfa", "No")
    assert answers.form.summary == "Bruises twice.\nNobody came."


@pytest.mark.parametrize("name", [name for name in TYPED if name != "date_raised"])
def test_what_is_left_out_is_asked_and_the_rest_is_kept(name: str) -> None:
    filled = check(small(), {**TYPED, name: " "})
    if name == "case_stage":  # the area says it
        assert filled.mistakes == {}
        assert filled.values["case_stage"] == "contact_or_referral"
    else:
        assert list(filled.mistakes) == [name]
        assert {**filled.values, name: ""} == {**check(small(), TYPED).values, name: ""}


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
    filled = check(small(), {**TYPED, name: value})
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
    assert set(check(small(), {}).mistakes) == set(TYPED) - {"date_raised"}
