"""What holds for every protocol that comes with Concord: it is right, plain to read, and each ladder runs to a named end."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from services.contracts.escalator import CaseClosed
from services.contracts.vocabulary import Ending, ReplyAct, Side
from services.escalator.ladders import Ladder, Step, Unit, Within
from services.escalator.loader import PACKAGED, check, packaged_protocols
from services.escalator.times import deadline
from tests.cases import INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

BOARDS = ["barnsley", "bedfordshire", "birmingham", "northamptonshire", "oxfordshire"]
LADDERS = [(board, ladder.id) for board in BOARDS for ladder in packaged_protocols()[board].ladders]
NO_TIME_COUNTED = {None, Unit.WITHOUT_DELAY}

# The professional at the other agency, as the form names them: `tests.cases.everybody` has them by this name.
NAMED = {
    "barnsley": "worker of Social Care",
    "bedfordshire": "allocated_social_worker of Social Care",
    "birmingham": "practitioner of Social Care",
    "northamptonshire": "professional of Social Care",
    "oxfordshire": "professional of Social Care",
}


def begun(board: str, ladder: str) -> Story:
    """A case on this ladder about the person whom the form names; where it is kept from them (BED-22), about nobody on the list."""
    named, found = NAMED[board], packaged_protocols()[board].ladder(ladder)
    if found.within_agency:
        named = "Kit Marlow" if found.keep_from else named.replace("Social Care", "Demo School")
    return Story(start(ladder, on=board, other_worker=named), everybody(board))


def meant(board: str, ladder: Ladder, step: Step, side: Side) -> set[str]:
    """Whom a step means on one side, where every role is filled: whoever raised it, and whom the form names, are raisers.

    Within one agency both sides are of it.
    """
    domain = "school.example" if side is Side.RAISING or ladder.within_agency else "care.example"
    raiser = RAISER.address if side is Side.RAISING else f"{NAMED[board].split()[0]}@{domain}"
    roles = packaged_protocols()[board].roles
    return {raiser if roles[role].raiser else f"{role}@{domain}" for role in step.people(side)}


@pytest.mark.parametrize("board", BOARDS)
def test_the_file_is_right_and_raises_no_doubt(board: str) -> None:
    assert check(PACKAGED / f"{board}.yaml") == ()


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_ladder_runs_from_the_form_to_its_end(board: str, ladder: str) -> None:
    """Every step reaches the people it means, no time but a stated one is counted, and the end has a name (A-15, BAR-22)."""
    story = begun(board, ladder)
    found = packaged_protocols()[board].ladder(ladder)
    for step in found.steps:
        assert (story.state(), story.case.step) == ("open", step.number)
        assert story.asked() == {side: meant(board, found, step, side) for side in (Side.RAISING, Side.OTHER)}
        assert (story.case.deadline.at is None) is ((step.within and step.within.kind) in NO_TIME_COUNTED)
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert [reached.paragraph for reached in story.steps()] == [step.source for step in found.steps]
    if found.default_outcome is None:
        assert (story.state(), story.facts()[-1]) == ("last_tier_passed", "LastTierPassed")
        assert INBOX in story.told("board_alert")
    else:
        (closed,) = [message for message in story.messages if isinstance(message, CaseClosed)]
        assert closed.how is Ending.DEFAULT_OUTCOME


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_step_without_a_stated_time_waits_and_people_are_reminded_daily(board: str, ladder: str) -> None:
    story = begun(board, ladder)
    while story.state() == "open" and story.case.deadline.at is not None:
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    if story.state() != "open":
        assert all((step.within and step.within.kind) not in NO_TIME_COUNTED for step in story.case.ladder.steps)
        return
    step, people = story.case.step, story.case.people
    before = story.told("reminder")
    story.wait_until(story.now + timedelta(days=3))
    assert (story.state(), story.case.step) == ("open", step)
    reminded = Counter(story.told("reminder")) - Counter(before)
    assert {p.person.address: reminded[p.person.address] for p in people} == {p.person.address: 3 for p in people}


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_ladder_closes_on_an_outcome_that_both_sides_confirm(board: str, ladder: str) -> None:
    """A call for advice closes on whether the advice is taken (A-13)."""
    story = begun(board, ladder)
    if packaged_protocols()[board].ladder(ladder).advice:
        story.says(ReplyAct.ADVICE_TAKEN, Side.RAISING)
        expected = Ending.ADVICE_TAKEN
    else:
        story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
        story.says(ReplyAct.CONFIRMED, Side.RAISING)
        assert "CaseClosed" not in story.facts()
        story.says(ReplyAct.CONFIRMED, Side.OTHER)
        expected = Ending.CONFIRMED
    assert [message.how for message in story.messages if isinstance(message, CaseClosed)] == [expected]


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_every_area_leads_to_its_ladder(board: str, ladder: str) -> None:
    protocol = packaged_protocols()[board]
    found = protocol.ladder(ladder)
    assert {protocol.ladder_for(found.case_stage, area).id for area in found.areas} == {ladder}


@pytest.mark.parametrize("board", BOARDS)
def test_what_people_are_told_to_do_is_plain(board: str) -> None:
    """No abbreviation that only one agency knows, and no full stop: the sentence stands inside others."""
    for ladder in packaged_protocols()[board].ladders:
        for step in ladder.steps:
            assert not re.search(r"\b[A-Z]{2,}\b|[&/.]$|[&/]", step.action), step.action


@pytest.mark.parametrize("board", BOARDS)
def test_danger_means_the_police(board: str) -> None:
    """No document but Bedfordshire's says it (BED-10), so the other files say that it is ours."""
    danger = packaged_protocols()[board].danger
    assert danger.text == "If a child is in immediate danger, contact the police at once."
    assert danger.source.startswith("section 5" if board == "bedfordshire" else "ours, after Bedfordshire")


def test_hours_after_an_agreed_time_are_counted_from_their_own_step() -> None:
    """No figure can be taken from "agreed" (A-25), so the step that follows stands alone."""
    begun_at = start("BED-S6")
    protocol, ladder = begun_at.board.protocol, begun_at.board.protocol.ladder("BED-S6")
    first, *later = ladder.steps
    agreed = ladder.model_copy(update={"steps": (first.model_copy(update={"within": Within(kind=Unit.AGREED)}), *later)})
    reached = RAISED_AT + timedelta(days=2)
    found = deadline(protocol, agreed, 2, raised_at=RAISED_AT, step_reached_at=reached, calendar=begun_at.calendar)
    assert found.at == reached + timedelta(hours=36)
