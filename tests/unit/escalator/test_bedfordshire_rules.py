"""What Bedfordshire's document leaves open, and what holds beside its table: typed from sections 1, 2, 4, 6 and 7."""

import pytest

from services.contracts.vocabulary import Side
from services.escalator.errors import Unknown
from services.escalator.ladders import Ladder
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol

PARAGRAPHS = [  # every paragraph with something for people to know that no step, choice or rule carries out
    "section 5, before the table",  # BED-10: time to talk to the manager before the police are contacted
    "section 5, before the table",  # BED-11
    "1.4",  # BED-03
    "2.1, where it first stands",  # BED-04
    "2.1, where it stands again",
    "2.3",
    "2.4",
    "2.5 to 2.7",
    "3.2 and 3.3",  # BED-05
    "4.2, first paragraph",  # BED-07
    "6.1",  # BED-13
    "6.2 to 6.5",
    "6.6, first sentence",  # BED-14
    "6.7",  # BED-15
    "6.8, and Appendix B",  # BED-16
    "6.9",  # BED-17
    "6.11, first sentence",  # BED-19
]

OPEN = {  # what is left open: its options, or its numbers, and our default
    "A-01": (("form_received", "step_reached", "decision_made"), "form_received"),
    "A-02": (("cumulative", "per_step"), "cumulative"),
    "A-03": (("elapsed_hours", "working_hours"), "elapsed_hours"),
    "A-04": (("sub_deadline", "shared"), "sub_deadline"),
    "A-06": ((1, 1440), "60"),
    "A-11": (("initial_assessment", "core_assessment"), "initial_assessment"),
    "A-15": (("board_decides", "last_step_goes_on"), "board_decides"),
    "A-22": (("shared_inbox", "own_inbox"), "own_inbox"),
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["bedfordshire"]


def test_everything_left_open_has_a_default_and_a_reason(protocol: Protocol) -> None:
    found = {}
    for choice in protocol.choices:
        assert choice.question.endswith("?")
        assert len(choice.reason) > 20
        allowed = (choice.number.least, choice.number.most) if choice.number else choice.options
        found[choice.id] = (allowed, choice.default)
    assert found == OPEN


def test_a_practitioner_talks_to_their_manager_first(protocol: Protocol) -> None:
    """BED-06: three things to think about, and the form asks whether it was done."""
    (before,) = protocol.before
    assert before.source == "4.1"
    for words in ("manager", "information", "Inter-Agency Safeguarding Procedures", "both councils", "CAF is appropriate"):
        assert words in before.text
    assert [(asked.field, asked.source) for asked in protocol.asks] == [
        ("discussed_with_manager", "4.1"),
        ("possible_cause", "4.2, first paragraph"),
        ("rationale", "section 5, Contact / Referral to Children's Social Care, row 1"),
        ("advice_sought", "6.10"),
    ]


def test_the_childs_own_time_comes_before_the_table(protocol: Protocol) -> None:
    """BED-14."""
    assert protocol.protection is not None
    assert protocol.protection.source == "6.6"
    assert "clearly protects the child" in protocol.protection.text
    assert "non-accidental injury of an infant or young child at once" in protocol.protection.text


def test_advice_should_be_sought_directly(protocol: Protocol) -> None:
    """BED-18, A-23: of three roles, in any sector."""
    advice = protocol.advice
    assert advice is not None
    assert protocol.names(advice.roles) == ("Designated Professional", "Named Professional", "Safeguarding Champion")
    assert (advice.duty, advice.sectors, advice.source) == ("should", (), "6.10")


def test_people_are_told_what_no_step_carries_out(protocol: Protocol) -> None:
    assert [statement.source for statement in protocol.guidance] == PARAGRAPHS


def test_what_is_outstanding_is_part_of_what_both_sides_confirm(protocol: Protocol) -> None:
    """BED-19."""
    closing = protocol.closing
    assert closing.confirmation is not None
    assert closing.read_back is not None
    assert "in writing" in closing.confirmation.text
    assert (closing.read_back.parts, closing.read_back.source) == (("outstanding",), "6.11")


def test_learning_goes_to_the_steering_group_if_the_procedures_were_followed(protocol: Protocol) -> None:
    """BED-20, A-22: each board has an inbox of its own until it names the one they share."""
    learning = protocol.closing.learning
    assert learning is not None
    assert (learning.to, learning.only_if_followed, learning.source) == ("Joint Steering Group", True, "7.1")


def test_the_document_has_no_bypass_default_outcome_or_imposed_decision(protocol: Protocol) -> None:
    """A-31: nothing is made up where other boards have a rule."""
    assert (protocol.bypass, protocol.still_at_risk, protocol.redirects, protocol.substitutes) == (None, None, (), ())
    for ladder in protocol.ladders:
        assert ladder.default_outcome is None
        assert not any(step.decision or step.decision_needed or step.meeting for step in ladder.steps)


def test_old_terms_have_their_names_of_today(protocol: Protocol) -> None:
    """A-37."""
    assert set(protocol.today) == {"Safeguarding Children Board", "CAF", "Initial Assessment", "Core Assessment"}


def test_the_champion_stands_in_where_nobody_else_answers(protocol: Protocol) -> None:
    assert protocol.safeguarding_lead == "safeguarding_champion"


def test_contact_stage_has_no_36_hours(protocol: Protocol) -> None:
    """A-05."""
    stage = [ladder for ladder in protocol.ladders if ladder.case_stage == "contact_or_referral"]
    assert [ladder.id for ladder in stage] == ["BED-S4", "BED-S5"]
    assert 36 not in {step.within.amount for ladder in stage for step in ladder.steps if step.within}


def test_one_cell_of_48_hours_covers_two_tiers(protocol: Protocol) -> None:
    """A-04."""
    shares = [step.shares_time_with for step in protocol.ladder("BED-S4").steps]
    assert shares == [None, None, 2]
    assert not any(step.shares_time_with for ladder in protocol.ladders if ladder.id != "BED-S4" for step in ladder.steps)


@pytest.mark.parametrize("area", ["threshold", "enquiry_actions", "whether_to_request_conference"])
def test_a_strategy_meeting_area_is_not_tied_to_one_row(protocol: Protocol, area: str) -> None:
    """A-07: the page spreads one list over three rows."""
    ladder = protocol.ladder_for("strategy_meeting", area)
    assert [step.within.amount for step in ladder.steps if step.within] == [24, 36, 48]


def test_a_conference_request_names_the_policy_we_do_not_hold(protocol: Protocol) -> None:
    """A-08: the fallback is the Strategy Meeting's steps, the very same."""
    ladder = protocol.ladder("BED-S9")
    assert ladder.local_procedure is not None
    assert ladder.local_procedure.title == "CBC CPC Request / Decision Making Policy June 2010"
    assert ladder.local_procedure.link is None
    assert ladder.steps == protocol.ladder("BED-S8").steps


def test_either_side_may_raise_a_disagreement_about_a_conference(protocol: Protocol) -> None:
    """A-10, and only there."""
    assert [ladder.id for ladder in protocol.ladders if ladder.either_side_may_raise] == ["BED-S10"]
    turned = protocol.ladder("BED-S10").turned_round()
    assert turned.step(1).people(Side.RAISING) == ("conference_chair",)
    assert turned.step(2).people(Side.OTHER) == ("manager", "safeguarding_champion")
    assert turned.turned_round() == protocol.ladder("BED-S10")


def test_after_a_plan_the_practitioner_says_which_assessment(protocol: Protocol) -> None:
    """A-11: the document points at section 17, which has two tables."""
    assert protocol.choice("A-11").asked_of == "practitioner"
    for area, ladder in (("initial_assessment", "BED-S6"), ("core_assessment", "BED-S7")):
        assert protocol.ladder_for("after_plan", area).steps == protocol.ladder(ladder).steps


def test_after_a_plan_the_choice_can_be_made_for_everyone(protocol: Protocol) -> None:
    assert protocol.ladder("BED-S12").steps == protocol.ladder("BED-S6").steps
    chosen = protocol.with_choices({"A-11": "core_assessment"})
    assert chosen.ladder("BED-S12").steps == protocol.ladder("BED-S7").steps
    assert chosen.ladder_for("after_plan", "initial_assessment").steps == protocol.ladder("BED-S6").steps


@pytest.mark.parametrize("area", ["case_closure", "threshold", "whether_strategy_meeting"])
def test_an_area_of_both_assessments_goes_by_the_stage(protocol: Protocol, area: str) -> None:
    """A-12."""
    assert protocol.ladder_for("initial_assessment", area).id == "BED-S6"
    assert protocol.ladder_for("core_assessment", area).id == "BED-S7"


def test_a_core_assessment_not_completed_stands_under_the_initial_one(protocol: Protocol) -> None:
    """A-12."""
    assert protocol.ladder_for("initial_assessment", "core_assessment_not_completed").id == "BED-S6"
    with pytest.raises(Unknown):
        protocol.ladder_for("core_assessment", "core_assessment_not_completed")


def test_calls_for_advice_are_not_escalations(protocol: Protocol) -> None:
    """A-13."""
    advice: list[Ladder] = [ladder for ladder in protocol.ladders if ladder.advice]
    assert [(ladder.id, ladder.offers) for ladder in advice] == [("BED-S2", "BED-S4"), ("BED-S3", "BED-S4")]


def test_danger_means_the_police(protocol: Protocol) -> None:
    assert protocol.danger.text == "If a child is in immediate danger, contact the police at once."
    assert protocol.danger.source == "section 5, before the table"


def test_the_glossary_has_every_term(protocol: Protocol) -> None:
    assert list(protocol.vocabulary) == [
        "Practitioner",
        "Manager",
        "BBC",
        "CBC",
        "Children's Social Care",
        "NFA",
        "PR",
        "CAF",
        "Duty Social Worker",
        "DTM",
        "Team Manager",
        "Section 17",
        "Section 47",
        "CRS",
        "IA",
        "CA",
        "BBSCB",
        "CBSCB",
    ]


def test_names_that_people_choose_by_are_told_apart(protocol: Protocol) -> None:
    """Within a stage no two areas read alike, and no name is the beginning of another: typed answers are matched against them."""
    for stage in protocol.case_stages:
        names = [
            protocol.areas[area].lower() for ladder in protocol.ladders if ladder.case_stage == stage for area in ladder.areas
        ]
        assert not [(one, other) for one in names for other in names if one is not other and other.startswith(one)]


def test_the_stage_and_area_of_a_referral_not_taken_up_are_as_people_write_them(protocol: Protocol) -> None:
    assert protocol.case_stages["contact_or_referral"] == "Contact or referral to Children's Social Care"
    assert protocol.areas["no_further_action"] == "Children's Social Care takes no further action on the contact or referral"
