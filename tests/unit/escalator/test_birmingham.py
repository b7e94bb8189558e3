"""Birmingham's ladders against the document, typed a second time from its section 33."""

import pytest

from services.contracts.vocabulary import Side, Writing
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from tests.unit.escalator.reading import Row, as_read

N = Writing.NONE
OWN_ADVISERS = "Manager / Supervisor / Designated professional for child protection / Named professional for child protection"
SENIOR = "More senior colleague / More experienced colleague"
CHAIR = "Chair of the strategy discussion"

REFERRED_UP = Row("Practitioner |", f"{SENIOR} | {SENIOR}", None, N, "section 33, 3.1, fourth point")
ANY_STAGE = [
    Row("Practitioner | Practitioner", "| Practitioner", None, N, "section 33, 3.1, first to third points"),
    REFERRED_UP,
]

LADDERS = {
    "BIR-S1": ANY_STAGE,
    "BIR-S2": [
        Row("Referrer | Practitioner", "| Practitioner", None, N, "section 33, 3.1, first to third points"),
        Row(
            f"Referrer / {OWN_ADVISERS} |",
            "| Team manager in children's social care",
            None,
            N,
            "section 33, 4.2, first sentence",
        ),
        Row(f"{OWN_ADVISERS} |", "More senior manager | More senior manager", None, N, "section 33, 4.2, second sentence"),
    ],
    "BIR-S3": [Row(f"Practitioner | {CHAIR}", f"| {CHAIR}", None, N, "section 33, 4.3"), REFERRED_UP],
    "BIR-S4": ANY_STAGE,
    "BIR-S5": ANY_STAGE,
    "BIR-S6": [
        Row("Practitioner | Lead social worker", "| Lead social worker", None, N, "section 33, 4.6, first sentence"),
        REFERRED_UP,
    ],
}

AREAS = {  # where each stands, and how many disagreements the paragraph names there: in 1.1 three, "and/or"
    "BIR-S1": ("section 33, 1.1 and 3.1", 4),
    "BIR-S2": ("section 33, 4.1 and 4.2", 2),
    "BIR-S3": ("section 33, 4.3", 2),
    "BIR-S4": ("section 33, 4.4", 1),
    "BIR-S5": ("section 33, 4.5", 1),
    "BIR-S6": ("section 33, 4.6", 1),
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["birmingham"]


def test_each_row_has_the_facts_of_the_page(protocol: Protocol) -> None:
    assert {ladder.id: [as_read(protocol, step) for step in ladder.steps] for ladder in protocol.ladders} == LADDERS


def test_every_stage_has_its_areas_and_paragraph(protocol: Protocol) -> None:
    assert {ladder.id: (ladder.source, len(ladder.areas)) for ladder in protocol.ladders} == AREAS


def test_what_the_practitioners_do_first_is_said(protocol: Protocol) -> None:
    """3.1: areas of agreement and disagreement, relevance to risk, extent (BIR-11 to BIR-13)."""
    for ladder in ("BIR-S1", "BIR-S2"):
        action = protocol.ladder(ladder).step(1).action
        assert "what you agree on and what you do not" in action
        assert "how far it matters for the risk to the child, and record how far you disagree" in action


def test_the_form_asks_for_what_the_practitioners_set_out(protocol: Protocol) -> None:
    """BIR-11 to BIR-13."""
    assert {asked.field: asked.source for asked in protocol.asks} == {
        "areas_agreed": "section 33, 3.1, first point",
        "areas_disagreed": "section 33, 3.1, first and third points",
        "relevance_to_risk": "section 33, 3.1, second point",
    }


def test_a_disagreement_is_of_one_of_three_kinds_or_of_several(protocol: Protocol) -> None:
    """BIR-03, 1.1: the known facts, the nature and severity of the risk, the means to reduce it."""
    assert protocol.ladder("BIR-S1").areas == ("known_facts", "risk", "means", "several")


def test_a_plan_that_was_not_carried_out_is_no_disagreement_at_any_stage(protocol: Protocol) -> None:
    """BIR-05, BIR-06, 1.2; A-24: Oxfordshire and Bedfordshire take it in."""
    (redirect,) = protocol.redirects
    assert redirect.area == "plan_not_carried_out"
    assert set(redirect.case_stages) == set(protocol.case_stages)
    assert redirect.instead == ("the core group", "the child protection conference", "a manager in the relevant agency")
    assert redirect.source == "section 33, 1.2"


def test_the_chair_of_a_strategy_discussion_may_impose_a_decision(protocol: Protocol) -> None:
    """BIR-19, 4.3: nobody is consulted before, no time to challenge is stated, and at no other step may anybody decide alone."""
    decisions = {
        (ladder.id, step.number): step.decision for ladder in protocol.ladders for step in ladder.steps if step.decision
    }
    assert list(decisions) == [("BIR-S3", 1)]
    decision = decisions["BIR-S3", 1]
    assert (decision.by, decision.side, decision.source) == (
        "strategy_discussion_chair",
        Side.OTHER,
        "section 33, 4.3, second sentence",
    )
    assert (decision.consult, decision.challenge_within) == (None, None)


def test_safeguarding_professionals_are_an_alternative_to_the_manager_in_every_sector(protocol: Protocol) -> None:
    """BIR-17, A-23, 4.2: manager or supervisor, or the designated or named professional."""
    assert protocol.advice is not None
    assert protocol.names(protocol.advice.roles) == (
        "Designated professional for child protection",
        "Named professional for child protection",
    )
    assert (protocol.advice.duty, protocol.advice.sectors) == ("alternative", ())


def test_what_was_agreed_is_repeated_back_in_three_parts(protocol: Protocol) -> None:
    """BIR-10, 2.2: the risk, whether that depends on more, and who takes responsibility for any action."""
    assert protocol.closing.read_back is not None
    assert (protocol.closing.read_back.parts, protocol.closing.read_back.source) == (
        ("risk", "depends_on", "actions"),
        "section 33, 2.2",
    )


def test_it_may_stay_unresolved_with_a_way_of_working(protocol: Protocol) -> None:
    """BIR-07."""
    assert protocol.closing.working_arrangement is not None
    assert protocol.closing.working_arrangement.source == "section 33, 1.3"


def test_policy_issues_and_wider_implications_go_to_the_board_from_anybody_who_took_part(protocol: Protocol) -> None:
    """BIR-15, BIR-20: whether or not the procedures were followed."""
    learning = protocol.closing.learning
    assert learning is not None
    assert (learning.to, learning.only_if_followed) == ("Birmingham Safeguarding Children Board", False)
    assert "general policy issues" in learning.text
    assert "Anybody who took part and thinks that it has wider implications" in learning.text
    assert learning.source == "section 33, 3.1, fifth point, and 4.3"


def test_a_significant_difference_may_bring_the_review_conference_forward(protocol: Protocol) -> None:
    """BIR-24, 4.6: about the degree of risk and the way to manage it, both."""
    review = protocol.closing.review_conference
    assert review is not None
    assert "how great the risk to the child is, and about the right way to manage it" in review.text


def test_the_causes_of_misunderstanding_are_told(protocol: Protocol) -> None:
    """BIR-09, 2.1: deference, a provisional opinion, an assumed commitment."""
    told = next(one.text for one in protocol.guidance if one.source == "section 33, 2.1")
    assert all(
        cause in told for cause in ("deferred to somebody senior", "provisional", "assumed that somebody else would act")
    )


def test_what_this_document_does_not_have_is_not_made_up(protocol: Protocol) -> None:
    """BIR-25, and no word of passing over steps, of a protection time frame, of a debrief or of written confirmation."""
    assert (protocol.bypass, protocol.protection, protocol.still_at_risk) == (None, None, None)
    assert (protocol.closing.confirmation, protocol.closing.planning_meeting, protocol.closing.debrief) == (None, None, None)
    assert not any(ladder.default_outcome for ladder in protocol.ladders)
    assert not any(step.meeting or step.reasons_from for ladder in protocol.ladders for step in ladder.steps)


def test_the_lead_social_worker_has_it_recorded(protocol: Protocol) -> None:
    """BIR-23."""
    assert "The lead social worker makes sure that it is recorded" in protocol.ladder("BIR-S6").step(1).action


@pytest.mark.parametrize("ladder", ["BIR-S4", "BIR-S5"])
def test_a_conference_names_the_chapter_we_do_not_hold(protocol: Protocol, ladder: str) -> None:
    """BIR-21, BIR-22, A-35."""
    procedure = protocol.ladder(ladder).local_procedure
    assert procedure is not None
    assert procedure.title == "Section 6, Chapter 7 of the child protection procedures"
    assert procedure.link is None


def test_the_plan_and_a_plan_for_enquiries_stay_in_force(protocol: Protocol) -> None:
    """BIR-08."""
    assert protocol.plan_in_force is not None
    assert protocol.plan_in_force.source == "section 33, 1.3 and 4.5"
    assert "any plan for section 47 enquiries" in protocol.plan_in_force.text


def test_only_what_follows_the_last_tier_is_left_open(protocol: Protocol) -> None:
    """BIR-25: no time is stated, so nothing is open about one. A-15."""
    assert [(choice.id, choice.value) for choice in protocol.choices] == [("A-15", "board_decides")]
