"""Answers where they are not expected, what a step's notice says beside who and when, and faults of our own."""

from datetime import timedelta

import pytest

from services.contracts.escalator import ActNotTaken
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.answers import AFTER_CLOSING
from services.escalator.case import Case
from services.escalator.domain import fault, next_look
from tests.cases import RAISED_AT, RAISER, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)


def refusal(story: Story) -> str:
    """Why the last act was not taken, which its sender was told."""
    fact = [message for message in story.messages if isinstance(message, ActNotTaken)][-1]
    assert story.last("act_not_taken").facts["reason"] == fact.reason
    return fact.reason


@pytest.mark.parametrize("notice", ["i1", "r1", "e12"])
def test_an_answer_to_another_services_notice_moves_nothing_it_could_not_mean(notice: str) -> None:
    """intake's read-back (`i1`) is answered too: nobody can say which step or outcome is meant."""
    story = Story()
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING, notice=notice)
    assert "was not about a step" in refusal(story)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.RAISING, notice=notice)
    assert "did not ask about an outcome" in refusal(story)
    assert (story.case.step, story.state()) == (1, "confirming")


def test_reasons_and_an_outcome_count_whichever_notice_they_answer() -> None:
    story = Story()
    story.says(ReplyAct.RESPONSE, Side.RAISING, notice="i1")
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING, notice="i1")
    assert story.facts()[-2:] == ["ResponseRecorded", "OutcomeProposed"]


def test_who_confirms_again_is_told_that_it_waits_for_the_other_side() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    assert refusal(story) == "Your side has confirmed this outcome already. It waits for the other side."


def test_a_side_that_has_confirmed_may_still_dispute() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.says(ReplyAct.DISPUTED, Side.OTHER)
    assert story.case.outcome is None


def test_a_half_confirmed_outcome_goes_up_and_only_the_side_it_waits_for_is_asked() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    before = len(story.messages)
    story.wait_until(RAISED_AT + 24 * HOUR)
    new = [message for message in story.messages[before:] if isinstance(message, SendNotice)]
    asked = {notice.to.side for notice in new if notice.kind == "outcome_proposed"}
    told = {(notice.to.address, str(notice.facts["waiting_for"])) for notice in new if notice.kind == "outcome_confirmed"}
    assert asked == {Side.RAISING}
    assert told == {("jo@care.example", "the other side"), ("lee@care.example", "the other side")}
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    assert story.state() == "closed"


def test_not_resolved_takes_back_an_outcome_that_waits() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    asked = story.case.notices
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert (story.case.step, story.state(), story.case.outcome) == (2, "open", None)
    story.says(ReplyAct.CONFIRMED, Side.OTHER, notice=asked)
    assert refusal(story) == "There is no outcome waiting to be confirmed."


def test_an_outcome_that_waits_when_the_last_step_has_passed_can_still_be_confirmed_or_disputed() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 47 * HOUR)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.wait_until(RAISED_AT + 48 * HOUR)
    assert story.state() == "last_tier_passed"
    story.says(ReplyAct.DISPUTED, Side.RAISING)
    assert (story.state(), story.case.outcome) == ("last_tier_passed", None)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert "last step has passed already" in refusal(story)


def test_what_comes_in_while_a_case_closes_is_answered_and_changes_nothing() -> None:
    story = Story()
    for act, side in (
        (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.RAISING),
    ):
        story.says(act, side)
    for act in set(ReplyAct) - AFTER_CLOSING:
        story.says(act, Side.OTHER)
        assert "The case has closed" in refusal(story)
    before = len(story.messages)
    story.not_reached(RAISER.address)
    assert len(story.messages) == before
    assert (story.state(), story.decision.wake_at) == ("closed", None)


def test_a_step_names_the_local_procedure_that_comes_first() -> None:
    """A-08: we name the policy; we do not have it."""
    procedure = Story("BED-S9").last("step_reached").facts["local_procedure"]
    assert isinstance(procedure, dict)
    assert set(procedure) == {"title", "note", "link"}
    assert procedure["title"] == "CBC CPC Request / Decision Making Policy June 2010"
    assert procedure["link"] is None
    assert Story("BED-S8").last("step_reached").facts["local_procedure"] is None


def test_a_reminder_does_not_repeat_the_local_procedure() -> None:
    story = Story("BED-S9")
    story.wait_until(RAISED_AT + 23 * HOUR)
    assert "local_procedure" not in story.last("reminder").facts


def test_two_steps_that_share_an_undivided_time_end_together_when_each_step_has_its_own_clock() -> None:
    """A-04 `shared` with A-02 `per_step`: the Head of Service has what is left of the 48 hours since the Team Manager's step began."""
    story = Story(start("BED-S4", choices={"A-04": "shared", "A-02": "per_step"}))
    story.wait_until(RAISED_AT + 24 * HOUR)
    began = story.now
    story.wait_until(began + 10 * HOUR)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    first, second, third = story.steps()
    assert [first.deadline, second.deadline, third.deadline] == [RAISED_AT + 24 * HOUR, began + 48 * HOUR, began + 48 * HOUR]
    assert "when this step was reached" in second.explanation
    assert "when the first of the steps that share this time was reached" in third.explanation


def test_three_steps_that_share_an_undivided_time_all_end_with_it() -> None:
    """No document has this yet; a board's own protocol may."""
    begun = start("BED-S6", choices={"A-04": "shared", "A-02": "per_step"})
    protocol = begun.board.protocol
    ladder = protocol.ladder("BED-S6")
    first = ladder.steps[0]
    others = (step.model_copy(update={"within": first.within, "shares_time_with": 1}) for step in ladder.steps[1:])
    shared = ladder.model_copy(update={"steps": (first, *others)})
    protocol = protocol.model_copy(update={"ladders": tuple(shared if one.id == "BED-S6" else one for one in protocol.ladders)})
    story = Story(begun.model_copy(update={"board": begun.board.model_copy(update={"protocol": protocol})}))
    for hours in (5, 10):
        story.wait_until(RAISED_AT + hours * HOUR)
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert [step.deadline for step in story.steps()] == [RAISED_AT + 24 * HOUR] * 3


def test_a_step_with_a_clock_of_its_own_says_so() -> None:
    """A-02 `per_step`: nothing is shared at BED-S6."""
    story = Story(start("BED-S6", choices={"A-02": "per_step"}))
    story.wait_until(RAISED_AT + 24 * HOUR)
    assert story.case.deadline.at == RAISED_AT + 60 * HOUR
    assert "when this step was reached" in story.case.deadline.explanation


def faulty(story: Story, act: str = "time_passed") -> Case:
    """The story after a fault of ours stopped this act."""
    story.take(fault(story.case, act, story.now))
    return story.case


@pytest.mark.parametrize("act", ["answered", "not_reached", "people_found"])
def test_a_fault_tells_the_board_each_time_and_moves_no_deadline(act: str) -> None:
    story = Story()
    deadline, wake_at = story.case.deadline, story.decision.wake_at
    for _ in range(2):
        case = faulty(story, act)
        assert (case.deadline, story.decision.wake_at) == (deadline, wake_at)
    assert [notice.facts["what"] for notice in story.notices("board_alert")] == ["fault", "fault"]


def test_a_fault_when_time_has_passed_is_told_once_and_tried_again() -> None:
    story = Story()
    due = story.case.deadline
    story.now = RAISED_AT + 24 * HOUR
    for count in range(1, 4):
        faulty(story)
        assert story.decision.wake_at == RAISED_AT + 24 * HOUR + count * timedelta(minutes=15)
        story.now = story.decision.wake_at
    assert story.case.deadline == due
    assert len(story.told("board_alert")) == 1
    story.wait_until(story.now)
    assert story.facts()[-3:] == ["DeadlineMissed", "RequirementNotMet", "StepReached"]
    assert (story.case.step, story.case.not_before) == (2, None)


def test_a_fault_gives_no_deadline_to_a_step_that_has_none() -> None:
    """A-09, and a case past its last step."""
    story = Story("BED-S10")
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert faulty(story).deadline.at is None
    past = Story()
    past.wait_until(RAISED_AT + 48 * HOUR)
    assert faulty(past).deadline.at is None
    past.wait_until(past.now + 30 * HOUR)
    assert past.facts().count("LastTierPassed") == 1


def test_a_case_comes_back_from_json_as_it_was() -> None:
    story = Story("BED-S4")
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.not_reached(RAISER.address)
    again = Case.model_validate_json(story.case.model_dump_json())
    assert again == story.case
    assert next_look(again) == story.decision.wake_at
