"""What Birmingham's, Oxfordshire's and Barnsley's documents ask for beside their ladders, as it happens in a case."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import (
    ActNotTaken,
    CaseClosed,
    CaseEvent,
    CaseRedirected,
    DecisionMade,
    DissentRecorded,
    FollowUpBegun,
    LearningReferred,
    RequirementNotMet,
    StandInAsked,
    StepBypassed,
)
from services.contracts.vocabulary import Ending, Person, ReplyAct, Sector, Side
from tests.cases import INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

RAISING, OTHER = Side.RAISING, Side.OTHER

Fact = TypeVar("Fact", bound=CaseEvent)


def story(board: str, ladder: str, *, contacts: tuple[ContactLine, ...] | None = None, **more: Any) -> Story:
    """A case with everybody on file, and the first raiser's role of the other agency named on the form."""
    named = {"birmingham": "practitioner", "oxfordshire": "professional", "barnsley": "worker"}[board]
    begun = start(ladder, on=board, **{"other_worker": f"{named} of Social Care", **more})
    return Story(begun, contacts or everybody(board))


def holder(role: str, name: str = "") -> Person:
    """Whoever holds this role at the other agency."""
    return Person(name=f"{role} of Social Care", address=f"{role}@care.example", role=name, agency="Social Care")


def unresolved(told: Story, times: int = 1) -> None:
    for _ in range(times):
        told.says(ReplyAct.NOT_RESOLVED, RAISING)


def only(told: Story, kind: type[Fact]) -> Fact:
    """The one fact of this kind."""
    (fact,) = [message for message in told.messages if isinstance(message, kind)]
    return fact


def why_not(told: Story) -> str:
    """Why the latest act was not taken."""
    return [message.reason for message in told.messages if isinstance(message, ActNotTaken)][-1]


# Birmingham


@pytest.mark.parametrize("ladder", ["BIR-S2", "BIR-S6", "BIR-S1"])
def test_a_plan_not_carried_out_starts_no_tier_and_tells_nobody_else(ladder: str) -> None:
    """BIR-05, BIR-06."""
    told = story("birmingham", ladder, area="plan_not_carried_out")
    redirected = only(told, CaseRedirected)
    assert (told.state(), told.steps(), redirected.paragraph) == ("redirected", [], "section 33, 1.2")
    assert redirected.route == "the core group; the child protection conference; a manager in the relevant agency"
    assert set(told.told("asked")) == {RAISER.address}


def chair_has_decided() -> Story:
    told = story("birmingham", "BIR-S3")
    told.says(ReplyAct.DECISION, OTHER, by=holder("strategy_discussion_chair"))
    return told


def test_only_the_chair_of_a_strategy_discussion_decides() -> None:
    """BIR-19."""
    told = story("birmingham", "BIR-S3")
    told.says(ReplyAct.DECISION, RAISING)
    assert "Chair of the strategy discussion" in why_not(told)
    assert only(chair_has_decided(), DecisionMade).paragraph == "section 33, 4.3, second sentence"


def test_dissent_from_the_chair_is_recorded_and_the_decision_may_stand() -> None:
    """BIR-19: no time to challenge is stated, and silence is no acceptance."""
    told = chair_has_decided()
    told.says(ReplyAct.DISSENT, RAISING)
    dissent = only(told, DissentRecorded)
    assert (dissent.by.address, told.state()) == (RAISER.address, "decided")
    told.says(ReplyAct.NO_CHALLENGE, RAISING)
    assert told.case.how is Ending.IMPOSED


def test_whoever_dissents_from_the_chair_may_take_it_to_senior_colleagues() -> None:
    """BIR-14."""
    told = chair_has_decided()
    told.says(ReplyAct.DISSENT, RAISING)
    told.says(ReplyAct.CHALLENGE, RAISING)
    assert (told.case.step, told.case.why) == (2, "challenged")
    assert told.asked()[OTHER] == {"senior_colleague@care.example", "experienced_colleague@care.example"}


@pytest.mark.parametrize("missing", ["risk", "depends_on", "actions"])
def test_an_outcome_that_is_not_repeated_back_in_full_is_sent_back(missing: str) -> None:
    """BIR-10."""
    told = story("birmingham", "BIR-S1")
    parts = tuple(part for part in ("agreed", "risk", "depends_on", "actions") if part != missing)
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING, parts=parts)
    assert "section 33, 2.2" in why_not(told)
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING, parts=(*parts, missing))
    assert told.state() == "confirming"


def test_both_sides_may_confirm_how_they_work_while_they_disagree() -> None:
    """BIR-07."""
    told = story("birmingham", "BIR-S1")
    parts = ("agreed", "working_arrangement", "risk", "depends_on", "actions")
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING, parts=parts)
    told.says(ReplyAct.CONFIRMED, RAISING)
    told.says(ReplyAct.CONFIRMED, OTHER)
    assert (told.state(), told.case.how) == ("closed", Ending.WORKING_ARRANGEMENT)


@pytest.mark.parametrize("side", [RAISING, OTHER])
def test_anybody_who_took_part_refers_wider_implications_to_the_board(side: Side) -> None:
    """BIR-15, BIR-20."""
    told = story("birmingham", "BIR-S3")
    told.says(ReplyAct.LEARNING, side)
    referred = only(told, LearningReferred)
    assert (referred.to, referred.paragraph) == (
        "Birmingham Safeguarding Children Board",
        "section 33, 3.1, fifth point, and 4.3",
    )
    assert INBOX in told.told("told")


def test_advice_is_asked_of_the_safeguarding_professionals_of_ones_own_agency() -> None:
    """BIR-17, A-23: and the step goes on."""
    told = story("birmingham", "BIR-S2")
    told.says(ReplyAct.ADVICE_WANTED, RAISING)
    assert {"designated_professional@school.example", "named_professional@school.example"} <= set(told.told("asked"))
    assert not [address for address in told.told("asked") if address.endswith("care.example")]
    assert (told.state(), told.case.step) == ("open", 1)


# Oxfordshire


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


# Barnsley


def test_two_people_need_not_talk_first_where_a_child_is_at_immediate_risk() -> None:
    """BAR-12."""
    told = story("barnsley", "BAR-S1", immediate_danger=True)
    unresolved(told)
    assert (told.case.step, told.case.why) == (3, "at_risk")


def test_reasons_that_one_side_did_not_give_in_writing_are_in_the_record() -> None:
    """BAR-13."""
    told, given = story("barnsley", "BAR-S1"), story("barnsley", "BAR-S1")
    for one in (told, given):
        unresolved(one)
    given.says(ReplyAct.RESPONSE, OTHER)
    for one in (told, given):
        unresolved(one)
    assert "The other side gave no reasons in writing." in [
        message.what for message in told.messages if isinstance(message, RequirementNotMet)
    ]
    assert "The other side gave no reasons in writing." not in [
        message.what for message in given.messages if isinstance(message, RequirementNotMet)
    ]


@pytest.mark.parametrize(("choices", "first"), [({}, 3), ({"A-29": "one_for_each_side"}, 4)])
def test_a_step_is_passed_over_when_everybody_whose_consent_counts_has_agreed(choices: dict[str, str], first: int) -> None:
    """BAR-08, A-29: at step 3 there are four people beside whoever asks."""
    told = story("barnsley", "BAR-S1", choices=choices)
    unresolved(told, 2)
    told.says(ReplyAct.BYPASS_ASKED, RAISING)
    told.says(ReplyAct.BYPASS_AGREED, OTHER, by=holder("line_manager"))
    assert told.case.step == first
    if first == 4:
        return
    told.says(ReplyAct.BYPASS_AGREED, OTHER, by=holder("safeguarding_lead"))
    for role in ("line_manager", "safeguarding_lead"):
        assert told.case.step == 3
        own = Person(name=f"{role} of Demo School", address=f"{role}@school.example", agency="Demo School")
        told.says(ReplyAct.BYPASS_AGREED, RAISING, by=own)
    passed = only(told, StepBypassed)
    assert (told.case.step, len(passed.agreed_by), passed.paragraph) == (4, 5, "paragraph 3.3")


@pytest.mark.parametrize(("choices", "state"), [({}, "last_tier_passed"), ({"A-28": "same_step"}, "open")])
def test_childrens_social_care_does_not_end_at_its_own_head_unless_the_board_says_so(
    choices: dict[str, str], state: str
) -> None:
    """BAR-17, A-28."""
    begun = start("BAR-S1", on="barnsley", choices=choices, other_worker="worker of Social Care")
    told = Story(begun.model_copy(update={"own_sector": Sector.SOCIAL_CARE}), everybody("barnsley"))
    unresolved(told, 4)
    assert told.state() == state


def test_the_head_of_safeguarding_is_found_where_they_are() -> None:
    """BAR-17."""
    role = "head_of_safeguarding"
    there = ContactLine(agency="Third Directorate", role=role, name="Toni Marsh", address="toni@third.example")
    contacts = (*(line for line in everybody("barnsley") if line.role != role), there)
    told = story("barnsley", "BAR-S1", contacts=contacts)
    unresolved(told, 4)
    assert (told.case.step, told.asked()[OTHER]) == (5, {"toni@third.example"})


@pytest.mark.parametrize(
    ("sector", "asked"), [(Sector.VCF, "management_committee_member"), (Sector.EDUCATION, "safeguarding_lead")]
)
def test_the_management_committee_stands_in_for_a_senior_manager_in_one_sector_only(sector: Sector, asked: str) -> None:
    """BAR-11, BAR-16."""
    contacts = tuple(
        line.model_copy(update={"sector": sector if line.agency == "Demo School" else Sector.SOCIAL_CARE})
        for line in everybody("barnsley")
        if line.role not in {"senior_manager", "designated_lead", "line_manager", "safeguarding_lead"}
        or line.agency == "Social Care"
        or line.role == "safeguarding_lead"
    )
    told = story("barnsley", "BAR-S1", contacts=contacts)
    unresolved(told, 4)
    assert told.case.step == 5
    assert f"{asked}@school.example" in told.asked()[RAISING]
    hops = [message.hop for message in told.messages if isinstance(message, StandInAsked) and message.step == 5]
    assert hops == ["substitute" if sector is Sector.VCF else "safeguarding_lead"]


def test_whoever_still_believes_the_child_is_at_risk_tells_three_at_once() -> None:
    """BAR-05."""
    told = story("barnsley", "BAR-S1")
    told.says(ReplyAct.STILL_AT_RISK, RAISING)
    assert {
        "line_manager@school.example",
        "head_of_childrens_social_care@care.example",
        "head_of_safeguarding@care.example",
    } <= set(told.told("told"))
    assert told.told("board_alert") == [INBOX]
    assert (told.state(), told.case.step) == ("open", 1)


def test_a_conference_is_held_where_nobody_agrees_and_asked_about_until_it_was() -> None:
    """BAR-22."""
    told = story("barnsley", "BAR-S2")
    unresolved(told, 2)
    closed, begun = only(told, CaseClosed), only(told, FollowUpBegun)
    assert (closed.how, closed.outcome) == (Ending.DEFAULT_OUTCOME, None)
    assert [(item.kind, item.owner) for item in begun.items] == [("conference", "Social Work Team Manager")]
    told.says(ReplyAct.DONE, OTHER, number=1)
    assert told.state() == "closed"


def test_an_outcome_says_what_is_outstanding_and_a_debrief_is_offered() -> None:
    """BAR-19, BAR-26."""
    told = story("barnsley", "BAR-S1")
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING, parts=("agreed",))
    assert "paragraph 3.7(g), second sentence" in why_not(told)
    told.says(ReplyAct.OUTCOME_PROPOSED, RAISING)
    told.says(ReplyAct.CONFIRMED, RAISING)
    told.says(ReplyAct.CONFIRMED, OTHER)
    assert told.state() == "closed"
    assert any("paragraph 3.12" in str(notice.facts["lines"]) for notice in told.notices("told"))
