"""Words that may mean a child is in danger now: they put the police first, and a false alarm changes nothing else (BED-10)."""

import pytest

from services.contracts.content import FormContent
from services.intake import read_back
from services.intake.danger import speaks
from services.intake.domain import Answers
from services.intake.submissions import kept_form
from services.intake.tables import Submission
from services.kit.clock import now
from tests.unit.intake.boards import small


@pytest.mark.parametrize(
    "text",
    [
        "She is in immediate danger.",
        "He is at imminent risk of harm",
        "I have called 999",
        "we rang the police last night",
        "The uncle threatened to\nkill him",
        "He says he is suicidal.",
        "an OVERDOSE on Friday",
        "She has been missing since Tuesday",
        "He has a knife",
        "Mae hi mewn perygl nawr",
        "two broken ribs",
        "She’s not breathing",
    ],
)
def test_words_that_may_mean_danger(text: str) -> None:
    assert speaks("Nothing of note.", text)


@pytest.mark.parametrize(
    "text",
    [
        "He is a skilled footballer from Killarney and uses a drill.",
        "The threshold document was overlooked; sunburned is one word.",
        "Call the duty desk on 01234 999123.",
        "A weaponless, unbroken, danger-aware policy",
        "Is a child in immediate danger? No",
        "Is the child in immediate danger?",
        "",
    ],
)
def test_words_inside_others_and_our_own_question_do_not(text: str) -> None:
    assert not speaks(text)


def answers(**said: str) -> Answers:
    form = FormContent(child_name="Robin Example", summary="He was called Killer by his friends.")
    return Answers(form=form, case_stage="contact_or_referral", area="nfa").with_more(Answers.of(said))


def test_a_false_alarm_puts_the_police_first_and_changes_nothing_else_where_the_answer_is_no() -> None:
    alarm = "He was left alone in the classroom with his friends."
    calm, alarmed = answers(immediate_danger="No"), answers(immediate_danger="No", summary=alarm)
    assert read_back.danger_in(calm) == ""
    assert read_back.danger_in(alarmed) == "words"
    told = [
        read_back.form_received(small(), said, kept_form(Submission(received_at=now(), sender_name=""), said))
        for said in (calm, alarmed)
    ]
    assert told[1] | {"danger": ""} == told[0]


def test_the_forms_own_question_is_what_says_it() -> None:
    assert read_back.danger_in(answers(immediate_danger="Yes, he is with him now")) == "said"
    assert read_back.danger_in(answers(immediate_danger="No")) == ""
    assert read_back.danger_in(answers(immediate_danger="no, but she is suicidal")) == "words"
