"""After a case: what is outstanding, what was learned, withdrawal, going on again, and what board staff do."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.contracts.escalator import ActNotTaken, CaseClosed, CaseReopened, FollowUpBegun, LearningReferred
from services.contracts.intake import Pursued
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, Person, ReplyAct, Side, StaffAct
from services.escalator.boards import WorkingHours
from services.escalator.calendars import make_calendar
from services.escalator.case import CalendarChanged, StaffDid
from services.escalator.domain import decide
from tests.cases import CONTACTS, INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)
STAFF = Person(name="Board staff", address="staff@board.example")
OUTSTANDING = (
    Pursued(kind="action", owner="Sam Oduya", by=date(2026, 12, 8)),
    Pursued(kind="outstanding", owner="Priya Nair", by=date(2026, 12, 18)),
    Pursued(kind="outstanding", owner="", by=None),
)


def agreed(story: Story, pursued: tuple[Pursued, ...] = ()) -> Story:
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.OTHER, pursued=pursued)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    return story


def staff(story: Story, act: StaffAct, **more: object) -> None:
    did = StaffActed(message_id=uuid4(), at=story.now, case_id=story.case.case_id, board="bedfordshire", act=act, by=STAFF)
    story.take(decide(story.case, StaffDid(act=did.model_copy(update=more)), story.now))


def closed(story: Story) -> CaseClosed:
    return [message for message in story.messages if isinstance(message, CaseClosed)][-1]


def test_what_is_outstanding_is_chased_on_its_day_and_again_until_it_is_done() -> None:
    """BED-19, BAR-19: owners and dates; two chasers, then board staff too."""
    story = agreed(Story(), OUTSTANDING)
    assert story.state() == "following_up"
    begun = next(m for m in story.messages if isinstance(m, FollowUpBegun))
    assert [(i.number, i.place, i.owner, i.by) for i in begun.items] == [
        (1, 1, "Priya Nair", date(2026, 12, 18)),
        (2, 2, "", None),
    ]
    first = len(story.notices("asked"))
    story.wait_until(RAISED_AT + timedelta(days=7))
    second = len(story.notices("asked"))
    assert second > first
    assert not story.notices("board_alert")
    story.wait_until(RAISED_AT + timedelta(days=40))
    assert "follow_up_open" in [n.facts["what"] for n in story.notices("board_alert")]
    story.says(ReplyAct.DONE, Side.OTHER, number=1)
    assert story.state() == "following_up"
    story.says(ReplyAct.DONE, Side.RAISING, number=2)
    assert (story.state(), story.decision.wake_at) == ("closed", None)


def test_what_is_pursued_is_said_before_the_case_is_said_to_be_closed() -> None:
    """The record, which is made when the case closes, shows it (BED-19)."""
    facts = agreed(Story(), OUTSTANDING).facts()
    assert facts.index("FollowUpBegun") < facts.index("CaseClosed")


def test_only_what_there_is_can_be_done() -> None:
    story = agreed(Story(), OUTSTANDING)
    story.says(ReplyAct.DONE, Side.OTHER, number=9)
    assert "1, 2" in str(story.last("act_not_taken").facts["reason"])


def test_the_planning_meeting_is_chased_in_oxfordshire() -> None:
    """OXF-16."""
    story = agreed(Story(start("OXF-S2", on="oxfordshire"), everybody("oxfordshire")))
    assert [pursuit.item.kind for pursuit in story.case.pursuits] == ["planning_meeting"]


@pytest.mark.parametrize(("ladder", "board", "source"), [("BIR-S6", "birmingham", "4.6"), ("BAR-S1", "barnsley", "3.12")])
def test_what_may_help_afterwards_is_offered(ladder: str, board: str, source: str) -> None:
    """BIR-24 (review conference), BAR-26 (debrief)."""
    story = agreed(Story(start(ladder, on=board), everybody(board)))
    assert source in str(story.last("told").facts["lines"])


def test_whether_the_procedures_were_followed_is_computed() -> None:
    """BED-20: in time and in writing it was; after a missed tier it was not, and the record says what."""
    assert closed(agreed(Story())).procedures_followed
    late = Story()
    late.wait_until(RAISED_AT + 25 * HOUR)
    said = closed(agreed(late))
    assert not said.procedures_followed
    assert "Step 1: it was not resolved by its deadline." in said.lapses


def test_learning_goes_where_the_protocol_sends_it_only_if_the_procedures_were_followed() -> None:
    """BED-20: else board staff decide."""
    story = agreed(Story())
    story.says(ReplyAct.LEARNING, Side.OTHER)
    referred = next(m for m in story.messages if isinstance(m, LearningReferred))
    assert (referred.to, referred.procedures_followed) == ("Joint Steering Group", True)
    late = Story()
    late.wait_until(RAISED_AT + 25 * HOUR)
    agreed(late)
    late.says(ReplyAct.LEARNING, Side.OTHER)
    referred = next(m for m in late.messages if isinstance(m, LearningReferred))
    assert referred.to == late.case.start.board.name
    assert referred.lapses


def test_any_participant_may_refer_wider_implications_in_birmingham_at_any_time() -> None:
    """BIR-15, BIR-20."""
    story = Story(start("BIR-S3", on="birmingham"), everybody("birmingham"))
    story.says(ReplyAct.LEARNING, Side.OTHER)
    assert "LearningReferred" in story.facts()


def test_whoever_raised_it_may_withdraw_and_come_back() -> None:
    story = Story()
    story.says(ReplyAct.WITHDRAWN, Side.OTHER)
    assert story.state() == "open"
    story.says(ReplyAct.WITHDRAWN, Side.RAISING)
    assert (closed(story).how, closed(story).outcome) == (Ending.WITHDRAWN, None)
    assert INBOX in story.told("board_alert")
    story.now += 100 * HOUR
    story.says(ReplyAct.REOPENED, Side.RAISING)
    assert (story.state(), story.case.step, story.case.why) == ("open", 1, "reopened")
    assert story.case.deadline.at == story.now + 24 * HOUR


def test_a_case_that_was_agreed_goes_on_at_the_step_where_it_ended() -> None:
    story = Story()
    story.wait_until(RAISED_AT + 30 * HOUR)
    agreed(story)
    story.says(ReplyAct.REOPENED, Side.OTHER)
    reopened = next(m for m in story.messages if isinstance(m, CaseReopened))
    assert (reopened.step, story.case.step, story.case.outcome) == (2, 2, None)


def test_advice_that_is_not_taken_offers_the_ladder_that_follows() -> None:
    """A-13: a call for advice ends as taken or not taken; S4 comes after."""
    story = Story("BED-S3", contacts=everybody("bedfordshire"))
    story.says(ReplyAct.ADVICE_NOT_TAKEN, Side.RAISING)
    assert closed(story).how is Ending.ADVICE_NOT_TAKEN
    assert any("REOPEN" in str(notice.facts["answers"]) for notice in story.notices("told"))
    story.says(ReplyAct.REOPENED, Side.RAISING)
    assert (story.case.ladder.id, story.case.step, story.case.why) == ("BED-S4", 1, "advice_not_taken")
    reopened = next(m for m in story.messages if isinstance(m, CaseReopened))
    assert reopened.outline is not None
    assert reopened.outline.id == "BED-S4"
    taken = Story("BED-S3", contacts=everybody("bedfordshire"))
    taken.says(ReplyAct.ADVICE_TAKEN, Side.RAISING)
    assert closed(taken).how is Ending.ADVICE_TAKEN


def test_board_staff_name_somebody_to_be_asked() -> None:
    """A-20: no equivalent on file is a normal case that needs a person."""
    story = Story(contacts=())
    chris = Person(name="Chris Bell", address="chris@care.example")
    staff(story, StaffAct.ASKED, person=chris, side=Side.OTHER)
    assert story.told("step_reached")[-1] == chris.address
    assert chris.address in story.asked()[Side.OTHER]


def test_board_staff_decide_after_the_last_step_and_not_before() -> None:
    """A-15."""
    story = Story()
    staff(story, StaffAct.DECIDED, content=Sealed(token="sealed-outcome"))
    assert isinstance(story.messages[-1], ActNotTaken)
    story.wait_until(RAISED_AT + 48 * HOUR)
    staff(story, StaffAct.DECIDED, content=Sealed(token="sealed-outcome"))
    assert closed(story).how is Ending.BOARD_DECIDED
    assert RAISER.address in story.told("told")


def test_board_staff_do_not_ask_whom_a_disagreement_is_kept_from() -> None:
    """BED-22."""
    manager = CONTACTS[0]
    story = Story(start("BED-8.2", other_worker=manager.name))
    staff(story, StaffAct.ASKED, person=Person(name=manager.name, address=manager.address), side=Side.OTHER)
    assert isinstance(story.messages[-1], ActNotTaken)


def test_board_staff_reopen_withdraw_link_refer_and_mark_as_done() -> None:
    story = agreed(Story(), OUTSTANDING)
    staff(story, StaffAct.DONE, number=1)
    staff(story, StaffAct.DONE, number=2)
    assert story.state() == "closed"
    staff(story, StaffAct.LEARNING, content=Sealed(token="sealed-learning"))
    staff(story, StaffAct.LINKED, other_case="BED-00000001")
    staff(story, StaffAct.REOPENED)
    assert story.state() == "open"
    staff(story, StaffAct.WITHDRAWN)
    assert story.facts()[-1] == "CaseClosed"
    assert {"LearningReferred", "CaseLinked", "CaseReopened"} <= set(story.facts())


def test_staff_who_refer_what_was_learned_are_thanked_as_the_board() -> None:
    """Their notice's reply token must never count as an answer of the raising side."""
    story = agreed(Story())
    staff(story, StaffAct.LEARNING, content=Sealed(token="sealed-learning"))
    assert story.last("told").to.side is Side.BOARD


def test_a_bank_holiday_announced_late_moves_a_running_deadline_and_people_are_told() -> None:
    """NOR-05: one working day, begun on Friday; Monday is a holiday after all."""
    story = Story(start("NOR-S1", on="northamptonshire"), everybody("northamptonshire"))
    before = story.case.deadline.at
    assert before is not None
    hours = WorkingHours(also_closed=(before.date(),))
    story.take(decide(story.case, CalendarChanged(calendar=make_calendar(hours, 2025, 2028)), story.now))
    assert story.case.deadline.at == before + timedelta(days=1)
    assert story.facts()[-1] == "DeadlineChanged"
    same = len(story.messages)
    story.take(decide(story.case, CalendarChanged(calendar=make_calendar(hours, 2025, 2028)), story.now))
    assert len(story.messages) == same
