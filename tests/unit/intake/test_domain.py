"""What a form must say, and what counts as an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.content import FormContent
from services.intake import domain
from services.intake.domain import Answers, choose, missing
from tests.unit.intake.boards import bedfordshire, redirecting, small

FULL = Answers.of(
    {
        "from_practitioner": "Asha Rees",
        "to_manager": "Morgan Ellis",
        "child_name": "Robin Example",
        "child_dob": "31/03/2015",
        "social_worker": "Sam Oduya",
        "agency_team": "Social Care",
        "summary": "Bruises twice.",
        "requested_action": "A strategy meeting.",
        "case_stage": "Contact or referral to Children's Social Care",
        "area": "Children's Social Care takes no further action",
    }
)
STAGE, AREA = "Stage of the case", "Area of disagreement"


def chosen(stage: str, area: str, *, numbered: bool = True) -> tuple[str, str] | list[str]:
    """The stage and area that were understood, or the labels that are asked."""
    found = choose(small(), Answers(case_stage=stage, area=area), numbered=numbered)
    return (found.area.case_stage, found.area.key) if found.area else [question.label for question in found.questions]


@pytest.mark.parametrize(
    ("stage", "area"),
    [
        ("contact_or_referral", "nfa"),
        ("Contact or referral to Children's Social Care", "Children’s social care takes NO FURTHER ACTION."),
        ("1", "1"),
        ("1. Contact or referral to Children's Social Care", "1)"),
        ("Contact or referral", "Children's Social Care takes no"),
        ("Contact / or referral to Childrens\nSocial Care", "number 1"),
        ("", "NFA"),
        ("1", "Children's Social Care takes no further action (Contact or referral to Children's Social Care)"),
        ("1", "1. Children's Social Care takes no further action\nAsha Rees, head teacher"),
    ],
)
def test_a_stage_and_an_area_are_understood_by_key_name_or_number(stage: str, area: str) -> None:
    assert chosen(stage, area) == ("contact_or_referral", "nfa")


@pytest.mark.parametrize(
    ("stage", "area", "asked"),
    [
        ("", "", [STAGE, AREA]),
        ("Contact or referral", "", [AREA]),
        ("", "Case closure", [STAGE]),
        ("Section 17", "Case closure", [STAGE]),
        ("something else", "nfa", [STAGE, AREA]),
        ("1", "something else", [AREA]),
        ("2", "nfa", [STAGE, AREA]),
        ("9", "1", [STAGE, AREA]),
        ("1", "Children's Social Care", [AREA]),
        ("0", "0", [STAGE, AREA]),
    ],
)
def test_what_is_unknown_or_ambiguous_is_asked(stage: str, area: str, asked: list[str]) -> None:
    assert chosen(stage, area) == asked


def test_an_area_at_two_stages_is_told_apart_by_the_stage_or_the_number() -> None:
    assert chosen("Section 17: Core Assessment", "Case closure") == ("core_assessment", "case_closure")
    assert chosen("", "4. Case closure") == ("core_assessment", "case_closure")
    assert chosen("", "Case closure (Section 17: Initial Assessment)") == ("initial_assessment", "case_closure")


def test_what_is_no_disagreement_is_named_as_an_area_is() -> None:
    """BIR-05: it has the numbers after the areas', and its stages."""
    name = "Part of an agreed plan has not been carried out"
    for stage, area in [("3", "failure_of_action"), ("3", name), ("", "6"), ("Section 17: Core Assessment", f"6. {name}")]:
        found = choose(redirecting(), Answers(case_stage=stage, area=area)).area
        assert found is not None
        assert (found.case_stage, found.key, found.ladder) == ("core_assessment", "failure_of_action", "")
    (question,) = choose(redirecting(), Answers(area=name)).questions
    assert question.options == ("2. Section 17: Initial Assessment", "3. Section 17: Core Assessment")
    assert choose(redirecting(), Answers(case_stage="3")).questions[0].options == ("4. Case closure", f"6. {name}")
    assert choose(redirecting(), Answers(case_stage="1", area=name)).area is None


def test_numbers_mean_nothing_when_the_lists_have_changed() -> None:
    assert chosen("1", "1", numbered=False) == [STAGE, AREA]
    assert chosen("contact or referral", "nfa", numbered=False) == ("contact_or_referral", "nfa")


def test_the_options_are_those_that_are_possible_and_keep_their_numbers() -> None:
    questions = choose(small(), Answers(area="Case closure")).questions
    assert [question.options for question in questions] == [
        ("2. Section 17: Initial Assessment", "3. Section 17: Core Assessment")
    ]
    questions = choose(small(), Answers(case_stage="3")).questions
    assert [question.options for question in questions] == [("4. Case closure",)]


@given(
    st.sampled_from(bedfordshire().areas),
    st.sampled_from(["key", "name", "number"]),
    st.sampled_from(["key", "name", "number"]),
)
def test_every_area_of_a_real_protocol_can_be_named(area: object, stage_by: str, area_by: str) -> None:
    board = bedfordshire()
    at = board.areas.index(area)
    choice = board.areas[at]
    stage = next(stage for stage in board.case_stages if stage.key == choice.case_stage)
    stages = {"key": stage.key, "name": stage.name, "number": str(board.case_stages.index(stage) + 1)}
    areas = {"key": choice.key, "name": choice.name, "number": str(at + 1)}
    assert choose(board, Answers(case_stage=stages[stage_by], area=areas[area_by])).area == choice


def test_every_option_offered_is_understood_when_it_is_copied() -> None:
    board = bedfordshire()
    for question in choose(board, Answers()).questions:
        for option in question.options:
            field = "case_stage" if question.label == STAGE else "area"
            found = choose(board, Answers.of({field: option}))
            if field == "area":
                assert found.area is not None
            else:
                assert [asked.label for asked in found.questions] in ([], [AREA])


def test_a_full_form_lacks_nothing() -> None:
    assert missing(FULL, choose(small(), FULL)) == ()
    assert missing(FULL, None) == ()


@pytest.mark.parametrize("field", domain.REQUIRED)
def test_each_required_field_is_asked_for_by_its_printed_label(field: str) -> None:
    partly = Answers.of({**FULL.fields(), field: ""})
    assert missing(partly, choose(small(), partly)) == (domain.LABELS[field],)


@pytest.mark.parametrize(
    "field", ["date_raised", "from_practitioner", "response", "immediate_danger", "areas_agreed", "supporter", "needed_by"]
)
def test_the_others_are_not(field: str) -> None:
    assert missing(Answers.of({**FULL.fields(), field: ""}), None) == ()


@pytest.mark.parametrize(
    "answer",
    [
        *("", " ", "No", "no.", "NONE", "N", "No, not at the moment", "not immediately"),
        *("Nac oes", "Nac ydy.", "Nag oes", "Na", "Dim"),
    ],
)
def test_no_danger(answer: str) -> None:
    assert domain.immediate_danger(answer) is False


@pytest.mark.parametrize(
    "answer", ["Yes", "yes - at home now", "Y", "Ydy", "I think so", "not sure", "Possibly", "No one is with him!", "?"]
)
def test_anything_not_plainly_no_is_danger(answer: str) -> None:
    assert domain.immediate_danger(answer) is True


def test_blanks_are_filled_in_from_the_mail_and_say_so() -> None:
    form = domain.filled_in(FormContent(), "Asha Rees", "7 December 2026")
    assert form.from_practitioner == "Asha Rees (the name on your mail)"
    assert form.date_raised == "7 December 2026 (the day we received it)"
    written = FormContent(date_raised="6 December", from_practitioner="A. Rees")
    assert domain.filled_in(written, "Asha Rees", "7 December 2026") == written
    assert domain.filled_in(FormContent(), "", "").from_practitioner == ""


def test_a_fingerprint_is_the_same_for_the_same_answers_only() -> None:
    spaced = Answers.of({**FULL.fields(), "summary": " bruises \n TWICE "})
    one = domain.fingerprint(b"key", "demonstration", "a@b.example", FULL)
    assert domain.fingerprint(b"key", "demonstration", "A@B.example", spaced) == one
    others = {
        domain.fingerprint(b"another", "demonstration", "a@b.example", FULL),
        domain.fingerprint(b"key", "another", "a@b.example", FULL),
        domain.fingerprint(b"key", "demonstration", "c@b.example", FULL),
        domain.fingerprint(b"key", "demonstration", "a@b.example", Answers.of({**FULL.fields(), "child_dob": "1/4/2015"})),
    }
    assert len(others | {one}) == 5


def test_a_form_continues_a_draft_that_says_nothing_else() -> None:
    draft = Answers.of({**FULL.fields(), "child_dob": "", "area": "nonsense", "needed_by": "soon"})
    assert domain.continues(draft, FULL)
    assert not domain.continues(Answers.of({**FULL.fields(), "child_name": "Alex"}), FULL)
    assert not domain.continues(Answers.of({"summary": "Bruises twice."}), FULL)


@pytest.mark.parametrize(
    ("asked", "words", "given"),
    [
        (("DOB",), "Hi,\n\n31/3/15\n\nThanks\nAsha", {"child_dob": "31/3/15"}),
        ((AREA,), "2", {"area": "2"}),
        (("DOB", "Agency/Team"), "31/3/15", {}),
        (("DOB",), "I do not know.\n\nCan you ask the school?", {}),
        (("DOB",), "", {}),
        (("DOB",), "x" * 400, {}),
        (("DOB", "Agency/Team"), "1. 31/3/15\n2. Social Care", {"child_dob": "31/3/15", "agency_team": "Social Care"}),
        (("DOB", AREA), "Hello\n1) 31/3/15\n\n2) 2\nThanks", {"child_dob": "31/3/15", "area": "2"}),
        (("DOB", "Agency/Team"), "2. Social Care\n1. 31/3/15", {}),
        (("DOB", "Agency/Team"), "1. 31/3/15\n2. Social Care\nAnd more", {}),
        (("DOB", "Agency/Team"), "1. 31/3/15", {}),
    ],
)
def test_a_reply_without_labels_answers_the_one_thing_asked_or_each_by_its_number(
    asked: tuple[str, ...], words: str, given: dict[str, str]
) -> None:
    assert domain.unlabelled(asked, words).given() == given


@pytest.mark.parametrize(
    "answer", ["I don't know", "I’m not sure.", "not sure", "don’t know yet", "Unknown", "Sorry, I do not know which"]
)
def test_an_answer_may_say_that_nobody_can_tell(answer: str) -> None:
    assert domain.is_not_known(answer)
    assert not domain.is_not_known(f"{answer}, but it is neglect")


def test_references_look_like_ours() -> None:
    assert len({domain.new_reference("DEMO") for _ in range(100)}) == 100
    assert domain.new_reference("HELD").startswith("HELD-")
