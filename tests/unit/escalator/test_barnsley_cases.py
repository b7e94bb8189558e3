"""What Barnsley's document asks for beside its ladders, as it happens in a case."""

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.escalator import (
    CaseClosed,
    FollowUpBegun,
    RequirementNotMet,
    StandInAsked,
    StepBypassed,
)
from services.contracts.vocabulary import Ending, Person, ReplyAct, Sector
from tests.cases import INBOX, everybody, start
from tests.unit.escalator.board_stories import OTHER, RAISING, holder, only, story, unresolved, why_not
from tests.unit.escalator.story import Story


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
        if line.agency == "Social Care" or line.role not in {"senior_manager", "designated_lead"}
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


def test_a_disagreement_within_one_agency_stays_in_it_until_the_head_of_safeguarding() -> None:
    """BAR-02: the other side of every step but the last is of the raiser's own agency."""
    head = "head_of_safeguarding"
    contacts = tuple(line for line in everybody("barnsley") if line.role != head or line.agency == "Social Care")
    told = story("barnsley", "BAR-S3", contacts=contacts, other_worker="worker of Demo School")
    asked = []
    for _ in range(5):
        asked.append(told.asked()[OTHER])
        unresolved(told)
    assert asked == [
        set(),
        {"worker@school.example"},
        {"line_manager@school.example", "safeguarding_lead@school.example"},
        {
            "line_manager@school.example",
            "safeguarding_lead@school.example",
            "senior_manager@school.example",
            "designated_lead@school.example",
        },
        {"senior_manager@school.example", "designated_lead@school.example", "head_of_safeguarding@care.example"},
    ]
