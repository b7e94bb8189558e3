"""What the escalator does with each message it hears. A case is started and acted on by id, so hearing twice changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid5

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.contracts.intake import DeliveryReported, FormReceived, ReplyReceived
from services.contracts.message import Message
from services.contracts.notifier import NoticeFailed, SendNotice
from services.contracts.records import StaffActed
from services.contracts.vocabulary import DeliveryKind
from services.escalator import repository
from services.escalator.answers import AFTER_CLOSING, CLOSED
from services.escalator.boards import Board
from services.escalator.calendars import calendar_for
from services.escalator.case import Act, Answered, CaseStart, NotReached, StaffDid, notice_number
from services.escalator.domain import begin
from services.escalator.errors import NoCase, Refused, TooLarge, Unknown
from services.escalator.people import agency_of, roles_of, sector_of
from services.escalator.turn import recipient
from services.escalator.workflows import REMEMBERED, TASK_QUEUE, CaseWorkflow, Resumed
from services.escalator.working_time import Calendar
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable

YEARS_AHEAD = 3
MOST_BYTES = 600_000
"""The largest message a case takes in: a notice may carry two of them, and the workflow engine takes no more than 2 MB at once."""

PATIENCE = timedelta(minutes=2)
"""How long a message waits for its case to begin: the form may still be on its way in another queue."""

_ENGINE_SECONDS = timedelta(seconds=20)

_AboutACase = ReplyReceived | DeliveryReported | NoticeFailed | StaffActed


def case_calendar(board: Board, other_agency: str, year: int) -> Calendar:
    """The calendar of a case that was raised in this year."""
    return calendar_for(board, other_agency, year - 1, year + YEARS_AHEAD)


class Handlers:
    """The handlers with what they need. `boards` are by key."""

    def __init__(self, client: Client, database: Database, bus: Bus, boards: Mapping[str, Board]) -> None:
        self._client = client
        self._database = database
        self._bus = bus
        self._boards = boards
        self._since = now()

    async def on_form_received(self, message: FormReceived) -> None:
        """Open the case: one workflow, whose id is the case reference.

        Raises Unknown where no ladder fits, TooLarge, Refused, and Unavailable.
        """
        _refuse_too_large(message)
        board = self._board(message.board)
        async with self._database.transaction() as session:
            contacts = await repository.contacts_of(session, board.key)
        own_agency = agency_of(contacts, message.raised_by.address)
        start = CaseStart(
            board=board,
            calendar=case_calendar(board, message.other_agency, message.received_at.year),
            form=message,
            own_agency=own_agency,
            own_roles=roles_of(contacts, message.raised_by.address),
            own_sector=sector_of(contacts, own_agency),
        )
        begin(
            start, now()
        )  # what cannot begin fails here, where a person sees it, and not inside the workflow, where nobody does
        try:
            await self._client.start_workflow(
                CaseWorkflow.run,
                start,
                id=message.case_id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                static_summary=f"{board.name}: {message.case_stage}",
            )
        except WorkflowAlreadyStartedError:
            return
        except RPCError as error:
            raise _told(error) from error

    async def on_reply_received(self, message: ReplyReceived) -> None:
        """Hand the reply to its case; after the case has closed, say so to whoever wrote it. Raises NoCase, TooLarge, Unavailable."""
        _refuse_too_large(message)
        act = Answered(reply=message)
        if await self._act(message, act):
            return
        if message.act in AFTER_CLOSING:
            await self._go_on(message, act)
        else:
            await self._say_closed(message)

    async def on_staff_acted(self, message: StaffActed) -> None:
        """Hand what board staff did to its case, also after it has ended. Raises NoCase, TooLarge, Unavailable."""
        _refuse_too_large(message)
        act = StaffDid(act=message)
        if not await self._act(message, act):
            await self._go_on(message, act)

    async def on_delivery_reported(self, message: DeliveryReported) -> None:
        """A bounce or an absence means that a person was not reached; an auto-reply means nothing."""
        if message.kind is not DeliveryKind.AUTO_REPLY and notice_number(message.notice_id) is not None:
            await self._act(message, NotReached(notice_id=message.notice_id, detail=message.kind))

    async def on_notice_failed(self, message: NoticeFailed) -> None:
        """A notice that will not leave means that a person was not reached."""
        if message.outcome != "uncertain" and notice_number(message.notice_id) is not None:
            await self._act(message, NotReached(notice_id=message.notice_id, detail=message.outcome))

    async def _go_on(self, message: ReplyReceived | StaffActed, act: Act) -> None:
        """Begin a case that has ended anew, as it was then, with this act; once, however often the message comes.

        Raises NoCase where it was not kept, and Unavailable where somebody else has just begun it anew.
        """
        async with self._database.transaction() as session:
            body = await repository.ended_case(session, message.case_id)
        if body is None:
            raise NoCase(f"the case {message.case_id} has ended and was not kept")
        ended = Resumed.model_validate_json(body)
        if str(message.message_id) in ended.taken_in:
            return
        taken_in = (*ended.taken_in, str(message.message_id))[-REMEMBERED:]
        try:
            await self._client.start_workflow(
                CaseWorkflow.run,
                ended.model_copy(update={"taken_in": taken_in, "acts": (act,)}),
                id=message.case_id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            )
        except WorkflowAlreadyStartedError as error:
            raise Unavailable(f"the case {message.case_id} has just begun anew") from error
        except RPCError as error:
            raise _told(error) from error

    async def _act(self, message: _AboutACase, act: Act) -> bool:
        """Hand an act to its case. False when the case has closed.

        Raises Unavailable while the workflow engine is away, NoCase, and Refused.
        """
        handle = self._client.get_workflow_handle(message.case_id)
        try:
            await handle.execute_update(CaseWorkflow.act, act, id=str(message.message_id), rpc_timeout=_ENGINE_SECONDS)
        except WorkflowUpdateFailedError as error:
            if await self._has_closed(message):
                return False
            raise NoCase(f"the case {message.case_id} could not take the act in") from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise Unavailable("the case did not answer in time") from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise _told(error) from error
            if await self._has_closed(message):
                return False
            raise Unavailable("the case did not take the act this time") from error
        return True

    async def _has_closed(self, message: _AboutACase) -> bool:
        """Whether the case has closed, or still runs.

        Raises NoCase where it does neither, which a person must see, and Unavailable; for a while also where it is not there (yet).
        """
        try:
            description = await self._client.get_workflow_handle(message.case_id).describe(rpc_timeout=_ENGINE_SECONDS)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise _told(error) from error
            async with self._database.transaction() as session:
                if await repository.ended_case(session, message.case_id) is not None:
                    return True
            if now() < max(message.at, self._since) + PATIENCE:
                raise Unavailable(f"the case {message.case_id} has not begun yet") from error
            raise NoCase(f"there is no case {message.case_id}") from error
        if description.status not in {WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED}:
            raise NoCase(f"the workflow of {message.case_id} was ended from outside")
        return description.status is WorkflowExecutionStatus.COMPLETED

    async def _say_closed(self, message: ReplyReceived) -> None:
        board = self._board_of(message.case_id)
        number = message.message_id.int % 10**9
        await self._bus.publish(
            SendNotice(
                message_id=uuid5(message.message_id, "closed"),
                at=now(),
                notice_id=f"{message.case_id}.e{number}",
                case_id=message.case_id,
                board=board.key,
                board_name=board.name,
                demonstration=board.demonstration,
                kind="act_not_taken",
                to=recipient(board, message.by, message.side),
                thread_started_at=message.received_at,
                facts={"act": message.act, "reason": CLOSED},
            )
        )

    def _board(self, key: str) -> Board:
        if key not in self._boards:
            raise Unknown("board", key, self._boards)
        return self._boards[key]

    def _board_of(self, case_id: str) -> Board:
        prefix = case_id.split("-", maxsplit=1)[0]
        for board in self._boards.values():
            if board.reference_prefix == prefix:
                return board
        raise Unknown("reference", case_id, (board.reference_prefix for board in self._boards.values()))


def _told(error: RPCError) -> Exception:
    """What the workflow engine's refusal means here: wait for it, unless waiting changes nothing."""
    if error.status is RPCStatusCode.INVALID_ARGUMENT:
        return Refused(f"the workflow engine refused it: {error.message}")
    return Unavailable(f"the workflow engine did not take it: {error.status.name}")


def _refuse_too_large(message: Message) -> None:
    size = len(message.model_dump_json().encode())
    if size > MOST_BYTES:
        raise TooLarge(f"{message.topic} has {size} bytes, and {MOST_BYTES} are the most that a case takes in")
