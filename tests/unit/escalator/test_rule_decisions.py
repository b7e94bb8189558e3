"""Somebody decides who may: consultation first, dissent with reasons, challenge and its time (BIR-19, OXF-19 to OXF-23)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.contracts.escalator import CaseClosed, DecisionMade, DissentRecorded
from services.contracts.vocabulary import Ending, Person, ReplyAct, Side
from tests.cases import RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story


def person(role: str) -> Person:
    return Person(name=f"{role} of Social Care", address=f"{role}@care.example")


CHAIR = person("strategy_discussion_chair")
CONFERENCE_CHAIR = person("independent_conference_chair")


def strategy() -> Story:
    return Story(start("BIR-S3", on="birmingham"), everybody("birmingham"))


def conference() -> Story:
    return Story(start("OXF-S4A", on="oxfordshire"), everybody("oxfordshire"))


def refusal(story: Story) -> str:
    return str(story.last("act_not_taken").facts["reason"])


def test_the_chair_decides_and_the_other_side_accepts() -> None:
    """BIR-19: the case ends by a named exception."""
    story = strategy()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CHAIR)
    assert story.state() == "decided"
    assert story.last("outcome_proposed").facts["imposed"] is True
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    assert story.case.how is Ending.IMPOSED


def test_only_who_may_decides() -> None:
    story = strategy()
    for side, by in ((Side.RAISING, RAISER), (Side.OTHER, Person(name="Else", address="else@care.example"))):
        story.says(ReplyAct.DECISION, side, by=by)
        assert "only one person may decide" in refusal(story)
    assert story.state() == "open"


def test_where_the_protocol_lets_nobody_decide_nobody_does() -> None:
    story = Story()
    story.says(ReplyAct.DECISION, Side.OTHER)
    assert "lets nobody decide" in refusal(story)


def test_dissent_is_recorded_with_its_reasons_and_may_be_challenged() -> None:
    """BIR-19, OXF-20, OXF-21: the dissenter says whether they take it further."""
    story = conference()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CONFERENCE_CHAIR)
    story.says(ReplyAct.DISSENT, Side.RAISING)
    assert [m.by.address for m in story.messages if isinstance(m, DissentRecorded)] == [RAISER.address]
    assert "CHALLENGE" in str(story.last("asked").facts["answers"])
    story.says(ReplyAct.CHALLENGE, Side.RAISING)
    assert (story.case.step, story.case.why, story.state()) == (2, "challenged", "open")


def test_a_dissenter_who_takes_it_no_further_ends_it() -> None:
    story = conference()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CONFERENCE_CHAIR)
    story.says(ReplyAct.DISSENT, Side.RAISING)
    story.says(ReplyAct.NO_CHALLENGE, Side.RAISING)
    closed = next(m for m in story.messages if isinstance(m, CaseClosed))
    assert (closed.how, closed.outcome) == (Ending.IMPOSED, 1)


def test_the_time_to_challenge_is_one_working_day_and_silence_is_no_acceptance() -> None:
    """OXF-22: decided on a Friday afternoon, until Monday; then the next step begins."""
    story = conference()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CONFERENCE_CHAIR)
    monday = datetime(2026, 12, 7, 14, 5, tzinfo=UTC)
    made = next(m for m in story.messages if isinstance(m, DecisionMade))
    assert made.challenge_by == story.case.deadline.at == monday
    story.wait_until(monday)
    assert (story.case.step, story.state()) == (2, "open")


def test_the_last_dissent_is_kept_where_there_is_nowhere_to_take_it() -> None:
    story = Story(start("NOR-S1", on="northamptonshire"), everybody("northamptonshire"))
    while story.case.step < 5:
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    story.says(ReplyAct.DECISION, Side.OTHER, by=person("head_of_safeguarding"))
    story.says(ReplyAct.CHALLENGE, Side.RAISING)
    assert "no further step" in refusal(story)
    story.says(ReplyAct.DISSENT, Side.RAISING)
    assert story.case.how is Ending.IMPOSED


def test_a_consultation_comes_before_the_final_decision() -> None:
    """OXF-19."""
    story = Story(start("OXF-S3", on="oxfordshire"), everybody("oxfordshire"))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    manager = person("cypf_manager")
    story.says(ReplyAct.DECISION, Side.OTHER, by=manager)
    assert "must be consulted" in refusal(story)
    story.says(ReplyAct.CONSULTED, Side.OTHER, by=manager)
    story.says(ReplyAct.DECISION, Side.OTHER, by=manager)
    assert story.state() == "decided"


@pytest.mark.parametrize("act", [ReplyAct.DISSENT, ReplyAct.CHALLENGE, ReplyAct.NO_CHALLENGE])
def test_without_a_decision_there_is_nothing_to_dissent_from(act: ReplyAct) -> None:
    story = strategy()
    story.says(act, Side.RAISING)
    assert "No decision waits" in refusal(story)


def test_a_decision_is_not_disputed_but_dissented_from() -> None:
    story = strategy()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CHAIR)
    for act in (ReplyAct.DISPUTED, ReplyAct.NOT_RESOLVED):
        story.says(act, Side.RAISING)
        assert "DISSENT" in refusal(story)


def test_whoever_decided_does_not_accept_it_for_the_other_side() -> None:
    story = strategy()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CHAIR)
    story.says(ReplyAct.CONFIRMED, Side.OTHER, by=CHAIR)
    assert "waits for the other one" in refusal(story)


def test_an_outcome_says_what_the_protocol_asks_for() -> None:
    """BIR-10: risk, what it depends on, who does what; nothing is confirmed before it does."""
    story = strategy()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER, by=CHAIR, parts=("agreed", "actions"))
    assert "what risk was assessed" in refusal(story)
    assert story.case.outcome is None
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER, by=CHAIR)
    assert story.state() == "confirming"


def test_both_may_confirm_how_they_work_while_it_stays_unresolved() -> None:
    """BIR-07."""
    story = strategy()
    parts = ("agreed", "risk", "depends_on", "actions", "working_arrangement")
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER, by=CHAIR, parts=parts)
    story.says(ReplyAct.CONFIRMED, Side.OTHER, by=CHAIR)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    assert story.case.how is Ending.WORKING_ARRANGEMENT


def test_the_clock_of_a_step_without_a_time_to_challenge_is_still_looked_at() -> None:
    story = strategy()
    story.says(ReplyAct.DECISION, Side.OTHER, by=CHAIR)
    assert story.decision.wake_at is not None
    reminders = len(story.notices("reminder"))
    story.wait_until(RAISED_AT + timedelta(days=2))
    assert len(story.notices("reminder")) > reminders
    assert story.state() == "decided"
