"""A worker with the real workflow, and activities that keep what they are asked to say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from services.contracts.catalogue import SPEAKERS
from services.contracts.contact_list import ContactLine
from services.contracts.escalator import CaseEvent
from services.contracts.intake import ReplyReceived
from services.contracts.message import Message
from services.contracts.notifier import SendNotice
from services.contracts.records import StaffActed
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import Person, ReplyAct, Side, StaffAct
from services.escalator.boards import Board
from services.escalator.calendar_changes import tell_calendar
from services.escalator.case import Answer, Answered, NotReached, PeopleFound, StaffDid
from services.escalator.people import find
from services.escalator.workflows import CaseWorkflow, LookUp, Outgoing, Resumed
from services.kit.clock import now
from tests.cases import CONTACTS, reply, start

KINDS = {message.topic: message for message in SPEAKERS}

Handle = WorkflowHandle[CaseWorkflow, str]

AGREED = (
    (ReplyAct.OUTCOME_PROPOSED, Side.OTHER),
    (ReplyAct.CONFIRMED, Side.OTHER),
    (ReplyAct.CONFIRMED, Side.RAISING),
)
"""What leads from a step to the close of a case."""


class Said:
    """What the workflow said, by message id: saying a thing twice leaves one."""

    def __init__(self) -> None:
        self._messages: dict[str, Message] = {}
        self.contacts: tuple[ContactLine, ...] = CONTACTS
        self.ended: dict[str, Resumed] = {}
        self.free = asyncio.Event()
        self.free.set()
        self.waiting = asyncio.Event()

    @activity.defn(name="publish")
    async def publish(self, messages: list[Outgoing]) -> None:
        if not self.free.is_set():
            self.waiting.set()
            await self.free.wait()
        for message in messages:
            self._messages[message.message_id] = KINDS[message.topic].model_validate_json(message.body)

    @activity.defn(name="find_people")
    async def find_people(self, question: LookUp) -> PeopleFound:
        answers = (
            Answer(wanted=wanted, found=find(self.contacts, wanted, question.roles, question.inbox, question.day))
            for wanted in question.find.wanted
        )
        return PeopleFound(purpose=question.find.purpose, answers=tuple(answers))

    @activity.defn(name="keep_ended")
    async def keep_ended(self, ended: Resumed) -> None:
        self.ended[ended.case.case_id] = ended

    def facts(self, case_id: str) -> list[str]:
        return [type(message).__name__ for message in self._of(case_id) if isinstance(message, CaseEvent)]

    def notices(self, case_id: str, kind: str) -> list[SendNotice]:
        return [message for message in self._of(case_id) if isinstance(message, SendNotice) and message.kind == kind]

    def _of(self, case_id: str) -> list[Message]:
        return [message for message in self._messages.values() if getattr(message, "case_id", "") == case_id]


class Cases:
    """Starts cases, answers in them and lets their time pass."""

    def __init__(self, client: Client, task_queue: str, said: Said) -> None:
        self._client = client
        self._skipper = TimeSkipper(client)
        self._task_queue = task_queue
        self.said = said

    async def open(
        self, ladder: str, *, on: str = "bedfordshire", reaches: str | None = "StepReached", **written: object
    ) -> Handle:
        """Open a case on this ladder of this board, with this written on the form, and wait until it `reaches` this fact."""
        case_id = f"BED-{uuid4().hex[:8].upper()}"
        begun = start(ladder, case_id, now(), on=on)
        begun = begun.model_copy(update={"form": begun.form.model_copy(update=written)})
        await self._client.start_workflow(CaseWorkflow.run, begun, id=case_id, task_queue=self._task_queue)
        handle: Handle = self._client.get_workflow_handle_for(CaseWorkflow.run, case_id)
        if reaches is not None:
            await self.until(handle, reaches, 1)
        return handle

    async def begin_anew(self, handle: Handle, message: ReplyReceived) -> Handle:
        """Begin a case that has ended anew, with this reply, as the escalator does."""
        ended = self.said.ended[handle.id].model_copy(update={"acts": (Answered(reply=message),)})
        await self._client.start_workflow(CaseWorkflow.run, ended, id=handle.id, task_queue=self._task_queue)
        again: Handle = self._client.get_workflow_handle_for(CaseWorkflow.run, handle.id)
        return again

    async def staff(self, handle: Handle, act: StaffAct, **more: object) -> None:
        """Board staff do this, with something written."""
        did = StaffActed(
            message_id=uuid4(),
            at=now(),
            case_id=handle.id,
            board="bedfordshire",
            act=act,
            by=Person(name="Board staff", address="staff@board.example"),
            content=Sealed(token="sealed-staff"),
        ).model_copy(update=more)
        await handle.execute_update(CaseWorkflow.act, StaffDid(act=did), id=str(did.message_id))

    async def answer(
        self, handle: Handle, act: ReplyAct, side: Side, notice: int = 9_999, *, content: str = "sealed-reply", **more: object
    ) -> ReplyReceived:
        message = reply(act, side, notice, case_id=handle.id).model_copy(update={"content": Sealed(token=content), **more})
        await self.hand_over(handle, message)
        return message

    async def hand_over(self, handle: Handle, message: ReplyReceived) -> None:
        """Hand a reply to its case, as the escalator does."""
        await handle.execute_update(CaseWorkflow.act, Answered(reply=message), id=str(message.message_id))

    async def bounce(self, handle: Handle, notice: SendNotice) -> None:
        """This notice comes back."""
        await handle.execute_update(CaseWorkflow.act, NotReached(notice_id=notice.notice_id, detail="bounce"), id=uuid4().hex)

    async def tell_calendar(self, handle: Handle, board: Board) -> None:
        """Tell the case the calendar of its board as it is now."""
        await tell_calendar(self._client, {board.key: board}, handle.id)

    async def pass_time(self, handle: Handle, hours: float) -> None:
        assert await self._skipper.fast_forward(handle, timedelta(hours=hours))

    async def until(self, handle: Handle, fact: str, times: int = 1) -> None:
        """Wait until the case has said this fact as often."""
        await _until(lambda: self.said.facts(handle.id).count(fact) >= times)

    async def run_of(self, handle: Handle) -> str:
        """The id of the case's present history."""
        return (await handle.describe()).run_id or ""

    async def until_begun_anew(self, handle: Handle, run: str) -> None:
        """Wait until the case's history is no longer this one."""
        async with asyncio.timeout(30):
            while await self.run_of(handle) == run:  # noqa: ASYNC110 - the engine has no event for it
                await asyncio.sleep(0.02)

    async def until_told(self, handle: Handle, kind: str) -> None:
        """Wait until the case has sent a notice of this kind."""
        await _until(lambda: bool(self.said.notices(handle.id, kind)))


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 - the workflow runs in the engine: there is no event here to wait on
            await asyncio.sleep(0.02)


@pytest.fixture
async def cases(temporal_client: Client) -> AsyncIterator[Cases]:
    said = Said()
    task_queue = f"cases-{uuid4().hex}"
    worker = Worker(
        temporal_client,
        task_queue=task_queue,
        workflows=[CaseWorkflow],
        activities=[said.publish, said.find_people, said.keep_ended],
    )
    async with worker:
        yield Cases(temporal_client, task_queue, said)
