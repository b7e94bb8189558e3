"""Northamptonshire's ladder against the document, typed a second time from the four stages of its tea-break guide."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.contracts.vocabulary import Side, Writing
from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.ladders import Step
from services.escalator.loader import PACKAGED, packaged_protocols
from services.escalator.protocol import Protocol
from services.escalator.times import Deadline, deadline
from tests.unit.escalator.reading import Row, as_read

ROOT = Path(__file__).parents[3]

N = Writing.NONE
LINE = "Line manager / Equivalent of a line manager"
SECOND_TIER = "Second tier manager / Designated professional for safeguarding / Named professional for safeguarding"
HEAD_OF_SAFEGUARDING = "Head of Safeguarding for Safeguarding & Quality Assurance"

STAGES = [
    Row("Professional | Professional", "| Professional", "1 working days", N, "Stage One – Prevention, second sentence"),
    Row("Professional |", f"{LINE} | {LINE}", None, N, "Stage One – Prevention, second and third sentences"),
    Row(f"{LINE} | {LINE}", f"{SECOND_TIER} | {SECOND_TIER}", "without delay", N, "Stage Two – Informal Resolution"),
    Row(
        "Head of Service |",
        "| Head of Service / Manager of the equivalent level",
        None,
        N,
        "Stage Three – Formal Resolution, first sentence",
    ),
    Row("Head of Service |", f"| {HEAD_OF_SAFEGUARDING}", None, N, "Stage Four – Remaining Disagreements"),
]

NAMES = [  # NOR-10, A-32: Stage One has two tiers
    "Stage One: Prevention",
    "Stage One: Prevention",
    "Stage Two: Informal Resolution",
    "Stage Three: Formal Resolution",
    "Stage Four: Remaining Disagreements",
]

AREAS = {  # NOR-03: the six of the guide, in its order, which are not all there are
    "threshold": "threshold for assessment",
    "more_information": "find out more before the referral goes further",
    "whether_procedures": "child protection procedures should be invoked",
    "agency_response": "significant agency response",  # as printed
    "sharing_and_services": "Sharing information, providing services",
    "assessment_outcome": "What an assessment found, and whether there is a suitable action plan",
    "other": "could not be resolved at the front line",
}

FRIDAY = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["northamptonshire"]


@pytest.fixture(scope="module")
def steps(protocol: Protocol) -> tuple[Step, ...]:
    return protocol.ladder("NOR-S1").steps


def due(protocol: Protocol, step: int) -> Deadline:
    return deadline(
        protocol,
        protocol.ladder("NOR-S1"),
        step,
        raised_at=FRIDAY,
        step_reached_at=FRIDAY,
        calendar=make_calendar(WorkingHours(), 2025, 2029),
    )


def test_the_stages_have_the_facts_of_the_page(protocol: Protocol, steps: tuple[Step, ...]) -> None:
    assert [ladder.id for ladder in protocol.ladders] == ["NOR-S1"]
    assert [as_read(protocol, step) for step in steps] == STAGES


def test_the_stages_have_their_names(steps: tuple[Step, ...]) -> None:
    assert [step.name for step in steps] == NAMES


def test_the_areas_are_those_of_the_page_and_any_other(protocol: Protocol) -> None:
    assert list(protocol.ladder("NOR-S1").areas) == list(AREAS)
    for area, words in AREAS.items():
        assert words in protocol.areas[area]


def test_a_decision_is_needed_at_stage_three_and_nowhere_else(steps: tuple[Step, ...]) -> None:
    """NOR-08."""
    needed = {step.number: step.decision_needed for step in steps if step.decision_needed}
    assert list(needed) == [4]
    assert "that the agencies agree" in needed[4].text
    assert "The child's interests come before a stalemate" in needed[4].text
    assert needed[4].source == "Stage Three – Formal Resolution, second sentence"


def test_the_head_of_safeguarding_decides_at_stage_four(protocol: Protocol, steps: tuple[Step, ...]) -> None:
    """NOR-09: of whichever agency, with no time to challenge it; and the board is told, by way of the Business Office."""
    deciding = {step.number: step.decision for step in steps if step.decision}
    assert list(deciding) == [5]
    assert (deciding[5].by, deciding[5].side) == ("head_of_safeguarding", Side.OTHER)
    assert (deciding[5].consult, deciding[5].challenge_within) == (None, None)
    assert [key for key, role in protocol.roles.items() if role.anywhere] == ["head_of_safeguarding"]
    told = {step.number: step.tells_board for step in steps if step.tells_board}
    assert list(told) == [5]
    assert "determines a course of action" in told[5].text
    assert "Chair of the Safeguarding Children Board through the Business Office" in told[5].text


def test_stage_one_gives_professionals_one_working_day_and_nobody_else_a_time(protocol: Protocol) -> None:
    """NOR-05, A-32: from Friday at five past two to Monday at five past two."""
    assert due(protocol, 1).at == FRIDAY + timedelta(days=3)
    assert [due(protocol, step).at for step in (2, 3, 4, 5)] == [None] * 4


def test_a_board_may_read_one_working_day_as_the_end_of_the_next(protocol: Protocol) -> None:
    """A-03."""
    chosen = protocol.with_choices({"A-03": "end_of_next_working_day"})
    assert due(chosen, 1).at == datetime(2026, 12, 7, 17, 0, tzinfo=UTC)
    assert "A-03" in due(chosen, 1).explanation


def test_safeguarding_professionals_are_asked_on_both_sides_and_for_advice(protocol: Protocol, steps: tuple[Step, ...]) -> None:
    """NOR-06, A-33: between agencies or inside one? Both."""
    safeguarding = {"designated_professional", "named_professional"}
    for side in (Side.RAISING, Side.OTHER):
        assert safeguarding <= set(steps[2].people(side))
    assert protocol.advice is not None
    assert (set(protocol.advice.roles), protocol.advice.duty) == (safeguarding, "may")


def test_the_full_procedure_is_named(protocol: Protocol) -> None:
    """NOR-04, A-35."""
    procedure = protocol.ladder("NOR-S1").local_procedure
    assert procedure is not None
    assert procedure.title == "NSCB Conflict Resolution Procedure"
    assert procedure.link is None


def test_nothing_is_asked_for_in_writing_or_by_form(protocol: Protocol, steps: tuple[Step, ...]) -> None:
    """NOR-11: what other boards have, this guide has not."""
    assert (protocol.asks, protocol.closing.confirmation, protocol.closing.read_back) == ((), None, None)
    assert not any(step.reasons_from for step in steps)


def test_people_are_told_when_to_use_it_and_what_comes_first(protocol: Protocol) -> None:
    """NOR-01, NOR-02."""
    told = " ".join(statement.text for statement in protocol.guidance)
    assert "cannot resolve at the front line" in told
    assert "The child's welfare and safety come first" in told


def test_what_is_left_open_has_a_default(protocol: Protocol) -> None:
    assert {choice.id: (choice.options, choice.default) for choice in protocol.choices} == {
        "A-01": (("form_received", "step_reached", "decision_made"), "form_received"),
        "A-03": (("one_working_day", "end_of_next_working_day"), "one_working_day"),
        "A-15": (("board_decides", "last_step_goes_on"), "board_decides"),
    }


def test_the_guide_to_writing_a_protocol_shows_this_very_file(protocol: Protocol) -> None:
    """docs/protocols/writing.md works this document through: what it shows is what the file says, and what comes of it."""
    guide = (ROOT / "docs/protocols/writing.md").read_text(encoding="utf-8")
    file = (PACKAGED / "northamptonshire.yaml").read_text(encoding="utf-8").splitlines()
    shown = [line for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) for line in block.splitlines() if line]
    assert len(shown) > 40
    assert [line for line in shown if line not in file] == []
    assert due(protocol, 1).explanation in " ".join(guide.replace("\n> ", " ").split())
