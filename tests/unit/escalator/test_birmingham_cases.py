"""What Birmingham's document asks for beside its ladders, as it happens in a case."""

import pytest

from services.contracts.escalator import (
    CaseRedirected,
    DecisionMade,
    DissentRecorded,
    LearningReferred,
)
from services.contracts.vocabulary import Ending, ReplyAct, Side
from tests.cases import INBOX, RAISER
from tests.unit.escalator.board_stories import OTHER, RAISING, holder, only, story, why_not
from tests.unit.escalator.story import Story


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
