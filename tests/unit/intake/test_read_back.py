"""What is read back to whoever sent a form: everything understood, where it leads and why, and what was left empty."""

import pytest

from services.contracts.content import FORM_LABELS, FURTHER_LABELS, FormContent
from services.contracts.escalator import BoardPublished
from services.contracts.outline import LadderOutline, StepOutline
from services.contracts.vocabulary import Writing
from services.intake import read_back
from services.intake.domain import OPTIONAL_LABELS, Answers
from tests.unit.intake.boards import redirecting, small

LADDER = LadderOutline(
    id="S4",
    name="No further action",
    case_stage="Contact or referral",
    areas=("No further action",),
    paragraph="Section 5",
    steps=(
        StepOutline(
            number=1,
            name="Stage One",
            action="Discuss",
            raising=("Practitioner",),
            other=("Social worker",),
            within="within 24 hours",
            writing=Writing.NONE,
            paragraph="Section 5, row 1",
        ),
    ),
)
WHOLE = Answers(
    form=FormContent(**{key: f"the {key}" for key in FormContent.model_fields}),
    case_stage="contact_or_referral",
    area="nfa",
    immediate_danger="no",
    further_agencies="Police; Housing",
    decided_at="2026-12-04T00:00:00+00:00",
    needed_by="2026-12-11T16:00:00+00:00",
    injury_to_infant="yes",
)


def board() -> BoardPublished:
    return small().model_copy(update={"ladders": (LADDER,), "asks": ("possible_cause", "rationale")})


@pytest.mark.parametrize(
    ("question", "summary", "at_once", "danger"),
    [
        ("", "His uncle threatened to kill him.", True, "words"),
        (" ", "His uncle threatened to kill him.", True, "words"),
        ("No", "His uncle threatened to kill him.", False, "words"),
        ("Yes", "He is hungry.", True, "said"),
        ("", "He is hungry.", False, ""),
    ],
)
def test_words_of_danger_decide_only_where_nobody_said(question: str, summary: str, at_once: bool, danger: str) -> None:
    """BED-10, A-21: the printed form has no such question."""
    form = FormContent(summary=summary)
    answers = Answers(form=form, case_stage="contact_or_referral", area="nfa", immediate_danger=question)
    assert read_back.at_once(answers) is at_once
    facts = read_back.form_received(board(), answers, form)
    assert (facts["danger"], facts["sooner"]) == (danger, at_once)
    assert facts["assumed"] is (at_once and danger == "words")


def test_every_field_that_was_read_is_named_and_every_question_has_its_answer() -> None:
    facts = read_back.form_received(board(), WHOLE, WHOLE.form)
    labels = {label for _, label in (*FORM_LABELS, *FURTHER_LABELS)}
    assert labels <= set(facts["read"])  # type: ignore[arg-type] # JSON
    assert {"Date of the response", "Date of the resolution"} <= set(facts["read"])  # type: ignore[arg-type] # JSON
    assert facts["blank"] == []
    assert facts["understood"] == [
        {"label": "Is a child in immediate danger?", "answer": "No"},
        {"label": "Other agencies", "answer": "Police, Housing"},
        {"label": "Date of the decision", "answer": "Friday 4 December 2026 at 00:00"},
        {"label": "The child needs to be safe by", "answer": "Friday 11 December 2026 at 16:00"},
        {"label": "Possible injury to a baby or young child", "answer": "Yes"},
    ]


def test_where_it_leads_comes_with_the_stated_time_and_the_paragraph() -> None:
    facts = read_back.form_received(board(), WHOLE, WHOLE.form)
    assert facts["route"] == {
        "name": "No further action",
        "paragraph": "Section 5",
        "steps": 1,
        "step_name": "Stage One",
        "action": "Discuss",
        "within": "within 24 hours",
        "step_paragraph": "Section 5, row 1",
    }
    assert facts["instead"] is None
    assert facts["sooner"] is True


def test_what_is_no_disagreement_is_said_with_where_it_goes() -> None:
    """BIR-05."""
    elsewhere = WHOLE.model_copy(update={"case_stage": "core_assessment", "area": "failure_of_action"})
    facts = read_back.form_received(redirecting(), elsewhere, elsewhere.form)
    assert facts["route"] is None
    assert facts["instead"] == {"where": ["the core group", "a child protection conference"], "paragraph": "1.2"}


def test_what_was_left_empty_is_named_but_not_what_the_other_side_fills_in_or_this_board_does_not_ask() -> None:
    bare = Answers(form=FormContent(child_name="Robin"), case_stage="contact_or_referral", area="nfa")
    facts = read_back.form_received(board(), bare, bare.form)
    blank = facts["blank"]
    assert isinstance(blank, list)
    assert {"DOB", "Possible cause", "Reasons given for the decision", *(label for _, label in OPTIONAL_LABELS)} <= set(blank)
    assert "Is a child in immediate danger?" in blank
    assert not {"Response", "Resolution of Issues", "Supported by", "Name of Child"} & set(blank)


def test_nothing_that_somebody_wrote_is_among_the_facts() -> None:
    assert "the summary" not in str(read_back.form_received(board(), WHOLE, WHOLE.form))


def test_a_correction_is_told_field_by_field_in_peoples_words() -> None:
    after = WHOLE.with_more(Answers.of({"child_dob": "1 May 2015", "immediate_danger": "No."})).model_copy(
        update={"case_stage": "core_assessment", "area": "case_closure"}
    )
    changed = read_back.changes(board(), WHOLE, after)
    assert [(change.field, change.before, change.now) for change in changed] == [
        ("child_dob", "the child_dob", "1 May 2015"),
        ("case_stage", "Contact or referral to Children's Social Care", "Section 17: Core Assessment"),
        ("area", "Children's Social Care takes no further action", "Case closure"),
    ]
    assert "DOB\nbefore: the child_dob\nnow: 1 May 2015" in read_back.in_words(changed)
