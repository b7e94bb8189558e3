"""Cases that are running keep running when the code changes: every saved history replays through the workflow of today.

A workflow changed without a patch marker fails here. `CONCORD_SAVE_HISTORIES=1` saves the paths below anew, for a release.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from services.contracts.vocabulary import Person, ReplyAct, Side, StaffAct
from services.escalator.workflows import CaseWorkflow
from services.kit.clock import now
from tests.cases import everybody, reply
from tests.workflows.conftest import AGREED, Cases, Handle

HISTORIES = Path(__file__).parent / "histories"


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


async def decided_and_challenged(cases: Cases) -> Handle:
    """OXF-20 to OXF-22, and a meeting; then withdrawn."""
    cases.said.contacts = everybody("oxfordshire")
    case = await cases.open("OXF-S4A", on="oxfordshire")
    chair = Person(name="Chair", address="independent_conference_chair@care.example")
    await cases.answer(case, ReplyAct.DECISION, Side.OTHER, by=chair)
    await cases.until(case, "DecisionMade")
    await cases.answer(case, ReplyAct.DISSENT, Side.RAISING)
    await cases.answer(case, ReplyAct.CHALLENGE, Side.RAISING)
    await cases.until(case, "StepReached", 2)
    await cases.answer(case, ReplyAct.MEETING, Side.OTHER)
    await cases.answer(case, ReplyAct.WITHDRAWN, Side.RAISING)
    await case.result()
    return case


async def agreed_time_and_follow_up(cases: Cases) -> Handle:
    """OXF-10, OXF-16: advice, an agreed time, silence, an outcome, and the planning meeting."""
    cases.said.contacts = everybody("oxfordshire")
    case = await cases.open("OXF-S2", on="oxfordshire")
    await cases.answer(case, ReplyAct.TIME_PROPOSED, Side.RAISING, moment=now() + timedelta(days=2))
    await cases.answer(case, ReplyAct.TIME_AGREED, Side.OTHER)
    await cases.until(case, "DeadlineChanged")
    await cases.answer(case, ReplyAct.ADVICE_WANTED, Side.OTHER)
    await cases.pass_time(case, 24 * 2.1)
    await cases.until(case, "StepReached", 2)
    for act, side in AGREED:
        await cases.answer(case, act, side)
    await cases.until(case, "FollowUpBegun")
    await cases.answer(case, ReplyAct.DONE, Side.RAISING, number=1)
    await case.result()
    return case


async def passed_over_and_default_outcome(cases: Cases) -> Handle:
    """BAR-08, BAR-22: one step by consent, then a conference because nobody agrees, and what was learned."""
    cases.said.contacts = ()
    case = await cases.open("BAR-S2", on="barnsley")
    await cases.answer(case, ReplyAct.BYPASS_ASKED, Side.RAISING)
    await cases.answer(case, ReplyAct.BYPASS_AGREED, Side.OTHER)
    await cases.answer(case, ReplyAct.STILL_AT_RISK, Side.RAISING)
    for _ in range(2):
        await cases.answer(case, ReplyAct.NOT_RESOLVED, Side.RAISING)
    await cases.until(case, "FollowUpBegun")
    await cases.answer(case, ReplyAct.LEARNING, Side.OTHER)
    await cases.staff(case, StaffAct.DONE, number=1)
    await case.result()
    return case


async def redirected_at_once(cases: Cases) -> Handle:
    """BIR-05."""
    case = await cases.open("BIR-S6", on="birmingham", reaches=None, area="plan_not_carried_out")
    await case.result()
    return case


async def begun_anew_after_its_end(cases: Cases) -> Handle:
    """Withdrawn and reopened; board staff name somebody, and decide after the last step (A-15)."""
    case = await cases.open("BED-S1")
    await cases.answer(case, ReplyAct.WITHDRAWN, Side.RAISING)
    await case.result()
    again = await cases.begin_anew(case, reply(ReplyAct.REOPENED, Side.RAISING, 1, case_id=case.id))
    await cases.until(again, "CaseReopened")
    person = Person(name="Chris Bell", address="chris@school.example")
    await cases.staff(again, StaffAct.ASKED, person=person, side=Side.OTHER)
    await cases.answer(again, ReplyAct.WRONG_PERSON, Side.OTHER, by=person)
    await cases.pass_time(again, 24 * 5)
    await cases.until(again, "LastTierPassed")
    await cases.staff(again, StaffAct.DECIDED)
    await again.result()
    return again


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
        decided_and_challenged,
        agreed_time_and_follow_up,
        passed_over_and_default_outcome,
        redirected_at_once,
        begun_anew_after_its_end,
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
