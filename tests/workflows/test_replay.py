"""Cases that are running keep running when the code changes: every saved history replays through the workflow of today.

A workflow changed without a patch marker fails here. `CONCORD_SAVE_HISTORIES=1` saves the paths below anew, for a release.
"""

import os
import re
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from services.contracts.vocabulary import ReplyAct, Side
from services.escalator.workflows import CaseWorkflow
from tests.workflows.conftest import Cases, Handle

HISTORIES = Path(__file__).parent / "histories"
AGREED = (
    (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
    (ReplyAct.CONFIRMED, Side.OTHER),
    (ReplyAct.CONFIRMED, Side.RAISING),
)


async def agreed_at_once(cases: Cases) -> Handle:
    case = await cases.open("BED-S6")
    for act, side in AGREED:
        await cases.answer(case, act, side)
    await case.result()
    return case


async def agreed_after_a_missed_tier(cases: Cases) -> Handle:
    case = await cases.open("BED-S4")
    await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER)
    await cases.pass_time(case, 24.1)
    await cases.until(case, "StepReached", 2)
    for act, side in ((ReplyAct.OUTCOME_PROPOSED, Side.RAISING), (ReplyAct.DISPUTED, Side.OTHER), *AGREED):
        await cases.answer(case, act, side)
    await case.result()
    return case


async def past_the_last_tier(cases: Cases) -> Handle:
    case = await cases.open("BED-S1")
    for step in (1, 2):
        await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
        await cases.until(case, *(("StepReached", 2) if step == 1 else ("LastTierPassed", 1)))
    await case.terminate()
    return case


async def agreed_after_a_long_history(cases: Cases) -> Handle:
    """Only what came after it began anew is kept: what came before is long."""
    case = await cases.open("BED-S10")
    first_run = await cases.run_of(case)
    for _ in range(4):
        await cases.answer(case, ReplyAct.RESPONSE, Side.OTHER, content="x" * 500_000)
    await cases.until(case, "ResponseRecorded", 4)
    await cases.until_begun_anew(case, first_run)
    await cases.pass_time(case, 24.1)
    await cases.until(case, "StepReached", 2)
    for act, side in AGREED:
        await cases.answer(case, act, side)
    await case.result()
    return case


async def somebody_not_reached(cases: Cases) -> Handle:
    case = await cases.open("BED-S6")
    await cases.bounce(case, cases.said.notices(case.id, "step_reached")[-1])
    await cases.until_told(case, "board_alert")
    for act, side in AGREED:
        await cases.answer(case, act, side)
    await case.result()
    return case


def save(name: str, history: WorkflowHistory) -> None:
    nowhere = re.sub(r'"identity": "[^"]*"', '"identity": "a worker"', history.to_json())
    (HISTORIES / f"{name}.json").write_text(nowhere + "\n")


def saved(path: Path) -> str:
    return path.read_text()


PATHS = {
    path.__name__: path
    for path in (
        agreed_at_once,
        agreed_after_a_missed_tier,
        past_the_last_tier,
        agreed_after_a_long_history,
        somebody_not_reached,
    )
}


@pytest.mark.parametrize("name", PATHS)
async def test_a_case_of_today_replays(cases: Cases, name: str) -> None:
    case = await PATHS[name](cases)
    history = await case.fetch_history()
    if os.environ.get("CONCORD_SAVE_HISTORIES") == "1":
        save(name, history)
    await Replayer(workflows=[CaseWorkflow], data_converter=pydantic_data_converter).replay_workflow(history)


def test_every_path_has_a_saved_history() -> None:
    assert {path.stem.split("@")[0] for path in HISTORIES.glob("*.json")} == set(PATHS)


@pytest.mark.parametrize("path", sorted(HISTORIES.glob("*.json")), ids=lambda path: path.stem)
async def test_a_saved_history_replays(path: Path) -> None:
    history = WorkflowHistory.from_json("BED-00000000", saved(path))
    await Replayer(workflows=[CaseWorkflow], data_converter=pydantic_data_converter).replay_workflow(history)
