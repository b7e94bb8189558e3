"""Northamptonshire's ladder against the document, typed a second time from the four stages of its tea-break guide."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.vocabulary import Writing
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from tests.cases import RAISED_AT, everybody, start
from tests.unit.escalator.reading import Row, as_read
from tests.unit.escalator.story import Story

N = Writing.NONE
LINE = "Line manager / Equivalent of a line manager"
SECOND_TIER = "Second tier manager / Designated professional for safeguarding / Named professional for safeguarding"

STAGES = [
    Row("Professional | Professional", "| Professional", "1 working days", N, "Stage One – Prevention, second sentence"),
    Row("Professional |", f"{LINE} | {LINE}", None, N, "Stage One – Prevention, second and third sentences"),
    Row(f"{LINE} | {LINE}", f"{SECOND_TIER} | {SECOND_TIER}", "without delay", N, "Stage Two – Informal Resolution"),
    Row("Head of Service |", "| Head of Service / Manager of the equivalent level", None, N, "Stage Three – Formal Resolution"),
    Row(
        "Head of Service |",
        "| Head of Safeguarding for Safeguarding & Quality Assurance",
        None,
        N,
        "Stage Four – Remaining Disagreements",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["northamptonshire"]


def test_the_stages_have_the_facts_of_the_page(protocol: Protocol) -> None:
    assert [ladder.id for ladder in protocol.ladders] == ["NOR-S1"]
    assert [as_read(protocol, step) for step in protocol.ladder("NOR-S1").steps] == STAGES


def test_the_six_areas_are_not_the_only_ones(protocol: Protocol) -> None:
    """NOR-03."""
    assert len(protocol.ladder("NOR-S1").areas) == 6 + 1


def test_the_police_area_is_as_printed(protocol: Protocol) -> None:
    """A-34."""
    assert "significant agency response" in protocol.areas["agency_response"]


def test_a_decision_is_needed_at_stage_three(protocol: Protocol) -> None:
    """NOR-08."""
    action = protocol.ladder("NOR-S1").step(4).action
    assert "need to reach a decision on a way forward that both agencies agree" in action
    assert "the child's interests come before a stalemate" in action


def test_the_chair_hears_of_it_through_the_business_office(protocol: Protocol) -> None:
    """NOR-09."""
    assert "through the Business Office" in protocol.ladder("NOR-S1").step(5).action


def test_stage_one_gives_professionals_one_working_day_and_their_managers_none() -> None:
    """NOR-05, A-32: from Friday at five past two to Monday at five past two, then no stated time."""
    story = Story(start("NOR-S1", on="northamptonshire"), everybody("northamptonshire"))
    due = datetime(2026, 12, 7, 14, 5, tzinfo=UTC)
    assert (RAISED_AT.strftime("%A %H:%M"), story.case.deadline.at) == ("Friday 14:05", due)
    story.wait_until(due - timedelta(minutes=1))
    assert story.case.step == 1
    story.wait_until(due)
    assert (story.case.step, story.case.deadline.at) == (2, None)


def test_the_full_procedure_is_named(protocol: Protocol) -> None:
    """NOR-04, A-35."""
    procedure = protocol.ladder("NOR-S1").local_procedure
    assert procedure is not None
    assert procedure.title == "NSCB Conflict Resolution Procedure"
    assert procedure.link is None


def test_only_the_start_of_the_working_day_is_left_open(protocol: Protocol) -> None:
    """A-04 is what every protocol must have."""
    assert [choice.id for choice in protocol.choices] == ["A-01", "A-04"]
