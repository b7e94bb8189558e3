"""The case workflow on the real engine, with its time skipped: the core's decisions, durably."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.case import Answered
from services.escalator.workflows import CaseWorkflow
from tests.cases import reply
from tests.workflows.conftest import Cases


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


@pytest.mark.parametrize("number", range(1, 13))
async def test_every_ladder_runs_to_a_named_end_when_nobody_agrees(cases: Cases, number: int) -> None:
    case = await cases.open(f"BED-S{number}")
    steps = cases.said.notices(case.id, "step_reached")[0].facts["steps"]
    assert isinstance(steps, int)
    for step in range(1, steps):
        await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
        await cases.until(case, "StepReached", step + 1)
    await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
    await cases.until(case, "LastTierPassed")
    assert await case.query(CaseWorkflow.state) == "last_tier_passed"
    await case.terminate()


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
