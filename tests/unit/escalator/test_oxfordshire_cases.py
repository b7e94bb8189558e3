"""What Oxfordshire's document asks for beside its ladders, as it happens in a case."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import (
    DecisionMade,
    FollowUpBegun,
    RequirementNotMet,
)
from services.contracts.vocabulary import Ending, Person, ReplyAct
from tests.cases import RAISED_AT, everybody
from tests.unit.escalator.board_stories import OTHER, RAISING, holder, only, story, unresolved, why_not
from tests.unit.escalator.story import Story


def test_a_final_decision_about_a_conference_waits_for_the_service_manager() -> None:
    """OXF-19."""
    told = story("oxfordshire", "OXF-S3")
    unresolved(told)
    manager = holder("cypf_manager")
    told.says(ReplyAct.DECISION, OTHER, by=manager)
    assert "must be consulted before a final decision (chapter 6.2, 3.2, second sentence)" in why_not(told)
    told.says(ReplyAct.CONSULTED, OTHER, by=manager)
    told.says(ReplyAct.DECISION, OTHER, by=manager)
    assert told.state() == "decided"


def conference_decided() -> Story:
    told = story("oxfordshire", "OXF-S4A")
    told.says(ReplyAct.DECISION, OTHER, by=holder("independent_conference_chair"))
    return told


def test_a_chairs_decision_may_be_challenged_for_one_working_day() -> None:
    """OXF-20 to OXF-22: decided at five past two on a Friday."""
    told = conference_decided()
    decision = only(told, DecisionMade)
    assert decision.challenge_by == datetime(2026, 12, 7, 14, 5, tzinfo=UTC)
    told.says(ReplyAct.DISSENT, RAISING)
    told.says(ReplyAct.CHALLENGE, RAISING)
    assert (told.case.step, told.asked()[OTHER]) == (2, {"sqa_service_manager@care.example"})


def test_silence_after_a_chairs_decision_is_no_acceptance() -> None:
    """OXF-21, OXF-22."""
    told = conference_decided()
    told.wait_until(RAISED_AT + timedelta(days=4))
    assert (told.case.step, told.case.why) == (2, "deadline_missed")


def test_a_meeting_that_must_be_held_and_was_not_is_in_the_record() -> None:
    """OXF-23."""
    told, held = story("oxfordshire", "OXF-S4"), story("oxfordshire", "OXF-S4")
    for one in (told, held):
        unresolved(one)
    held.says(ReplyAct.MEETING, OTHER, by=holder("sqa_service_manager"), moment=RAISED_AT + timedelta(days=1))
    for one in (told, held):
        unresolved(one)
    missed = only(told, RequirementNotMet)
    assert (missed.step, missed.what) == (2, "The meeting was not held.")
    assert "RequirementNotMet" not in held.facts()


@pytest.mark.parametrize("role", ["sqa_service_manager", "board_core_group"])
def test_who_is_of_neither_agency_is_found_where_they_are(role: str) -> None:
    """OXF-22, OXF-23, OXF-29."""
    there = ContactLine(agency="Third Directorate", role=role, name="Toni Marsh", address="toni@third.example")
    contacts = (*(line for line in everybody("oxfordshire") if line.role != role), there)
    told = story("oxfordshire", "OXF-S4", contacts=contacts)
    if role == "board_core_group":
        unresolved(told, 3)
    assert told.asked()[OTHER] == {"toni@third.example"}


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ({"injury_to_infant": True}, RAISED_AT + timedelta(minutes=60)),
        (
            {"needed_by": RAISED_AT + timedelta(hours=3)},
            RAISED_AT + timedelta(minutes=36),
        ),  # an equal part for each of five steps
        ({}, datetime(2026, 12, 8, 14, 5, tzinfo=UTC)),
    ],
)
def test_what_the_child_needs_beats_the_time_the_sides_may_agree(written: dict[str, Any], due: datetime) -> None:
    """OXF-04, OXF-05, A-06, A-25."""
    assert story("oxfordshire", "OXF-S2", **written).case.deadline.at == due


def test_the_two_sides_agree_the_time_of_the_first_step() -> None:
    """OXF-10."""
    told = story("oxfordshire", "OXF-S2")
    sooner = RAISED_AT + timedelta(hours=20)
    told.says(ReplyAct.TIME_PROPOSED, RAISING, moment=sooner)
    told.says(ReplyAct.TIME_AGREED, OTHER)
    assert told.case.deadline.at == sooner


@pytest.mark.parametrize(("choices", "state"), [({}, "confirming"), ({"A-27": "any_one"}, "following_up")])
def test_each_agency_involved_has_its_own_word(choices: dict[str, str], state: str) -> None:
    """OXF-11, OXF-28, A-27: the police are a third agency, and have not confirmed yet."""
    police = ContactLine(agency="Police", role="professional", name="Pat Dean", address="pat@police.example")
    told = story(
        "oxfordshire",
        "OXF-S2",
        contacts=(*everybody("oxfordshire"), police),
        further_agencies=("Police",),
        choices=choices,
    )
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING)
    told.says(ReplyAct.CONFIRMED, RAISING)
    told.says(ReplyAct.CONFIRMED, OTHER, by=holder("professional"))
    assert told.state() == state
    if state == "confirming":
        told.says(ReplyAct.CONFIRMED, OTHER, by=Person(name="Pat Dean", address="pat@police.example", agency="Police"))
    assert told.case.how is Ending.CONFIRMED


def test_the_planning_meeting_is_asked_about_until_it_was_held() -> None:
    """OXF-16."""
    told = story("oxfordshire", "OXF-S5")
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING)
    told.says(ReplyAct.CONFIRMED, RAISING)
    told.says(ReplyAct.CONFIRMED, OTHER)
    begun = only(told, FollowUpBegun)
    assert [(item.kind, item.paragraph) for item in begun.items] == [("planning_meeting", "chapter 6.2, 2.7, last sentence")]
    asked = len(told.notices("asked"))
    told.wait_until(told.now + timedelta(days=8))
    assert len(told.notices("asked")) > asked
    told.says(ReplyAct.DONE, RAISING, number=1)
    assert told.state() == "closed"
