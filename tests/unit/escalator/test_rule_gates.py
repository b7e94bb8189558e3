"""What is no disagreement here, and what may not wait: gates, the child's own time, steps left out, and where a ladder ends."""

from datetime import timedelta

import pytest

from services.contracts.escalator import CaseClosed, CaseRedirected
from services.contracts.vocabulary import Ending, ReplyAct, Sector, Side
from services.escalator.case import CaseStart
from tests.cases import CONTACTS, INBOX, RAISED_AT, RAISER, everybody, start
from tests.unit.escalator.story import Story

HOUR = timedelta(hours=1)


def redirected(**written: object) -> CaseStart:
    begun = start("BIR-S6", on="birmingham")
    return begun.model_copy(update={"form": begun.form.model_copy(update={"area": "plan_not_carried_out", **written})})


def test_an_agreed_plan_that_was_not_carried_out_is_no_disagreement_in_birmingham() -> None:
    """BIR-05, BIR-06: it goes to the core group, the conference or a manager, and no tier begins."""
    story = Story(redirected())
    assert story.facts() == ["CaseRedirected"]
    assert story.state() == "redirected"
    said = story.messages[0]
    assert isinstance(said, CaseRedirected)
    assert "1.2" in said.paragraph
    assert len(said.route.split("; ")) == 3
    assert story.told("asked") == [RAISER.address]
    assert story.last("asked").facts["items"] == [f"{n}. {place}" for n, place in enumerate(said.route.split("; "), start=1)]
    assert story.decision.wake_at is None
    assert not story.notices("board_alert")


def test_a_child_who_may_be_in_danger_is_seen_by_board_staff_also_when_redirected() -> None:
    assert Story(redirected(immediate_danger=True)).told("board_alert") == [INBOX]


def test_a_redirected_case_goes_on_when_the_practitioner_says_that_it_is_one() -> None:
    story = Story(redirected())
    story.says(ReplyAct.REOPENED, Side.RAISING)
    assert story.facts()[:3] == ["CaseRedirected", "CaseOpened", "StepReached"]
    assert story.case.ladder.id == "BIR-S6"


@pytest.mark.parametrize(("board", "ladder", "area"), [("oxfordshire", "OXF-S5", "decisions"), ("bedfordshire", "BED-S11", "")])
def test_inaction_is_a_disagreement_in_oxfordshire_and_bedfordshire(board: str, ladder: str, area: str) -> None:
    """OXF-24, BED-08, A-24: what Birmingham sends elsewhere starts a tier here."""
    begun = start(ladder, on=board)
    form = begun.form.model_copy(update={"area": area or begun.form.area})
    assert Story(begun.model_copy(update={"form": form})).facts()[:2] == ["CaseOpened", "StepReached"]


def test_immediate_danger_runs_every_step_at_its_fastest() -> None:
    """BED-10, A-06: an hour for each step, and the sentence says why."""
    story = Story(start(immediate_danger=True))
    assert story.case.deadline.at == RAISED_AT + HOUR
    assert "immediate danger" in story.case.deadline.explanation
    story.wait_until(RAISED_AT + HOUR)
    assert (story.case.step, story.case.deadline.at) == (2, RAISED_AT + 2 * HOUR)
    assert all(notice.urgent for notice in story.notices("step_reached"))


def test_a_possible_injury_of_an_infant_is_resolved_immediately() -> None:
    """BED-14, OXF-05."""
    for begun in (start(injury_to_infant=True), start("OXF-S2", on="oxfordshire", injury_to_infant=True)):
        story = Story(begun)
        assert story.case.deadline.at == RAISED_AT + HOUR
        assert "non-accidental injury" in story.case.deadline.explanation


def test_the_childs_own_time_frame_beats_the_table_and_the_last_step_is_reached_before_it_ends() -> None:
    """OXF-04, BED-14."""
    needed_by = RAISED_AT + 6 * HOUR
    story = Story(start(needed_by=needed_by))
    assert story.case.deadline.at == RAISED_AT + 2 * HOUR
    story.wait_until(RAISED_AT + 4 * HOUR)
    assert (story.case.step, story.case.deadline.at) == (3, needed_by)


def test_a_time_frame_longer_than_the_table_changes_nothing() -> None:
    assert Story(start(needed_by=RAISED_AT + 1000 * HOUR)).case.deadline.at == RAISED_AT + 24 * HOUR


def test_the_first_attempt_is_left_out_where_a_child_is_at_immediate_risk() -> None:
    """BAR-12: the people who disagree do not have to try first."""
    calm = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    calm.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert calm.case.step == 2
    urgent = Story(start("BAR-S1", on="barnsley", immediate_danger=True), everybody("barnsley"))
    while urgent.case.step < 3:
        urgent.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert 2 not in [step.step for step in urgent.steps()]
    assert "at_risk" in [step.why for step in urgent.steps()]
    assert Side.OTHER in urgent.case.reasons_from  # BAR-13 holds all the same


@pytest.mark.parametrize(
    ("sector", "choice", "last"),
    [
        (Sector.EDUCATION, "board", 5),
        (Sector.SOCIAL_CARE, "board", 4),
        (Sector.SOCIAL_CARE, "same_step", 5),
    ],
)
def test_the_last_tier_is_for_other_agencies(sector: Sector, choice: str, last: int) -> None:
    """BAR-17, A-28: where children's social care itself raised it, the board decides unless it chose otherwise."""
    begun = start("BAR-S1", on="barnsley", choices={"A-28": choice}).model_copy(update={"own_sector": sector})
    story = Story(begun, everybody("barnsley"))
    while story.state() != "last_tier_passed":
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert story.steps()[-1].step == last


def test_a_conference_is_convened_where_nobody_agrees() -> None:
    """BAR-22: the default outcome, chased until it is done."""
    story = Story(start("BAR-S2", on="barnsley"), everybody("barnsley"))
    for _ in range(2):
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    closed = next(message for message in story.messages if isinstance(message, CaseClosed))
    assert (closed.how, closed.outcome) == (Ending.DEFAULT_OUTCOME, None)
    assert story.state() == "following_up"
    assert [pursuit.item.kind for pursuit in story.case.pursuits] == ["conference"]


@pytest.mark.parametrize(("choice", "reminded"), [("board_decides", False), ("last_step_goes_on", True)])
def test_after_the_last_step_the_board_is_told_again_and_again(choice: str, reminded: bool) -> None:
    """A-15."""
    story = Story(start(choices={"A-15": choice}))
    story.wait_until(RAISED_AT + 48 * HOUR)
    alerts, reminders = len(story.notices("board_alert")), len(story.notices("reminder"))
    story.wait_until(RAISED_AT + 73 * HOUR)
    assert len(story.notices("board_alert")) > alerts
    assert (len(story.notices("reminder")) > reminders) == reminded


def test_the_board_is_told_when_northamptonshires_last_stage_begins() -> None:
    """NOR-09: through the Business Office."""
    story = Story(start("NOR-S1", on="northamptonshire"), everybody("northamptonshire"))
    while story.case.step < 5:
        story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    assert "told_by_protocol" in [notice.facts["what"] for notice in story.notices("board_alert")]


def test_what_holds_at_a_step_is_in_its_notice() -> None:
    """BAR-13: both sides give reasons in writing; BIR-10: what an outcome says."""
    story = Story(start("BAR-S1", on="barnsley"), everybody("barnsley"))
    story.says(ReplyAct.NOT_RESOLVED, Side.RAISING)
    for notice in [n for n in story.notices("step_reached") if n.facts["step"] == 2 and n.facts["must_act"]]:
        rules = notice.facts["rules"]
        assert isinstance(rules, list)
        assert "Your reasons in writing" in [rule["title"] for rule in rules if isinstance(rule, dict)]


def test_nobody_is_told_of_a_disagreement_that_is_kept_from_them() -> None:
    """BED-22: the safe route never reaches the manager it is about, nor anybody in that role, in any hop."""
    manager = CONTACTS[0]
    begun = start("BED-8.2", other_worker=f"{manager.name}, my manager")
    story = Story(begun)
    story.wait_until(RAISED_AT + 48 * HOUR)
    told = {notice.to.address for notice in story.messages if hasattr(notice, "to")}
    assert "robin@school.example" in told
    assert manager.address not in told
