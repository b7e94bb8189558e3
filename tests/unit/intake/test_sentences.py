"""A form corrected or completed in a sentence: everything is understood, or nothing is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import sentences
from services.intake.domain import Answers

KNOWN = Answers.of(
    {
        "date_raised": "5 March 2026",
        "child_name": "Robin Sample",
        "child_dob": "14/03/2019",
        "social_worker": "Dana Whitfield",
        "agency_team": "Demonstration Social Care",
    }
)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("the date should be 4 March not 5", {"date_raised": "4 March 2026"}),
        ("The date should be the 4th, not the 5th", {"date_raised": "4 March 2026"}),
        ("the date should be 4 not 5", {"date_raised": "4 March 2026"}),
        ("The date should be 15 March not 14", {"child_dob": "15 March 2019"}),
        ("Hi,\nthe date of birth should be 4 March 2019 not 14.\nThanks", {"child_dob": "4 March 2019"}),
        ("The DOB is wrong, it should be 4 March 2019.", {"child_dob": "4 March 2019"}),
        ("DOB should be 4 March 2019", {"child_dob": "4 March 2019"}),
        ("Her date of birth is 04/03/2019", {"child_dob": "04/03/2019"}),
        ("The child's name is Robyn Sample, not Robin.", {"child_name": "Robyn Sample"}),
        ("The child’s name should be Robyn, not Robin", {"child_name": "Robyn Sample"}),
        ("Sorry, I got the social worker wrong. It is Sam Oduya.", {"social_worker": "Sam Oduya"}),
        ("Please change the social worker to Sam Oduya", {"social_worker": "Sam Oduya"}),
        ("Can you change the social worker from Dana Whitfield to Sam Oduya?", {"social_worker": "Sam Oduya"}),
        ("Could you please change the social worker from Dana Whitfield to Sam Oduya.", {"social_worker": "Sam Oduya"}),
        ("Agency should be Other Agency", {"agency_team": "Other Agency"}),
        (
            "The DOB is 14 March 2019\nThe social worker is Sam Oduya",
            {"child_dob": "14 March 2019", "social_worker": "Sam Oduya"},
        ),
        ("My mistake. The DOB should read 4 March 2019.\n\nKind regards\nAsha", {"child_dob": "4 March 2019"}),
        ("The DOB should be 4 March 2019\n\nAsha Rees", {"child_dob": "4 March 2019"}),
        ("The area of disagreement is 10", {"area": "10"}),
        ("Requested action should be to hold a strategy meeting", {"requested_action": "to hold a strategy meeting"}),
    ],
)
def test_what_a_sentence_says_of_a_form(words: str, said: dict[str, str]) -> None:
    assert sentences.read(words, KNOWN).given() == said


@pytest.mark.parametrize(
    "words",
    [
        "",
        "The date should be 4 March",  # of several dates
        "The date should be 4 March not 6",  # none of ours
        "The social worker should be Sam Oduya, not Alex Okafor",  # it says neither
        "The DOB should be 4 March 2019. Robin's mother has moved out.",
        "The response is late",
        "Should the DOB be 4 March 2019?",
        "The DOB is what?",
        "The child is in danger",
        "The child is Robin",
        "The manager is Morgan Ellis",
        "The social worker is on leave",
        "The social worker should be told",
        "The date of birth needs to be checked",
        "Requested action should be taken now",
        "This is not what I wrote",
        "Please change it to something better",
        "The DOB should be 4 March 2019. The DOB should be 5 March 2019.",
        "DOB: 4 March 2019",  # labelled answers are read as such
        "The DOB is " + "4 March 2019 " * 200,
    ],
)
def test_where_anything_else_is_said_a_person_reads_it(words: str) -> None:
    assert sentences.read(words, KNOWN).given() == {}


@pytest.mark.parametrize(
    ("words", "thanks"),
    [
        ("Thank you", True),
        ("Hi,\nThanks very much, that is all correct.\n\nKind regards\nAsha Rees", True),
        ("Received, thanks.", True),
        ("Yes, that's right. Thank you!", True),
        ("I confirm this is correct", True),
        ("", False),
        ("Yes", True),
        ("Thanks, but the date is wrong", False),
        ("Please could you correct my form", False),
        ("That is not right", False),
        ("Sorry", False),
        ("Thank you. Robin was hit again.", False),
        ("thanks " * 400, False),
    ],
)
def test_thanks_are_no_more_than_thanks(words: str, thanks: bool) -> None:
    assert sentences.is_thanks(words) is thanks


def test_a_word_that_may_confirm_an_outcome_is_no_answer_to_a_read_back() -> None:
    assert sentences.is_right("I confirm this is correct")
    assert sentences.is_right("Yes, that's right, thanks")
    assert not any(map(sentences.is_right, ("CONFIRM", "I confirm", "Thanks", "That is not right", "Yes")))


@given(st.text(max_size=300))
def test_anything_can_be_read(words: str) -> None:
    assert isinstance(sentences.read(f"The DOB should be {words}", KNOWN), Answers)
