"""What the escalator does with each message it hears. A case is started and acted on by id, so hearing twice changes nothing."""

from collections.abc import Mapping
from uuid import uuid5

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowUpdateStage
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.contracts.intake import DeliveryReported, FormReceived, ReplyReceived
from services.contracts.notifier import NoticeFailed, SendNotice
from services.contracts.vocabulary import DeliveryKind
from services.escalator import repository
from services.escalator.boards import Board
from services.escalator.calendars import make_calendar
from services.escalator.case import Act, Answered, CaseStart, NotReached
from services.escalator.errors import Unknown
from services.escalator.people import agency_of
from services.escalator.turn import recipient
from services.escalator.workflows import TASK_QUEUE, CaseWorkflow
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable

YEARS_AHEAD = 3


class Handlers:
    """The handlers with what they need. `boards` are by key."""

    def __init__(self, client: Client, database: Database, bus: Bus, boards: Mapping[str, Board]) -> None:
        self._client = client
        self._database = database
        self._bus = bus
        self._boards = boards

    async def on_form_received(self, message: FormReceived) -> None:
        """Open the case: one workflow, whose id is the case reference. Raises Unknown where no ladder fits; Unavailable."""
        board = self._board(message.board)
        protocol = board.protocol
        if protocol.ladder_for(message.case_stage, message.area) is None:
            raise Unknown("area", f"{message.case_stage}/{message.area}", [ladder.id for ladder in protocol.ladders])
        async with self._database.transaction() as session:
            contacts = await repository.contacts_of(session, board.key)
        year = message.received_at.year
        start = CaseStart(
            board=board,
            calendar=make_calendar(board.working_hours, year - 1, year + YEARS_AHEAD),
            form=message,
            own_agency=agency_of(contacts, message.raised_by.address),
        )
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
            raise Unavailable(f"the workflow engine did not start the case: {error.status.name}") from error

    async def on_reply_received(self, message: ReplyReceived) -> None:
        """Hand the reply to its case; after the case has closed, say so to whoever wrote it. Raises Unavailable."""
        if not await self._act(message.case_id, str(message.message_id), Answered(reply=message)):
            await self._say_closed(message)

    async def on_delivery_reported(self, message: DeliveryReported) -> None:
        """A bounce or an absence means that a person was not reached; an auto-reply means nothing."""
        if message.kind is not DeliveryKind.AUTO_REPLY and _is_ours(message.notice_id):
            await self._not_reached(message.case_id, str(message.message_id), message.notice_id, message.kind)

    async def on_notice_failed(self, message: NoticeFailed) -> None:
        """A notice that will not leave means that a person was not reached."""
        if message.outcome != "uncertain" and _is_ours(message.notice_id):
            await self._not_reached(message.case_id, str(message.message_id), message.notice_id, message.outcome)

    async def _not_reached(self, case_id: str, message_id: str, notice_id: str, detail: str) -> None:
        await self._act(case_id, message_id, NotReached(notice_id=notice_id, detail=detail))

    async def _act(self, case_id: str, message_id: str, act: Act) -> bool:
        """Hand an act to its case. False when the case has closed; Unavailable while the workflow engine is away."""
        handle = self._client.get_workflow_handle_for(CaseWorkflow.run, case_id)
        try:
            await handle.start_update(CaseWorkflow.act, act, id=message_id, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise Unavailable(f"the workflow engine did not take the act: {error.status.name}") from error
            return await self._still_running(case_id)
        return True

    async def _still_running(self, case_id: str) -> bool:
        """Tell a closed case from one that is not there: the second is a fault that a person must see."""
        status = (await self._client.get_workflow_handle(case_id).describe()).status
        if status is WorkflowExecutionStatus.RUNNING:
            raise Unavailable("the case did not take the act this time")
        return False

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
                facts={"act": message.act, "reason": "The case has closed. Your reply has been kept with it."},
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


def _is_ours(notice_id: str) -> bool:
    """Whether the escalator asked for this notice: only those are about people a step needs."""
    return notice_id.rpartition(".")[2].isdigit()
