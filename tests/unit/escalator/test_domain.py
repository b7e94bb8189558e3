"""The decision core: one case after another, in milliseconds, on Bedfordshire's own ladders."""

from datetime import timedelta

import pytest

from services.contracts.escalator import CaseClosed, CaseEvent, CaseOpened, StepReached
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.domain import begin, fault
from services.escalator.errors import Unknown
from tests.cases import INBOX, RAISED_AT, RAISER, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def test_a_case_opens_at_the_first_step_with_both_sides_told() -> None:
    story = Story()
    assert story.facts() == ["CaseOpened", "StepReached"]
    assert story.case.step == 1
    assert set(story.told("step_reached")) == {
        RAISER.address,
        "morgan.ellis@school.example",
        "robin@school.example",
        "sam@care.example",
    }
    assert story.case.deadline.at == RAISED_AT + 24 * HOUR  # BED-12, S6 row 1


def test_a_case_says_who_raised_it_and_where() -> None:
    opened = Story().messages[0]
    assert isinstance(opened, CaseOpened)
    assert (opened.ladder, opened.raised_by.agency, opened.raised_at) == ("BED-S6", "Demo School", RAISED_AT)


def test_full_content_goes_only_to_domains_the_board_lists_as_secure() -> None:
    full = {notice.to.address: notice.to.full_content for notice in Story().notices("step_reached")}
    assert full["sam@care.example"]
    assert not full[RAISER.address]


def test_people_are_reminded_before_the_deadline() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 24 * HOUR - MINUTE)
    assert "DeadlineMissed" not in story.facts()
    assert set(story.told("reminder")) == set(story.told("step_reached"))
    assert all(notice.at < RAISED_AT + 24 * HOUR for notice in story.notices("reminder"))


def test_no_answer_moves_the_case_up_tier_by_tier_to_a_named_end() -> None:
    """BED-12 S6: 24, 36 and 48 hours together (A-02), then the last tier is passed and the board is told (A-15)."""
    story = Story()
    story.wait_until(RAISED_AT + 48 * HOUR)
    assert [fact for fact in story.facts() if fact not in {"StandInAsked", "RequirementNotMet"}] == [
        "CaseOpened",
        "StepReached",
        "DeadlineMissed",
        "StepReached",
        "DeadlineMissed",
        "StepReached",
        "DeadlineMissed",
        "LastTierPassed",
    ]
    steps = [message for message in story.messages if isinstance(message, StepReached)]
    assert [step.at - RAISED_AT for step in steps] == [0 * HOUR, 24 * HOUR, 36 * HOUR]
    assert [step.why for step in steps] == ["raised", "deadline_missed", "deadline_missed"]
    assert [person.name for person in steps[1].other_side] == ["Jo Mercer", "Lee Hartley"]
    assert [person.name for person in steps[2].other_side] == ["Priya Nair"]
    assert story.state() == "last_tier_passed"
    assert INBOX in story.told("board_alert")


def test_a_case_past_its_last_tier_is_looked_at_again_and_again() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 48 * HOUR)
    before = len(story.notices("board_alert"))
    story.wait_until(RAISED_AT + 48 * HOUR + timedelta(days=3))
    assert len(story.notices("board_alert")) == before + 3


def test_not_resolved_moves_up_at_once() -> None:
    story = Story()
    story.wait_until(RAISED_AT + HOUR)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.case.step == 2
    assert story.facts()[-1] == "StepReached"
    assert story.case.reached_at == RAISED_AT + HOUR


def test_the_head_of_service_step_is_for_the_manager_or_champion_and_the_raiser_is_still_told() -> None:
    """BED-12 S6 row 3: the referrer no longer acts."""
    story = Story()
    story.wait_until(RAISED_AT + 36 * HOUR)
    step = [notice for notice in story.notices("step_reached") if notice.facts["step"] == 3]
    assert {notice.to.address: notice.facts["must_act"] for notice in step} == {
        "morgan.ellis@school.example": True,
        "robin@school.example": True,
        "priya@care.example": True,
        RAISER.address: False,
    }


def test_a_response_is_recorded_and_passed_on_and_the_time_goes_on() -> None:
    story = Story()
    due = story.case.deadline
    story.says(ReplyAct.RESPONSE, Side.OTHER)
    assert story.facts()[-1] == "ResponseRecorded"
    assert RAISER.address in story.told("response_recorded")
    assert "sam@care.example" not in story.told("response_recorded")
    assert story.case.deadline == due


def test_an_outcome_is_closed_by_both_sides_confirming_it() -> None:
    """BED-19: written confirmation between the parties."""
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    assert set(story.told("outcome_proposed")) == set(story.told("step_reached"))
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    assert story.state() == "confirming"
    waiting = {notice.to.side: notice.facts["waiting_for"] for notice in story.notices("outcome_confirmed")}
    assert waiting == {Side.RAISING: "your side", Side.OTHER: "the other side"}
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    assert story.facts()[-4:] == ["OutcomeProposed", "OutcomeConfirmed", "OutcomeConfirmed", "CaseClosed"]
    assert story.state() == "closed"
    assert story.decision.wake_at is None


def test_one_side_cannot_confirm_for_both() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    for _ in range(3):
        story.says(ReplyAct.CONFIRMED, Side.OTHER)
    assert story.state() == "confirming"
    assert story.facts().count("OutcomeConfirmed") == 1


def test_a_disputed_outcome_is_open_again_and_its_confirmations_are_gone() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    first = story.case.notices
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.says(ReplyAct.DISPUTED, Side.RAISING, notice=first)
    assert (story.state(), story.case.outcome) == ("open", None)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    assert story.state() == "confirming"


def test_a_confirmation_of_an_earlier_outcome_does_not_count_for_a_later_one() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    old = story.case.notices
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.RAISING, notice=old)
    assert story.facts()[-1] == "ActNotTaken"
    assert story.told("act_not_taken") == [RAISER.address]


@pytest.mark.parametrize("act", [ReplyAct.CONFIRMED, ReplyAct.DISPUTED])
def test_nothing_can_be_confirmed_or_disputed_before_an_outcome_is_proposed(act: ReplyAct) -> None:
    story = Story()
    story.says(act, Side.RAISING)
    assert story.facts()[-1] == "ActNotTaken"
    assert story.state() == "open"


def test_a_late_not_resolved_does_not_skip_a_tier() -> None:
    story = Story()
    old = story.case.notices
    story.wait_until(RAISED_AT + 24 * HOUR)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING, notice=old)
    assert story.case.step == 2
    assert story.facts()[-1] == "ActNotTaken"


def test_an_outcome_that_is_not_confirmed_in_time_goes_up_with_the_case_and_can_still_be_confirmed() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    asked = story.case.notices
    story.wait_until(RAISED_AT + 24 * HOUR)
    assert story.case.step == 2
    assert "lee@care.example" in story.told("outcome_proposed")
    story.says(ReplyAct.CONFIRMED, Side.RAISING, notice=asked)
    story.says(ReplyAct.CONFIRMED, Side.OTHER, notice=asked)
    assert story.state() == "closed"


def test_a_case_past_its_last_tier_can_still_be_agreed() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 48 * HOUR)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    assert story.state() == "closed"


def test_everyone_who_took_part_gets_the_written_confirmation() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 24 * HOUR)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    closed = next(message for message in story.messages if isinstance(message, CaseClosed))
    addresses = {recipient.address for recipient in closed.recipients}
    assert addresses == set(story.told("step_reached"))


def test_a_bounce_goes_to_the_deputy_inside_the_same_step() -> None:
    story = Story()
    due = story.case.deadline
    story.not_reached("sam@care.example")
    assert story.told("step_reached")[-1] == "jo@care.example"
    assert story.told("board_alert") == [INBOX]
    assert story.case.deadline == due
    assert story.facts() == ["CaseOpened", "StepReached", "StandInAsked"]


def test_a_bounce_of_the_boards_own_inbox_does_not_loop() -> None:
    story = Story()
    story.not_reached("sam@care.example")
    before = len(story.messages)
    story.not_reached(INBOX)
    assert len(story.messages) == before


def test_nobody_on_file_is_told_to_the_board_and_the_clock_runs_all_the_same() -> None:
    story = Story(contacts=())
    assert story.told("board_alert") == [INBOX]
    story.wait_until(RAISED_AT + 24 * HOUR)
    assert story.case.step == 2


def test_a_step_without_a_stated_time_has_no_deadline_and_is_never_forgotten() -> None:
    """BED-12 S10: steps 2 and 3 state no time (A-09)."""
    story = Story("BED-S10")
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.case.deadline.at is None
    before = len(story.notices("reminder"))
    story.wait_until(RAISED_AT + timedelta(days=2, hours=1))
    assert story.case.step == 2
    assert len(story.notices("reminder")) > before


def test_board_staff_do_not_answer_for_a_side() -> None:
    story = Story()
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.BOARD)
    assert story.facts()[-1] == "ActNotTaken"


def test_the_same_turn_taken_again_says_the_same_messages() -> None:
    first, second = Story(), Story()
    assert [message.message_id for message in first.messages] == [message.message_id for message in second.messages]
    assert len({message.message_id for message in first.messages}) == len(first.messages)


def test_facts_are_numbered_without_gaps() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 48 * HOUR)
    numbers = [message.number for message in story.messages if isinstance(message, CaseEvent)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_stage_and_area_without_a_ladder_is_refused() -> None:
    begun = start()
    form = begun.form.model_copy(update={"area": "nothing_like_it"})
    with pytest.raises(Unknown, match="area"):
        begin(begun.model_copy(update={"form": form}), RAISED_AT)


def test_a_fault_is_told_to_the_board_and_the_case_goes_on() -> None:
    story = Story()
    decision = fault(story.case, "answered", story.now)
    assert [message.kind for message in decision.messages if isinstance(message, SendNotice)] == ["board_alert"]
    assert decision.wake_at is not None
    assert decision.wake_at > story.now


@pytest.mark.parametrize("number", range(1, 13))
def test_every_ladder_runs_from_the_form_to_a_named_end_when_nobody_answers(number: int) -> None:
    story = Story(f"BED-S{number}")
    for _ in range(3):
        story.wait_until(story.now + timedelta(days=30))
        if story.state() == "last_tier_passed":
            break
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.state() == "last_tier_passed"
    assert story.decision.wake_at is not None
