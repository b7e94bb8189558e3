"""Bank holidays announced late, closures and other hours: running cases learn the calendar of today."""

import asyncio
import logging
from collections.abc import Mapping
from hashlib import sha256

from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from services.escalator.boards import Board
from services.escalator.case import CalendarChanged
from services.escalator.handlers import case_calendar
from services.escalator.workflows import CaseWorkflow

log = logging.getLogger(__name__)


_EVERY_SECONDS = 3600


async def keep_calendars(client: Client, boards: Mapping[str, Board]) -> None:
    """Tell running cases their calendar now and every hour, for as long as the service runs."""
    while True:
        await announce_calendars(client, boards)
        await asyncio.sleep(_EVERY_SECONDS)


async def announce_calendars(client: Client, boards: Mapping[str, Board]) -> None:
    """Tell each running case whose calendar is no longer the one in force.

    A case that does not answer keeps the calendar it has and is told later; its deadline stands meanwhile.
    """
    async for execution in client.list_workflows("WorkflowType = 'Case' AND ExecutionStatus = 'Running'"):
        try:
            await tell_calendar(client, boards, execution.id)
        except RPCError as error:
            log.warning("%s was not told its calendar: %s", execution.id, error.status.name)


async def tell_calendar(client: Client, boards: Mapping[str, Board], case_id: str) -> None:
    """Tell a case the calendar in force where it works by another; it works its deadline out again. Raises RPCError."""
    handle: WorkflowHandle[CaseWorkflow, str] = client.get_workflow_handle_for(CaseWorkflow.run, case_id)
    in_use = await handle.query(CaseWorkflow.calendar)
    if in_use.board not in boards:
        return
    calendar = case_calendar(boards[in_use.board], in_use.agency, in_use.year)
    if calendar != in_use.calendar:
        digest = sha256(calendar.model_dump_json().encode()).hexdigest()
        await handle.execute_update(CaseWorkflow.act, CalendarChanged(calendar=calendar), id=digest)
