"""The case workflow on the real engine, with its time skipped: the core's decisions, durably."""

from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Ending, ReplyAct, Side, StaffAct
from services.escalator import domain
from services.escalator.case import Answered
from services.escalator.handlers import MOST_BYTES
from services.escalator.loader import packaged_protocols
from services.escalator.workflows import CaseWorkflow
from services.kit.clock import now
from tests.cases import board, everybody, reply
from tests.workflows.conftest import AGREED, Cases


async def test_both_sides_confirm_and_the_case_closes(cases: Cases) -> None:
    case = await cases.open("BED-S6")
    await cases.answer(case, ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    await cases.answer(case, ReplyAct.CONFIRMED, Side.OTHER)
    await cases.answer(case, ReplyAct.CONFIRMED, Side.RAISING)
    assert await case.result() == "closed"
    assert cases.said.facts(case.id) == [
        "CaseOpened",
        "StepReached",
        "OutcomeProposed",
        "OutcomeConfirmed",
        "OutcomeConfirmed",
        "CaseClosed",
    ]


async def test_a_missed_tier_moves_up_by_itself_and_the_case_is_still_agreed(cases: Cases) -> None:
    case = await cases.open("BED-S6")
    await cases.pass_time(case, 23.5)
    await cases.until_told(case, "reminder")
    await cases.pass_time(case, 0.6)
    await cases.until(case, "StepReached", 2)
    await cases.answer(case, ReplyAct.OUTCOME_PROPOSED, Side.RAISING)
    await cases.answer(case, ReplyAct.CONFIRMED, Side.RAISING)
    await cases.answer(case, ReplyAct.CONFIRMED, Side.OTHER)
    assert await case.result() == "closed"
    assert cases.said.facts(case.id).count("DeadlineMissed") == 1


LADDERS = [(key, ladder.id) for key, protocol in packaged_protocols().items() for ladder in protocol.ladders]


@pytest.mark.parametrize(("board", "ladder"), LADDERS)
async def test_every_ladder_of_every_board_runs_to_its_end(cases: Cases, board: str, ladder: str) -> None:
    """Stated times pass, steps without one end unresolved, and at the last step both sides agree; what is outstanding is done."""
    cases.said.contacts = everybody(board)
    case = await cases.open(ladder, on=board)
    steps = len(packaged_protocols()[board].ladder(ladder).steps)
    ahead = timedelta()  # of the wall clock
    for step in range(1, steps):
        deadline = await case.query(CaseWorkflow.deadline)
        if deadline is not None:
            left = deadline - (now() + ahead)
            await cases.pass_time(case, left / timedelta(hours=1))
            ahead += left
        else:
            await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
        await cases.until(case, "StepReached", step + 1)
    assert cases.said.facts(case.id).count("StepReached") == steps
    assert "LastTierPassed" not in cases.said.facts(case.id)
    for act, side in AGREED:
        await cases.answer(case, act, side)
    await cases.until(case, "CaseClosed")
    if await case.query(CaseWorkflow.state) == "following_up":
        await cases.answer(case, ReplyAct.DONE, Side.OTHER, number=1)
    assert await case.result() == "closed"
    assert cases.said.ended[case.id].case.how is Ending.CONFIRMED


async def test_a_ladder_that_is_used_up_waits_for_board_staff(cases: Cases) -> None:
    """A-15: it is chased for as long as it takes, and they decide."""
    case = await cases.open("BED-S6")
    await cases.pass_time(case, 24 * 5)
    await cases.until(case, "LastTierPassed")
    assert await case.query(CaseWorkflow.state) == "last_tier_passed"
    await cases.staff(case, StaffAct.DECIDED)
    assert await case.result() == "closed"


async def test_a_case_that_has_ended_begins_anew_with_what_made_it_go_on(cases: Cases) -> None:
    case = await cases.open("BED-S6")
    await cases.answer(case, ReplyAct.WITHDRAWN, Side.RAISING)
    assert await case.result() == "closed"
    again = await cases.begin_anew(case, reply(ReplyAct.REOPENED, Side.RAISING, 1, case_id=case.id))
    await cases.until(again, "CaseReopened")
    await cases.until(again, "StepReached", 2)
    assert await again.query(CaseWorkflow.state) == "open"
    await again.terminate()


async def test_a_bank_holiday_announced_late_moves_a_running_deadline_once(cases: Cases) -> None:
    """NOR-05: one working day."""
    case = await cases.open("NOR-S1", on="northamptonshire")
    before = await case.query(CaseWorkflow.deadline)
    assert before is not None
    announced = board("northamptonshire").model_copy(update={"bank_holidays": (before.date(),)})
    for _ in range(2):
        await cases.tell_calendar(case, announced)
    await cases.until(case, "DeadlineChanged")
    after = await case.query(CaseWorkflow.deadline)
    assert after is not None
    assert after > before
    assert cases.said.facts(case.id).count("DeadlineChanged") == 1
    await case.terminate()


async def test_a_form_that_is_no_disagreement_ends_at_once(cases: Cases) -> None:
    """BIR-05."""
    case = await cases.open("BIR-S6", on="birmingham", reaches=None, area="plan_not_carried_out")
    assert await case.result() == "redirected"
    assert cases.said.facts(case.id) == ["CaseRedirected"]


async def test_the_same_reply_handed_over_twice_counts_once(cases: Cases) -> None:
    case = await cases.open("BED-S6")
    message = reply(ReplyAct.RESPONSE, Side.OTHER, 1, case_id=case.id)
    for _ in range(3):
        await case.execute_update(CaseWorkflow.act, Answered(reply=message), id=str(message.message_id))
    await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
    await cases.until(case, "StepReached", 2)
    assert cases.said.facts(case.id).count("ResponseRecorded") == 1
    await case.terminate()


async def test_a_closed_case_takes_no_more_acts(cases: Cases) -> None:
    case = await cases.open("BED-S6")
    for act, side in (
        (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.RAISING),
    ):
        await cases.answer(case, act, side)
    await case.result()
    with pytest.raises((RPCError, WorkflowUpdateFailedError)):
        await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER)


async def test_what_comes_in_while_the_case_closes_is_answered(cases: Cases) -> None:
    """The broker is away while the close is said; a reply that the case has taken in by then is not lost."""
    case = await cases.open("BED-S6")
    await cases.answer(case, ReplyAct.OUTCOME_PROPOSED, Side.OTHER)
    await cases.answer(case, ReplyAct.CONFIRMED, Side.OTHER)
    await cases.until(case, "OutcomeConfirmed")
    cases.said.free.clear()
    await cases.answer(case, ReplyAct.CONFIRMED, Side.RAISING)
    await cases.said.waiting.wait()
    await cases.answer(case, ReplyAct.DISPUTED, Side.RAISING)
    cases.said.free.set()
    assert await case.result() == "closed"
    assert cases.said.facts(case.id)[-2:] == ["CaseClosed", "ActNotTaken"]
    assert "has closed" in str(cases.said.notices(case.id, "act_not_taken")[0].facts["reason"])


async def test_a_long_history_begins_anew_with_the_case_as_it_is(cases: Cases) -> None:
    """Nothing is said twice, no act is lost or counted twice, and the deadline stands."""
    case = await cases.open("BED-S6")
    first_run = await cases.run_of(case)
    replies = [await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER, content="x" * 500_000) for _ in range(6)]
    await cases.until(case, "ResponseRecorded", 6)
    await cases.until_begun_anew(case, first_run)
    for message in replies:
        await cases.hand_over(case, message)
    await cases.pass_time(case, 24.1)
    await cases.until(case, "StepReached", 2)
    for act, side in (
        (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.OTHER),
        (ReplyAct.CONFIRMED, Side.RAISING),
    ):
        await cases.answer(case, act, side)
    assert await case.result() == "closed"
    facts = cases.said.facts(case.id)
    assert (facts.count("ResponseRecorded"), facts.count("CaseOpened"), facts.count("CaseClosed")) == (6, 1, 1)


async def test_the_largest_messages_a_case_takes_in_fit_into_its_workflow(cases: Cases) -> None:
    case = await cases.open("BED-S6", form=Sealed(token="x" * (MOST_BYTES - 2_000)))
    largest = "x" * (MOST_BYTES - 2_000)
    await cases.answer(case, ReplyAct.OUTCOME_PROPOSED, Side.OTHER, content=largest)
    await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER, content=largest)
    await cases.until(case, "ResponseRecorded")
    for side in (Side.OTHER, Side.RAISING):
        await cases.answer(case, ReplyAct.CONFIRMED, side)
    assert await case.result() == "closed"


async def test_a_fault_of_ours_is_told_and_the_case_goes_on(cases: Cases, monkeypatch: pytest.MonkeyPatch) -> None:
    case = await cases.open("BED-S6")

    def fails(*_arguments: object) -> None:
        raise KeyError("a fault")

    with monkeypatch.context() as patched:
        patched.setattr(domain, "answered", fails)
        await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER)
        await cases.until_told(case, "board_alert")
    await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
    await cases.until(case, "StepReached", 2)
    assert cases.said.notices(case.id, "board_alert")[0].facts["what"] == "fault"
    await case.terminate()
