"""Where a case is when more happens than a step and an agreement."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.escalator import CaseRedirected
from services.contracts.message import Message
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Ending, ReplyAct, Side
from services.records import domain
from services.records.case import Case, State
from tests.unit.records.further import FOLLOW_UPS, HEAD_OF_SERVICE, Further
from tests.unit.records.story import CASE, LEAD, MANAGER, RAISER, STAFF, WORKER

SEALER = Sealer([Fernet.generate_key().decode()])
IMPOSED = Further(SEALER).imposed()


def begun() -> tuple[Further, list[Message]]:
    story = Further(SEALER)
    return story, [story.form(), story.opened(), story.step(1)]


def read(*messages: Message) -> Case:
    return domain.read(CASE, messages)


@given(st.permutations(IMPOSED), st.lists(st.sampled_from(IMPOSED)))
def test_order_and_repetition_change_nothing(messages: list[Message], repeated: list[Message]) -> None:
    assert read(*messages, *repeated) == read(*IMPOSED)


def test_a_decision_waits_for_the_side_that_did_not_make_it_until_it_confirms_or_dissents() -> None:
    """BIR-19, OXF-20."""
    story, messages = begun()
    case = read(*messages, story.decided())
    assert (case.state, case.outcome, case.owing) == (State.DECIDED, 1, (Side.RAISING,))
    assert case.challenge_by is not None
    assert read(*messages, story.decided(), story.dissent()).owing == ()


def test_a_challenge_opens_the_case_at_the_next_step() -> None:
    """OXF-21."""
    story, messages = begun()
    case = read(*messages, story.decided(), story.dissent(), story.step(2, why="challenged"))
    assert (case.state, case.outcome, case.challenge_by, case.step) == (State.OPEN, None, None, 2)


def test_how_it_closed_and_what_was_not_done_are_known() -> None:
    """BED-20."""
    case = read(*IMPOSED)
    assert (case.state, case.how, case.procedures_followed) == (State.CLOSED, Ending.IMPOSED, False)
    assert [(item.step, item.paragraph) for item in case.not_done] == [(1, "3.7(b)")]


def test_a_follow_up_is_open_until_somebody_has_done_it() -> None:
    """BED-19."""
    story = Further(SEALER)
    closed = story.imposed()
    assert read(*closed).to_pursue == FOLLOW_UPS
    done = story.act(ReplyAct.DONE, "Follow-up 1 is done: Outstanding issue 1 of the written outcome.", follow_up=1)
    assert [item.number for item in read(*closed, done).to_pursue] == [2]
    other = story.act(ReplyAct.MEETING, "A meeting was arranged.")
    assert [item.number for item in read(*closed, done, other).to_pursue] == [2]


def test_a_reopened_case_is_open_at_its_step_and_owes_nothing_of_before() -> None:
    story = Further(SEALER)
    closed = story.imposed()
    case = read(*closed, story.reopened(2))
    assert (case.state, case.step, case.ended) == (State.OPEN, 2, False)
    assert (case.how, case.closed_at, case.to_pursue, case.lapses) == (None, None, (), ())


def test_a_redirected_case_can_begin_after_all() -> None:
    story = Further(SEALER)
    form = story.form()
    redirected = CaseRedirected.model_validate({**story._fact(), "route": "the core group", "paragraph": "1.2"})
    assert read(form, redirected).ended
    case = read(form, redirected, story.opened(), story.step(1))
    assert (case.state, case.closed_at, case.step) == (State.OPEN, None, 1)


def test_whoever_stands_in_is_asked_beside_whoever_was_asked_before() -> None:
    """BED-17."""
    story, messages = begun()
    case = read(*messages, story.stand_in(), story.stand_in(people=(MANAGER, WORKER)))
    assert (case.other_side, case.raising_side) == ((WORKER, MANAGER), (RAISER,))
    assert not case.needs_staff


def test_a_case_in_which_nobody_is_left_to_ask_waits_for_board_staff() -> None:
    """A-18 to A-20."""
    story, messages = begun()
    stuck = story.stand_in("board", (STAFF,))
    case = read(*messages, stuck)
    assert (case.needs_staff, case.suggested, case.other_side) == (True, (HEAD_OF_SERVICE,), (WORKER,))
    assert not read(*messages, stuck, story.stand_in("role", (HEAD_OF_SERVICE,), "staff")).needs_staff
    assert not read(*messages, stuck, story.step(2, why="deadline_missed")).needs_staff


def test_a_moved_deadline_holds_for_its_own_step_only() -> None:
    """A-25."""
    story, messages = begun()
    moved = story.moved()
    assert (read(*messages, moved).deadline, read(*messages, moved).explanation) == (moved.deadline, moved.explanation)
    story, messages = begun()
    second = story.step(2, why="not_resolved")
    assert read(*messages, second, story.moved()).deadline == second.deadline


@pytest.mark.parametrize("how", list(Ending))
def test_every_ending_closes_the_case(how: Ending) -> None:
    story, messages = begun()
    case = read(*messages, story.ended(how))
    assert (case.state, case.how, case.outcome, case.deadline) == (State.CLOSED, how, None, None)


def test_what_was_learned_and_where_it_went_is_kept() -> None:
    story = Further(SEALER)
    closed = story.imposed()
    (referral,) = read(*closed, story.learned()).learning
    assert (referral.to, referral.paragraph) == ("Joint Steering Group", "7.1")
    assert LEAD.name not in referral.model_dump_json()
