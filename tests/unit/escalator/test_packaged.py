"""What holds for every protocol that comes with Concord: it is right, plain to read, and each ladder runs to a named end."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.errors import ProtocolError
from services.escalator.ladders import Step, Unit, Within
from services.escalator.loader import PACKAGED, check, load_protocol, packaged_protocols
from services.escalator.times import deadline
from tests.cases import INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

BOARDS = ["barnsley", "birmingham", "northamptonshire", "oxfordshire"]
LADDERS = [(board, ladder.id) for board in BOARDS for ladder in packaged_protocols()[board].ladders]
NO_TIME_COUNTED = {None, Unit.AGREED, Unit.WITHOUT_DELAY}

# The professional at the other agency, as the form names them: `tests.cases.everybody` has them by this name.
NAMED = {
    "barnsley": "worker of Social Care",
    "birmingham": "practitioner of Social Care",
    "northamptonshire": "professional of Social Care",
    "oxfordshire": "professional of Social Care",
}


def begun(board: str, ladder: str) -> Story:
    return Story(start(ladder, on=board, other_worker=NAMED[board]), everybody(board))


def meant(board: str, step: Step, side: Side) -> set[str]:
    """Whom a step means on one side, where every role is filled: whoever raised it, and whom the form names, are raisers."""
    domain, raiser = {
        Side.RAISING: ("school.example", RAISER.address),
        Side.OTHER: ("care.example", f"{NAMED[board].split()[0]}@care.example"),
    }[side]
    roles = packaged_protocols()[board].roles
    return {raiser if roles[role].raiser else f"{role}@{domain}" for role in step.people(side)}


@pytest.mark.parametrize("board", BOARDS)
def test_the_file_is_right_and_raises_no_doubt(board: str) -> None:
    assert check(PACKAGED / f"{board}.yaml") == ()


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_ladder_runs_from_the_form_to_its_last_tier(board: str, ladder: str) -> None:
    """Every step reaches the people it means; no time but a stated one is counted; and the end is the board's (A-15)."""
    story = begun(board, ladder)
    steps = packaged_protocols()[board].ladder(ladder).steps
    for step in steps:
        assert (story.state(), story.case.step) == ("open", step.number)
        assert story.asked() == {side: meant(board, step, side) for side in (Side.RAISING, Side.OTHER)}
        assert (story.case.deadline.at is None) is ((step.within and step.within.kind) in NO_TIME_COUNTED)
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert [reached.paragraph for reached in story.steps()] == [step.source for step in steps]
    assert (story.state(), story.facts()[-1]) == ("last_tier_passed", "LastTierPassed")
    assert story.told("board_alert") == [INBOX]


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_step_without_a_stated_time_waits_and_people_are_reminded_daily(board: str, ladder: str) -> None:
    story = begun(board, ladder)
    while story.case.deadline.at is not None:
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    step, before = story.case.step, len(story.notices("reminder"))
    story.wait_until(story.now + timedelta(days=3))
    assert (story.state(), story.case.step) == ("open", step)
    assert len(story.notices("reminder")) == before + 3 * len(story.case.people)


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_a_ladder_closes_on_an_outcome_that_both_sides_confirm(board: str, ladder: str) -> None:
    story = begun(board, ladder)
    story.says(ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
    story.says(ReplyAct.CONFIRMED, Side.RAISING)
    story.says(ReplyAct.CONFIRMED, Side.OTHER)
    assert (story.state(), story.facts()[-1]) == ("closed", "CaseClosed")


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
def test_every_area_leads_to_its_ladder(board: str, ladder: str) -> None:
    protocol = packaged_protocols()[board]
    found = protocol.ladder(ladder)
    assert {protocol.ladder_for(found.case_stage, area).id for area in found.areas} == {ladder}


@pytest.mark.parametrize("board", BOARDS)
def test_names_that_people_choose_by_are_told_apart(board: str) -> None:
    """No name is the beginning of another: typed answers are matched against them."""
    protocol = packaged_protocols()[board]
    stages = [[name.lower() for name in protocol.case_stages.values()]]
    stages += [
        [protocol.areas[area].lower() for ladder in protocol.ladders if ladder.case_stage == stage for area in ladder.areas]
        for stage in protocol.case_stages
    ]
    assert not [
        (one, other) for names in stages for one in names for other in names if one is not other and other.startswith(one)
    ]


@pytest.mark.parametrize("board", BOARDS)
def test_what_people_are_told_to_do_is_plain(board: str) -> None:
    """No abbreviation that only one agency knows, and no full stop: the sentence stands inside others."""
    for ladder in packaged_protocols()[board].ladders:
        for step in ladder.steps:
            assert not re.search(r"\b[A-Z]{2,}\b|[&/.]$|[&/]", step.action), step.action


@pytest.mark.parametrize("board", BOARDS)
def test_danger_means_the_police(board: str) -> None:
    """No document but Bedfordshire's says it, so the file says that it is ours."""
    danger = packaged_protocols()[board].danger
    assert danger.text == "If a child is in immediate danger, contact the police at once."
    assert danger.source.startswith("ours, after Bedfordshire")


@pytest.mark.parametrize(
    ("within", "needed"),
    [
        ("{ kind: elapsed_hours, amount: 24 }", ["A-01", "A-02", "A-03"]),
        ("{ kind: working_hours, amount: 8 }", ["A-01", "A-02"]),
        ("{ kind: working_days, amount: 1 }", ["A-01"]),
        ("{ kind: immediately }", ["A-01", "A-06"]),
        ("{ kind: without_delay }", []),
        ("{ kind: agreed }", []),
    ],
)
def test_a_time_needs_the_choices_that_its_deadline_comes_from(tmp_path: Path, within: str, needed: list[str]) -> None:
    """Birmingham states no time, and so has no choice about one."""
    source = (PACKAGED / "birmingham.yaml").read_text(encoding="utf-8")
    path = tmp_path / "timed.yaml"
    path.write_text(source.replace("within: null", f"within: {within}", 1), encoding="utf-8")
    told: list[str] = []
    try:
        load_protocol(path)
    except ProtocolError as error:
        told = [problem.expected for problem in error.problems]
    assert told == [f"a choice {key}: deadlines depend on it" for key in needed]


def test_hours_after_an_agreed_time_are_counted_from_their_own_step() -> None:
    """No figure can be taken from "agreed" (A-25), so the step that follows stands alone."""
    begun_at = start("BED-S6")
    protocol, ladder = begun_at.board.protocol, begun_at.board.protocol.ladder("BED-S6")
    first, *later = ladder.steps
    agreed = ladder.model_copy(update={"steps": (first.model_copy(update={"within": Within(kind=Unit.AGREED)}), *later)})
    reached = RAISED_AT + timedelta(days=2)
    found = deadline(protocol, agreed, 2, raised_at=RAISED_AT, step_reached_at=reached, calendar=begun_at.calendar)
    assert found.at == reached + timedelta(hours=36)
