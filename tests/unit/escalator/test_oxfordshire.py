"""Oxfordshire's ladders against the document, typed a second time from its chapter 6.2."""

from datetime import UTC, datetime

import pytest

from services.contracts.vocabulary import Writing
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from tests.cases import RAISED_AT, start
from tests.unit.escalator.reading import Row, as_read
from tests.unit.escalator.story import Story

N = Writing.NONE
LINE, HIGHER = "Line manager", "Manager further up the line"
SQA = "Service Manager, Safeguarding and Quality Assurance"
CYPF = "Manager in Children, Young People and Families"
REPRESENTATIVE = "Oxfordshire Safeguarding Children Board representative"


def remaining(by: str) -> list[Row]:
    """Section 6, which stands behind every other: the representative of each agency, then the board's Core Group."""
    return [
        Row(by, f"{REPRESENTATIVE} | {REPRESENTATIVE}", None, N, "chapter 6.2, 6.1"),
        Row(f"{REPRESENTATIVE} |", "| Oxfordshire Safeguarding Children Board's Core Group", None, N, "chapter 6.2, 6.2"),
    ]


LADDERS = {
    "OXF-S2": [
        Row("Professional | Professional", "| Professional", "agreed", N, "chapter 6.2, 2.3"),
        Row(f"{LINE} | {LINE}", f"| {LINE}", None, N, "chapter 6.2, 2.3 and 2.4"),
        Row(f"{LINE} | {LINE}", f"{HIGHER} | {HIGHER}", "without delay", N, "chapter 6.2, 2.5 and 2.7"),
        *remaining(f"{HIGHER} | {HIGHER}"),
    ],
    "OXF-S3": [
        Row("Professional |", f"| {CYPF}", None, N, "chapter 6.2, 3.1 and 3.2"),
        Row(f"| {CYPF}", f"| {SQA}", None, N, "chapter 6.2, 3.2, second sentence"),
        *remaining(f"Professional | {CYPF}"),
    ],
    "OXF-S4": [
        Row("Professional |", f"| {SQA}", "1 working days", N, "chapter 6.2, 4.3, first sentence"),
        Row(f"Professional | {SQA}", f"{LINE} | Independent Conference Chair", None, N, "chapter 6.2, 4.3, second sentence"),
        *remaining(f"{LINE} | {SQA}"),
    ],
    "OXF-S5": [
        Row(f"{LINE} | {LINE}", f"| {LINE}", None, N, "chapter 6.2, 5.2"),
        Row(f"{LINE} | {LINE}", f"{HIGHER} | {HIGHER}", "without delay", N, "chapter 6.2, 5.3"),
        *remaining(f"{HIGHER} | {HIGHER}"),
    ],
}

AREAS = {"OXF-S2": 6, "OXF-S3": 2, "OXF-S4": 1, "OXF-S5": 2}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["oxfordshire"]


def test_each_row_has_the_facts_of_the_page(protocol: Protocol) -> None:
    assert {ladder.id: [as_read(protocol, step) for step in ladder.steps] for ladder in protocol.ladders} == LADDERS


def test_every_stage_has_its_areas(protocol: Protocol) -> None:
    assert {ladder.id: len(ladder.areas) for ladder in protocol.ladders} == AREAS


def test_carrying_out_the_plan_begins_with_the_line_managers(protocol: Protocol) -> None:
    """OXF-25."""
    assert "professional" not in protocol.ladder("OXF-S5").step(1).by.roles


def test_an_urgent_meeting_is_considered(protocol: Protocol) -> None:
    """OXF-14, A-26."""
    assert "consider an urgent meeting of everybody involved" in protocol.ladder("OXF-S2").step(3).action


def test_a_supported_request_should_normally_be_agreed(protocol: Protocol) -> None:
    """OXF-18."""
    assert "Designated or Named Professional supports should normally be agreed" in protocol.ladder("OXF-S3").step(1).action


def test_the_service_manager_is_consulted_before_the_decision(protocol: Protocol) -> None:
    """OXF-19."""
    action = protocol.ladder("OXF-S3").step(2).action
    assert "always consults" in action
    assert "before a final decision is made" in action


def test_an_agreed_time_is_no_deadline() -> None:
    """A-25: the two sides have not said one, and none is made up for them."""
    story = Story(start("OXF-S2", on="oxfordshire"))
    assert story.case.deadline.at is None
    assert "to the two sides to agree" in story.case.deadline.explanation


def test_dissent_has_one_working_day() -> None:
    """OXF-22: from Friday at five past two to Monday at five past two."""
    story = Story(start("OXF-S4", on="oxfordshire"))
    assert RAISED_AT.strftime("%A %H:%M") == "Friday 14:05"
    assert story.case.deadline.at == datetime(2026, 12, 7, 14, 5, tzinfo=UTC)
    assert story.case.deadline.explanation == (
        "1 working day from 2:05pm on Friday 4 December 2026, when the form was received, counted in working time: "
        "Concord's default on A-01."
    )


def test_only_the_start_of_the_working_day_is_left_open(protocol: Protocol) -> None:
    """A-04 is what every protocol must have."""
    assert [choice.id for choice in protocol.choices] == ["A-01", "A-04"]
