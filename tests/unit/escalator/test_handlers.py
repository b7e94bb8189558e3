"""What a message becomes when the workflow engine, the case or the message is not as it should be: told, waited for, or shown."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import pytest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.contracts.contact_list import ContactLine
from services.contracts.intake import DeliveryReported, ReplyReceived
from services.contracts.message import Message
from services.contracts.notifier import NoticeFailed, SendNotice
from services.contracts.sealed import Sealed
from services.contracts.vocabulary import DeliveryKind, ReplyAct, Side
from services.escalator import handlers as module
from services.escalator import repository
from services.escalator.case import Answered, CaseStart, NotReached
from services.escalator.errors import NoCase, Refused, TooLarge, Unknown
from services.escalator.handlers import PATIENCE, Handlers
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable
from tests.cases import CASE_ID, CONTACTS, RAISER, board, form, reply


def rpc(status: RPCStatusCode) -> RPCError:
    return RPCError("made up", status, b"")


class Engine:
    """A workflow engine that does as it is told: an exception is raised, anything else returned."""

    def __init__(self) -> None:
        self.start: Any = None
        self.update: Any = None
        self.status: Any = WorkflowExecutionStatus.RUNNING
        self.started: list[CaseStart] = []
        self.acts: list[tuple[str, Any]] = []

    async def start_workflow(self, _run: Any, start: CaseStart, **_options: Any) -> None:
        self._do(self.start)
        self.started.append(start)

    def get_workflow_handle(self, _case_id: str) -> "Engine":
        return self

    async def execute_update(self, _update: Any, act: Any, *, id: str, rpc_timeout: timedelta) -> None:
        assert rpc_timeout > timedelta()
        self._do(self.update)
        self.acts.append((id, act))

    async def describe(self, *, rpc_timeout: timedelta) -> "Engine":
        assert rpc_timeout > timedelta()
        self._do(self.status)
        return self

    def _do(self, told: Any) -> None:
        if isinstance(told, Exception):
            raise told


class Recorder:
    """A broker that keeps what is said, and a database with nothing in it."""

    def __init__(self) -> None:
        self.said: list[Message] = []

    async def publish(self, message: Message) -> None:
        self.said.append(message)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        yield


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def handlers(engine: Engine, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    async def contacts_of(_session: None, _board: str) -> list[ContactLine]:
        return [*CONTACTS, ContactLine(agency="Demo School", role="manager", name=RAISER.name, address=RAISER.address.upper())]

    async def ended_case(_session: None, _case_id: str) -> None:
        return None

    monkeypatch.setattr(repository, "contacts_of", contacts_of)
    monkeypatch.setattr(repository, "ended_case", ended_case)
    return Handlers(cast(Client, engine), cast(Database, recorder), cast(Bus, recorder), {"bedfordshire": board()})


@pytest.fixture
def later(handlers: Handlers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handlers have long been waiting."""
    long_after = now() + PATIENCE + timedelta(seconds=1)
    monkeypatch.setattr(module, "now", lambda: long_after)


def answer(notice: int | str = 1) -> ReplyReceived:
    return reply(ReplyAct.RESPONSE, Side.RAISING, notice).model_copy(update={"at": now()})


def delivery(kind: DeliveryKind, notice: str = "1") -> DeliveryReported:
    return DeliveryReported(
        message_id=uuid4(),
        at=now(),
        case_id=CASE_ID,
        notice_id=f"{CASE_ID}.{notice}",
        side=Side.OTHER,
        kind=kind,
        detail="",
        source="0" * 64,
    )


def failure(outcome: str, notice: str = "1") -> NoticeFailed:
    return NoticeFailed.model_validate(
        {
            "message_id": uuid4(),
            "at": now(),
            "case_id": CASE_ID,
            "notice_id": f"{CASE_ID}.{notice}",
            "kind": "step_reached",
            "address": "a@b.example",
            "side": "other",
            "attempts": 1,
            "outcome": outcome,
            "detail": "",
        }
    )


async def test_a_form_opens_a_case_with_the_raisers_agency_and_roles(handlers: Handlers, engine: Engine) -> None:
    await handlers.on_form_received(form("initial_assessment", "case_closure"))
    assert [(start.own_agency, start.own_roles) for start in engine.started] == [("Demo School", ("manager",))]


@pytest.mark.parametrize("changes", [{"board": "atlantis"}, {"area": "made_up"}, {"case_stage": "made_up"}])
async def test_a_form_that_fits_nothing_is_shown_to_a_person(
    handlers: Handlers, engine: Engine, changes: dict[str, str]
) -> None:
    with pytest.raises(Unknown):
        await handlers.on_form_received(form("initial_assessment", "case_closure").model_copy(update=changes))
    assert engine.started == []


async def test_a_form_heard_again_is_the_same_case(handlers: Handlers, engine: Engine) -> None:
    engine.start = WorkflowAlreadyStartedError(CASE_ID, "Case")
    await handlers.on_form_received(form("initial_assessment", "case_closure"))


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (RPCStatusCode.UNAVAILABLE, Unavailable),
        (RPCStatusCode.DEADLINE_EXCEEDED, Unavailable),
        (RPCStatusCode.PERMISSION_DENIED, Unavailable),
        (RPCStatusCode.INVALID_ARGUMENT, Refused),
    ],
)
async def test_an_engine_that_is_away_is_waited_for_and_a_refusal_is_shown(
    handlers: Handlers, engine: Engine, refusal: RPCStatusCode, told: type[Exception]
) -> None:
    engine.start = engine.update = rpc(refusal)
    with pytest.raises(told):
        await handlers.on_form_received(form("initial_assessment", "case_closure"))
    with pytest.raises(told):
        await handlers.on_reply_received(answer())


async def test_what_no_case_can_carry_is_shown_to_a_person(handlers: Handlers, engine: Engine) -> None:
    sealed = Sealed(token="x" * 700_000)
    with pytest.raises(TooLarge):
        await handlers.on_form_received(form("initial_assessment", "case_closure").model_copy(update={"form": sealed}))
    with pytest.raises(TooLarge):
        await handlers.on_reply_received(answer().model_copy(update={"content": sealed}))
    assert (engine.started, engine.acts) == ([], [])


async def test_a_reply_is_handed_to_its_case_under_the_messages_own_id(handlers: Handlers, engine: Engine) -> None:
    message = answer()
    await handlers.on_reply_received(message)
    assert engine.acts == [(str(message.message_id), Answered(reply=message))]


async def test_a_reply_to_a_closed_case_is_answered_the_same_each_time(
    handlers: Handlers, engine: Engine, recorder: Recorder
) -> None:
    engine.update, engine.status = rpc(RPCStatusCode.NOT_FOUND), WorkflowExecutionStatus.COMPLETED
    message = answer("r1")
    for _ in range(2):
        await handlers.on_reply_received(message)
    first, second = recorder.said
    assert isinstance(first, SendNotice)
    assert first.message_id == second.message_id
    assert (first.kind, first.to.address) == ("act_not_taken", RAISER.address)
    assert "has closed" in str(first.facts["reason"])


@pytest.mark.parametrize("update", [rpc(RPCStatusCode.NOT_FOUND), WorkflowUpdateFailedError(ApplicationError("ended"))])
async def test_a_case_that_closes_meanwhile_is_closed(
    handlers: Handlers, engine: Engine, recorder: Recorder, update: Exception
) -> None:
    engine.update, engine.status = update, WorkflowExecutionStatus.COMPLETED
    await handlers.on_reply_received(answer())
    assert len(recorder.said) == 1


@pytest.mark.parametrize(
    "update", [rpc(RPCStatusCode.NOT_FOUND), rpc(RPCStatusCode.UNAVAILABLE), WorkflowUpdateRPCTimeoutOrCancelledError()]
)
async def test_a_case_that_runs_is_tried_again(
    handlers: Handlers, engine: Engine, recorder: Recorder, update: Exception
) -> None:
    engine.update = update
    with pytest.raises(Unavailable):
        await handlers.on_reply_received(answer())
    assert recorder.said == []


async def test_an_act_the_running_case_cannot_take_is_shown_to_a_person(handlers: Handlers, engine: Engine) -> None:
    engine.update = WorkflowUpdateFailedError(ApplicationError("cannot be read"))
    with pytest.raises(NoCase, match="could not take"):
        await handlers.on_reply_received(answer())


async def test_a_reply_that_comes_before_its_case_waits_for_it(handlers: Handlers, engine: Engine) -> None:
    """The form may still wait in its own queue."""
    engine.update = engine.status = rpc(RPCStatusCode.NOT_FOUND)
    with pytest.raises(Unavailable, match="not begun yet"):
        await handlers.on_reply_received(answer())


async def test_a_reply_that_waited_while_the_service_was_down_waits_a_little_longer(handlers: Handlers, engine: Engine) -> None:
    engine.update = engine.status = rpc(RPCStatusCode.NOT_FOUND)
    old = answer().model_copy(update={"at": now() - timedelta(days=1)})
    with pytest.raises(Unavailable):
        await handlers.on_reply_received(old)


@pytest.mark.usefixtures("later")
async def test_a_reply_to_a_case_that_never_began_is_shown_to_a_person(
    handlers: Handlers, engine: Engine, recorder: Recorder
) -> None:
    engine.update = engine.status = rpc(RPCStatusCode.NOT_FOUND)
    for message in (answer(), answer("i1")):
        with pytest.raises(NoCase, match=CASE_ID):
            await handlers.on_reply_received(message)
    with pytest.raises(NoCase):
        await handlers.on_delivery_reported(delivery(DeliveryKind.BOUNCE))
    assert recorder.said == []


@pytest.mark.parametrize("status", [RPCStatusCode.UNAVAILABLE, RPCStatusCode.INTERNAL])
async def test_an_engine_that_goes_away_while_it_is_asked_is_waited_for(
    handlers: Handlers, engine: Engine, status: RPCStatusCode
) -> None:
    engine.update, engine.status = rpc(RPCStatusCode.NOT_FOUND), rpc(status)
    with pytest.raises(Unavailable):
        await handlers.on_reply_received(answer())


async def test_a_case_ended_from_outside_is_not_called_closed(handlers: Handlers, engine: Engine, recorder: Recorder) -> None:
    engine.update, engine.status = rpc(RPCStatusCode.NOT_FOUND), WorkflowExecutionStatus.TERMINATED
    with pytest.raises(NoCase, match="ended from outside"):
        await handlers.on_reply_received(answer())
    assert recorder.said == []


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        (delivery(DeliveryKind.BOUNCE), "bounce"),
        (delivery(DeliveryKind.ABSENCE), "absence"),
        (delivery(DeliveryKind.AUTO_REPLY), None),
        (delivery(DeliveryKind.BOUNCE, "i1"), None),
        (delivery(DeliveryKind.BOUNCE, "²"), None),
        (failure("refused"), "refused"),
        (failure("unprintable"), "unprintable"),
        (failure("uncertain"), None),
        (failure("gave_up", "r1"), None),
        (failure("gave_up", "e12345"), None),
    ],
)
async def test_only_what_did_not_reach_a_person_a_step_needs_reaches_the_case(
    handlers: Handlers, engine: Engine, message: DeliveryReported | NoticeFailed, detail: str | None
) -> None:
    hear = handlers.on_notice_failed if isinstance(message, NoticeFailed) else handlers.on_delivery_reported
    await cast(Any, hear)(message)
    assert [act for _, act in engine.acts] == ([NotReached(notice_id=message.notice_id, detail=detail)] if detail else [])
