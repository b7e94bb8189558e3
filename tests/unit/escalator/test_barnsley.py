"""Barnsley's ladders against the document, typed a second time from its section 3."""

import pytest

from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side, Writing
from services.escalator.loader import packaged_protocols
from services.escalator.people import Contact
from services.escalator.protocol import Protocol
from tests.cases import RAISER, everybody, start
from tests.unit.escalator.reading import Row, as_read
from tests.unit.escalator.story import Story

N, W = Writing.NONE, Writing.WRITTEN
LINE_OR_LEAD = "Line manager / Agency safeguarding lead"
UP_THE_LINE = "Senior manager / Member of the management committee / Designated lead"
REQUESTER = "Worker / Senior manager / Agency safeguarding lead"

LADDERS = {
    "BAR-S1": [
        Row("Worker |", "Co-worker |", None, N, "paragraph 3.5"),
        Row("Worker | Worker", "| Worker", None, W, "paragraph 3.7(a) and (b)"),
        Row(f"Worker / {LINE_OR_LEAD} |", f"| {LINE_OR_LEAD}", None, N, "paragraph 3.7(d)"),
        Row(f"{LINE_OR_LEAD} |", f"{UP_THE_LINE} | Service Manager", None, N, "paragraphs 3.6 and 3.7(e)"),
        Row(f"{UP_THE_LINE} |", "| Head of Safeguarding within Children's Social Care", None, N, "paragraph 3.7(f)"),
    ],
    "BAR-S2": [
        Row(f"{REQUESTER} |", "| Social Work Team Manager", None, N, "paragraph 3.8"),
        Row(f"{REQUESTER} | Social Work Team Manager", "| Social Work Team Manager", None, N, "paragraph 3.9"),
    ],
}


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return packaged_protocols()["barnsley"]


def test_each_row_has_the_facts_of_the_page(protocol: Protocol) -> None:
    assert {ladder.id: [as_read(protocol, step) for step in ladder.steps] for ladder in protocol.ladders} == LADDERS


def test_the_five_areas_and_any_other_lead_to_the_first_ladder(protocol: Protocol) -> None:
    """BAR-02: most likely are five."""
    assert protocol.ladder("BAR-S1").areas == (
        "referral_criteria",
        "assessment_outcome",
        "roles_and_responsibilities",
        "service_provision",
        "information_sharing",
        "other",
    )


def test_both_sides_reasons_are_put_in_writing(protocol: Protocol) -> None:
    """BAR-13: the only step that asks for writing; who guides it is said."""
    action = protocol.ladder("BAR-S1").step(2).action
    assert "Both agencies put clear reasons for their safeguarding approach in writing, as their line managers guide" in action
    assert action.startswith("Unless the child is at immediate risk")  # BAR-12


def test_co_workers_are_consulted_before_the_other_agency_hears_of_it() -> None:
    """BAR-10."""
    story = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    assert story.asked() == {Side.RAISING: {RAISER.address, "co_worker@school.example"}, Side.OTHER: set()}


def test_a_management_committee_may_take_the_senior_managers_place(protocol: Protocol) -> None:
    """BAR-11, BAR-16."""
    assert "management_committee_member" in protocol.ladder("BAR-S1").step(4).people(Side.RAISING)


def test_where_the_head_of_safeguarding_is_of_neither_agency_the_board_is_asked() -> None:
    """BAR-17, A-28: nobody of an agency that is not involved is told of a child by Concord itself."""
    head = "head_of_safeguarding"
    elsewhere = Contact(agency="Third Directorate", role=head, name="Toni Marsh", address="toni@third.example")
    contacts = (*(one for one in everybody("barnsley") if one.role != head), elsewhere)
    story = Story(start("BAR-S1", on="barnsley", other_worker="worker of Social Care"), contacts)
    for _ in range(4):
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert (story.case.step, story.asked()[Side.OTHER]) == (5, set())
    assert [alert.facts["what"] for alert in story.notices("board_alert")] == ["nobody_on_file"]
    assert elsewhere.address not in {notice.to.address for notice in story.messages if isinstance(notice, SendNotice)}


def test_a_request_for_a_conference_names_the_procedures_we_do_not_hold(protocol: Protocol) -> None:
    """BAR-21, A-35."""
    procedure = protocol.ladder("BAR-S2").local_procedure
    assert procedure is not None
    assert procedure.title == "South Yorkshire Child Protection Procedures (2011), section 6.19"
    assert "with the support of a senior manager or your safeguarding lead" in protocol.ladder("BAR-S2").step(1).action


def test_nothing_is_left_open_about_a_time_that_is_not_stated(protocol: Protocol) -> None:
    """BAR-20. A-04 is what every protocol must have."""
    assert [choice.id for choice in protocol.choices] == ["A-04"]
