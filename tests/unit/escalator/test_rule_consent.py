"""What two sides agree about a step: to pass over it, when it ends, and a meeting (BAR-08, A-29, OXF-10, A-25, OXF-14)."""

from datetime import timedelta

import pytest

from services.contracts.escalator import DeadlineChanged, RequirementNotMet, StepBypassed
from services.contracts.vocabulary import Person, ReplyAct, Side
from tests.cases import RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story


def barnsley(choice: str) -> Story:
    """At the step between the two who disagree."""
    story = Story(start("BAR-S1", on="barnsley", choices={"A-29": choice}), everybody("barnsley"))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.case.step == 3
    return story


def refusal(story: Story) -> str:
    return str(story.last("act_not_taken").facts["reason"])


def test_a_step_is_passed_over_when_everybody_involved_has_agreed_by_name() -> None:
    """BAR-08, A-29."""
    story = barnsley("everyone_at_the_step")
    story.says(ReplyAct.BYPASS_ASKED, Side.RAISING)
    others = [p for p in story.case.people if p.person.address != RAISER.address]
    assert set(story.told("asked")) == {p.person.address for p in others}
    for count, participant in enumerate(others, start=1):
        assert story.case.step == 3
        story.says(ReplyAct.BYPASS_AGREED, participant.side, by=participant.person)
        assert story.facts().count("StepBypassed") == (1 if count == len(others) else 0)
    assert (story.case.step, story.case.why) == (4, "bypassed")
    agreed = next(m for m in story.messages if isinstance(m, StepBypassed)).agreed_by
    assert {p.address for p in agreed} == {RAISER.address} | {p.person.address for p in others}


def test_a_board_may_count_one_consent_for_each_side() -> None:
    story = barnsley("one_for_each_side")
    story.says(ReplyAct.BYPASS_ASKED, Side.RAISING)
    story.says(ReplyAct.BYPASS_AGREED, Side.OTHER)
    assert story.case.step == 4


def test_one_refusal_keeps_the_step() -> None:
    story = barnsley("one_for_each_side")
    story.says(ReplyAct.BYPASS_ASKED, Side.RAISING)
    story.says(ReplyAct.BYPASS_REFUSED, Side.OTHER)
    story.says(ReplyAct.BYPASS_AGREED, Side.OTHER)
    assert story.case.step == 3
    assert "Nobody has asked" in refusal(story)


def test_no_step_is_passed_over_where_the_protocol_does_not_say_so() -> None:
    story = Story()
    story.says(ReplyAct.BYPASS_ASKED, Side.RAISING)
    assert "does not say" in refusal(story)


def oxfordshire() -> Story:
    return Story(start("OXF-S2", on="oxfordshire", choices={"A-25": "5"}), everybody("oxfordshire"))


OTHER = Person(name="named_professional of Social Care", address="named_professional@care.example")


def test_the_two_sides_set_the_time_of_a_step_below_the_ceiling() -> None:
    """OXF-10, A-25."""
    story = oxfordshire()
    ceiling = story.case.deadline.at
    assert ceiling == RAISED_AT + timedelta(days=7)
    agreed = RAISED_AT + timedelta(days=3)
    story.says(ReplyAct.TIME_PROPOSED, Side.RAISING, moment=agreed)
    assert OTHER.address in story.told("asked")
    story.says(ReplyAct.TIME_AGREED, Side.OTHER, by=OTHER)
    assert story.case.deadline.at == agreed
    changed = [m for m in story.messages if isinstance(m, DeadlineChanged)]
    assert [(m.deadline, m.why) for m in changed] == [(agreed, "time_agreed")]
    story.wait_until(agreed)
    assert story.case.step == 2


@pytest.mark.parametrize(("days", "why"), [(30, "latest time"), (-1, "still to come"), (None, "still to come")])
def test_a_time_beyond_the_ceiling_or_in_the_past_is_not_taken(days: int | None, why: str) -> None:
    story = oxfordshire()
    moment = None if days is None else RAISED_AT + timedelta(days=days)
    story.says(ReplyAct.TIME_PROPOSED, Side.RAISING, moment=moment)
    assert why in refusal(story)


def test_one_side_cannot_agree_to_its_own_time() -> None:
    story = oxfordshire()
    story.says(ReplyAct.TIME_PROPOSED, Side.RAISING, moment=RAISED_AT + timedelta(days=1))
    story.says(ReplyAct.TIME_AGREED, Side.RAISING)
    assert "has not proposed" in refusal(story)


def test_at_other_steps_the_time_is_not_theirs_to_set() -> None:
    story = Story()
    story.says(ReplyAct.TIME_PROPOSED, Side.RAISING, moment=RAISED_AT + timedelta(hours=1))
    assert "not for the two sides" in refusal(story)


def at_the_meeting() -> Story:
    story = Story(start("OXF-S4", on="oxfordshire"), everybody("oxfordshire"))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.case.ladder.step(story.case.step).meeting is not None
    return story


def test_a_meeting_that_must_be_held_and_was_not_is_recorded() -> None:
    """OXF-23."""
    story = at_the_meeting()
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert "The meeting was not held." in [m.what for m in story.messages if isinstance(m, RequirementNotMet)]


def test_a_meeting_is_told_to_everybody_at_the_step() -> None:
    story = at_the_meeting()
    by = Person(name="sqa", address="sqa_service_manager@care.example")
    story.says(ReplyAct.MEETING, Side.OTHER, by=by, moment=RAISED_AT + timedelta(days=3))
    assert RAISER.address in story.told("told")
    assert "2:05pm on Monday 7 December 2026" in str(story.last("told").facts["lines"])
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert "The meeting was not held." not in [m.what for m in story.messages if isinstance(m, RequirementNotMet)]


def test_both_sides_reasons_in_writing_are_asked_for_and_their_lack_is_recorded() -> None:
    """BAR-13: the form is the reasons of the side that raised it."""
    story = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert [m.what for m in story.messages if isinstance(m, RequirementNotMet)] == [
        "The other side gave no reasons in writing.",
        "What was said was not put in writing.",
    ]
    given = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    given.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    given.says(ReplyAct.RESPONSE, Side.OTHER)
    given.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert not [m for m in given.messages if isinstance(m, RequirementNotMet)]
