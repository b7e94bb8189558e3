"""Birmingham's ladders against the document, typed a second time from its section 33."""

import pytest

from services.contracts.vocabulary import Writing
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from tests.unit.escalator.reading import Row, as_read

N = Writing.NONE
OWN_ADVISERS = "Manager / Supervisor / Designated professional for child protection / Named professional for child protection"
SENIOR = "More senior colleague / More experienced colleague"
CHAIR = "Chair of the strategy discussion"

ANY_STAGE = [
    Row("Practitioner | Practitioner", "| Practitioner", None, N, "section 33, 3.1, first to third points"),
    Row("Practitioner |", f"{SENIOR} | {SENIOR}", None, N, "section 33, 3.1, fourth point"),
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
    "BIR-S3": [Row(f"Practitioner | {CHAIR}", f"| {CHAIR}", None, N, "section 33, 4.3")],
    "BIR-S4": ANY_STAGE,
    "BIR-S5": ANY_STAGE,
    "BIR-S6": [Row("Practitioner | Lead social worker", "| Lead social worker", None, N, "section 33, 4.6, first sentence")],
}

AREAS = {  # where each stands, and how many disagreements the paragraph names there
    "BIR-S1": ("section 33, 1.1 and 3.1", 1),
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


def test_the_chair_of_a_strategy_discussion_may_need_to_decide(protocol: Protocol) -> None:
    """4.3: the sentence is told; that the decision ends the disagreement is not (BIR-19)."""
    assert "its chair may need to decide, and to record who disagrees" in protocol.ladder("BIR-S3").step(1).action


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


def test_nothing_is_left_open_about_a_time_that_is_not_stated(protocol: Protocol) -> None:
    """BIR-25. A-04 is what every protocol must have."""
    assert [choice.id for choice in protocol.choices] == ["A-04"]
