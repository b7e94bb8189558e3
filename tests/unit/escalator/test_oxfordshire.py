"""Oxfordshire's ladders against the document, typed a second time from its chapter 6.2."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.vocabulary import Side, Writing
from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.ladders import Unit, Within
from services.escalator.loader import packaged_protocols
from services.escalator.protocol import Protocol
from services.escalator.times import deadline
from tests.unit.escalator.reading import Row, as_read

CALENDAR = make_calendar(WorkingHours(), 2026, 2027)

N = Writing.NONE
LINE, HIGHER = "Line manager", "Manager further up the line"
SQA = "Service Manager, Safeguarding and Quality Assurance"
CYPF = "Manager in Children, Young People and Families"
CHAIR = "Independent Conference Chair"
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
    "OXF-S4A": [
        Row(f"Professional | {CHAIR}", f"| {CHAIR}", None, N, "chapter 6.2, 4.1 and 4.2"),
        Row("Professional |", f"| {SQA}", None, N, "chapter 6.2, 4.3, first sentence"),
        Row(f"Professional | {SQA}", f"{LINE} | {CHAIR}", None, N, "chapter 6.2, 4.3, second sentence"),
        *remaining(f"{LINE} | {SQA}"),
    ],
    "OXF-S4": [
        Row("Professional |", f"| {SQA}", "1 working days", N, "chapter 6.2, 4.3, first sentence"),
        Row(f"Professional | {SQA}", f"{LINE} | {CHAIR}", None, N, "chapter 6.2, 4.3, second sentence"),
        *remaining(f"{LINE} | {SQA}"),
    ],
    "OXF-S5": [
        Row(f"{LINE} | {LINE}", f"| {LINE}", None, N, "chapter 6.2, 5.2"),
        Row(f"{LINE} | {LINE}", f"{HIGHER} | {HIGHER}", "without delay", N, "chapter 6.2, 5.3"),
        *remaining(f"{HIGHER} | {HIGHER}"),
    ],
}

AREAS = {"OXF-S2": 6, "OXF-S3": 2, "OXF-S4A": 1, "OXF-S4": 1, "OXF-S5": 2}


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


MEETINGS = {  # who coordinates it, whether it must be held, and where that stands
    ("OXF-S2", 2): ("line_manager", False, "chapter 6.2, section 1, last line"),
    ("OXF-S2", 3): ("line_manager", False, "chapter 6.2, 2.7, first sentence"),
    ("OXF-S4A", 3): ("sqa_service_manager", True, "chapter 6.2, 4.3, second sentence"),
    ("OXF-S4", 2): ("sqa_service_manager", True, "chapter 6.2, 4.3, second sentence"),
    ("OXF-S5", 1): ("line_manager", False, "chapter 6.2, section 1, last line"),
}


def test_meetings_are_considered_and_after_a_conference_one_must_be_held(protocol: Protocol) -> None:
    """OXF-07, OXF-14, OXF-23, A-26."""
    assert {
        (ladder.id, step.number): (step.meeting.coordinator, step.meeting.must, step.meeting.source)
        for ladder in protocol.ladders
        for step in ladder.steps
        if step.meeting
    } == MEETINGS
    assert "consider an urgent meeting of everybody involved" in protocol.ladder("OXF-S2").step(3).action


def test_the_meeting_after_a_conference_has_the_three_people_of_the_page(protocol: Protocol) -> None:
    """OXF-23: the dissenting professional, their line manager and the chair; the Service Manager coordinates it."""
    for ladder, number in (("OXF-S4", 2), ("OXF-S4A", 3)):
        step = protocol.ladder(ladder).step(number)
        assert set(step.people(Side.RAISING)) == {"professional", "line_manager"}
        assert set(step.people(Side.OTHER)) == {"independent_conference_chair", "sqa_service_manager"}


def test_a_supported_request_should_normally_be_agreed(protocol: Protocol) -> None:
    """OXF-18."""
    assert "Designated or Named Professional supports should normally be agreed" in protocol.ladder("OXF-S3").step(1).action


def test_the_service_manager_is_consulted_before_the_decision(protocol: Protocol) -> None:
    """OXF-19."""
    action = protocol.ladder("OXF-S3").step(2).action
    assert "always consults" in action
    assert "before a final decision is made" in action


def test_who_may_decide_and_who_is_consulted_before(protocol: Protocol) -> None:
    """OXF-19, OXF-20: the manager, once the Service Manager was consulted; the chair, whose decision may be challenged for a day."""
    decisions = {
        (ladder.id, step.number): step.decision for ladder in protocol.ladders for step in ladder.steps if step.decision
    }
    assert set(decisions) == {("OXF-S3", 2), ("OXF-S4A", 1)}
    final, chairs = decisions["OXF-S3", 2], decisions["OXF-S4A", 1]
    assert (final.by, final.side, final.consult, final.challenge_within) == (
        "cypf_manager",
        Side.OTHER,
        "sqa_service_manager",
        None,
    )
    assert (chairs.by, chairs.side, chairs.consult) == ("independent_conference_chair", Side.OTHER, None)
    assert chairs.challenge_within == Within(kind=Unit.WORKING_DAYS, amount=1)  # OXF-22
    assert final.source == "chapter 6.2, 3.2, second sentence"
    assert chairs.source == "chapter 6.2, 4.1 to 4.3, first sentence"


def test_whether_to_challenge_further_is_asked(protocol: Protocol) -> None:
    """OXF-21."""
    assert "say whether you challenge the decision further" in protocol.ladder("OXF-S4A").step(1).action


def test_the_chairs_powers_stand_in_a_section_we_do_not_hold(protocol: Protocol) -> None:
    """OXF-20, A-35."""
    procedure = protocol.ladder("OXF-S4A").local_procedure
    assert procedure is not None
    assert procedure.title.startswith("Section 13.4 of the Initial Child Protection Conference Procedure")


def test_the_childs_protection_beats_the_table_and_an_infants_injury_is_immediate(protocol: Protocol) -> None:
    """OXF-04, OXF-05."""
    assert protocol.protection is not None
    assert "within the time in which the child needs protection" in protocol.protection.text
    assert "infant or young child" in protocol.protection.text
    assert protocol.protection.text.endswith("resolve it immediately.")
    assert protocol.protection.source == "chapter 6.2, section 1, fourth paragraph"


def test_who_may_be_consulted(protocol: Protocol) -> None:
    """OXF-06: four consultees, whatever the sector; they may be."""
    assert protocol.advice is not None
    assert set(protocol.names(protocol.advice.roles)) == {"Named Professional", "Designated Professional", CHAIR, SQA}
    assert (protocol.advice.duty, protocol.advice.sectors) == ("may", ())


def test_in_health_and_education_the_same_professionals_may_be_asked_as_well(protocol: Protocol) -> None:
    """OXF-13, OXF-27, A-23: section 1 lets everybody consult them, so these two paragraphs take nothing away."""
    told = next(one.text for one in protocol.guidance if one.source == "chapter 6.2, 2.6 and 5.4")
    assert told == "In health and education, advice may be sought from the Designated or Named Professional as well."


@pytest.mark.parametrize("role", ["sqa_service_manager", "board_core_group"])
def test_who_is_of_neither_agency_is_found_wherever_they_are(protocol: Protocol, role: str) -> None:
    """OXF-22, OXF-23, OXF-29."""
    assert protocol.roles[role].anywhere


def test_who_supports_a_request_is_asked(protocol: Protocol) -> None:
    """OXF-18."""
    assert {asked.field: asked.source for asked in protocol.asks}["supporter"] == "chapter 6.2, 3.2, first sentence"


def test_who_may_ask_for_a_conference_is_told(protocol: Protocol) -> None:
    """OXF-17."""
    told = next(one.text for one in protocol.guidance if one.source == "chapter 6.2, 3.1")
    assert "most involved with the child and family" in told
    assert "took part in a Child Protection Assessment" in told


def test_inaction_is_a_disagreement_here(protocol: Protocol) -> None:
    """OXF-02, OXF-24, A-24: Birmingham sends it elsewhere."""
    assert protocol.redirects == ()
    assert "lack of actions" in protocol.areas["decisions"]


def test_every_ladder_ends_at_the_representatives_and_the_core_group(protocol: Protocol) -> None:
    """OXF-28, OXF-29."""
    for ladder in protocol.ladders:
        *_, representatives, core_group = ladder.steps
        assert representatives.with_.raising == representatives.with_.other == ("board_representative",)
        assert core_group.with_.other == ("board_core_group",)


def test_how_a_case_ends(protocol: Protocol) -> None:
    """OXF-15, OXF-16, OXF-29: agreed actions are recorded, the planning meeting is held again, lessons go to the Core Group."""
    closing = protocol.closing
    assert closing.read_back is not None
    assert (closing.read_back.parts, closing.read_back.source) == (("actions",), "chapter 6.2, 2.7, third sentence")
    assert closing.planning_meeting is not None
    assert "so that the parents and child take part" in closing.planning_meeting.text
    assert closing.planning_meeting.source == "chapter 6.2, 2.7, last sentence"
    assert closing.learning is not None
    assert (closing.learning.to, closing.learning.only_if_followed) == (
        "The Oxfordshire Safeguarding Children Board's Core Group",
        False,
    )
    assert "whether there should be a Case Review" in closing.learning.text


def test_what_this_document_does_not_have_is_not_made_up(protocol: Protocol) -> None:
    """It lets nobody pass over a step, asks for nothing in writing, and has no outcome for want of another (A-31)."""
    assert (protocol.bypass, protocol.still_at_risk, protocol.closing.debrief, protocol.closing.review_conference) == (
        None,
        None,
        None,
        None,
    )
    assert not any(ladder.default_outcome for ladder in protocol.ladders)
    assert not any(step.reasons_from for ladder in protocol.ladders for step in ladder.steps)


@pytest.mark.parametrize(
    ("choices", "due"),
    [
        ({}, datetime(2026, 12, 4, 12, 0, tzinfo=UTC)),
        ({"A-03": "end_of_next_working_day"}, datetime(2026, 12, 4, 17, 0, tzinfo=UTC)),
        ({"A-01": "form_received"}, datetime(2026, 12, 4, 15, 0, tzinfo=UTC)),
    ],
)
def test_dissent_has_one_working_day_from_the_chairs_decision(choices: dict[str, str], due: datetime) -> None:
    """OXF-22, A-01, A-03: decided at noon on a Thursday, and raised at three."""
    protocol = packaged_protocols()["oxfordshire"].with_choices(choices)
    raised = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
    found = deadline(
        protocol,
        protocol.ladder("OXF-S4"),
        1,
        raised_at=raised,
        step_reached_at=raised,
        calendar=CALENDAR,
        decided_at=datetime(2026, 12, 3, 12, 0, tzinfo=UTC),
    )
    assert found.at == due


def test_the_two_sides_agree_a_time_and_never_a_longer_one_than_the_board_lets_pass(protocol: Protocol) -> None:
    """OXF-10, A-25: raised at five past two on a Friday, so two working days end on the Tuesday."""
    raised = datetime(2026, 12, 4, 14, 5, tzinfo=UTC)

    def due(agreed: datetime | None) -> datetime | None:
        return deadline(
            protocol,
            protocol.ladder("OXF-S2"),
            1,
            raised_at=raised,
            step_reached_at=raised,
            calendar=CALENDAR,
            agreed=agreed,
        ).at

    assert raised.strftime("%A %H:%M") == "Friday 14:05"
    longest = datetime(2026, 12, 8, 14, 5, tzinfo=UTC)
    monday = datetime(2026, 12, 7, 12, 0, tzinfo=UTC)
    assert (due(None), due(monday), due(longest + timedelta(days=1))) == (longest, monday, longest)


def test_what_is_left_open_and_what_holds_until_the_board_says_otherwise(protocol: Protocol) -> None:
    assert {choice.id: choice.value for choice in protocol.choices} == {
        "A-01": "decision_made",
        "A-03": "one_working_day",
        "A-06": "60",
        "A-15": "board_decides",
        "A-25": "2",
        "A-27": "one_for_each_agency",
    }
