"""One durable workflow per case. It waits; the decision core decides; activities do.

The protocol, the calendar and the form come in as values, so a running case keeps what it began with and a replay reads no file.
"""

from collections import deque
from collections.abc import Iterator
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from services.contracts.escalator import CaseEvent
    from services.contracts.message import Data
    from services.contracts.notifier import SendNotice
    from services.contracts.vocabulary import Person
    from services.escalator.case import Act, CaseStart, Decision, FindPeople, PeopleFound, TimePassed
    from services.escalator.domain import begin, decide, fault

TASK_QUEUE = "cases"
BATCH_BYTES = 1_000_000  # a workflow payload may be 2 MB

_ACTIVITY_TIME = timedelta(seconds=30)


class Outgoing(Data):
    """One message, written and ready to publish."""

    topic: str
    message_id: str
    body: str


class LookUp(Data):
    """A question to the contact list of a board."""

    board: str
    inbox: Person
    role_names: dict[str, str]
    find: FindPeople


@workflow.defn(name="Case")
class CaseWorkflow:
    """The life of one case, from the form to the confirmation by both sides. The workflow id is the case reference."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:  # noqa: ARG002 - Temporal hands it to both
        self._acts: deque[Act] = deque()
        self._decision: Decision | None = None

    @workflow.run
    async def run(self, start: CaseStart) -> str:
        await self._carry_out(begin(start, workflow.now()))
        while (wake_at := self._current.wake_at) is not None:
            act: Act | TimePassed
            try:
                wait = max(wake_at - workflow.now(), timedelta())
                await workflow.wait_condition(lambda: bool(self._acts), timeout=wait, timeout_summary="next look at the case")
                act = self._acts.popleft()
            except TimeoutError:
                act = TimePassed()
            await self._carry_out(self._decide(act))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._current.case.state

    @workflow.update
    async def act(self, act: Act) -> None:
        """Take in something that happened. The update's id is the message's, so the same message counts once."""
        self._acts.append(act)

    @workflow.query
    def state(self) -> str:
        """The case's state in one word."""
        return self._current.case.state

    @property
    def _current(self) -> Decision:
        if self._decision is None:
            raise RuntimeError("the case has not begun")
        return self._decision

    def _decide(self, act: Act | PeopleFound | TimePassed) -> Decision:
        try:
            return decide(self._current.case, act, workflow.now())
        except Exception:
            workflow.logger.exception("the decision core failed on %s", act.kind)
            return fault(self._current.case, act.kind, workflow.now())

    async def _carry_out(self, decision: Decision) -> None:
        """Publish what was decided, and ask the contact list where the decision wants to know somebody."""
        self._decision = decision
        await self._publish(decision.messages)
        if decision.find is not None:
            board = decision.case.start.board
            question = LookUp(
                board=board.key,
                inbox=Person(name=board.name, address=board.inbox),
                role_names={key: role.name for key, role in board.protocol.roles.items()},
                find=decision.find,
            )
            found = await workflow.execute_activity(
                "find_people", question, result_type=PeopleFound, start_to_close_timeout=_ACTIVITY_TIME
            )
            await self._carry_out(self._decide(found))

    async def _publish(self, messages: tuple[CaseEvent | SendNotice, ...]) -> None:
        for batch in _batches(messages):
            await workflow.execute_activity("publish", batch, start_to_close_timeout=_ACTIVITY_TIME)


def _batches(messages: tuple[CaseEvent | SendNotice, ...]) -> Iterator[list[Outgoing]]:
    batch: list[Outgoing] = []
    size = 0
    for message in messages:
        outgoing = Outgoing(topic=message.topic, message_id=str(message.message_id), body=message.model_dump_json())
        if batch and size + len(outgoing.body) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(outgoing)
        size += len(outgoing.body)
    if batch:
        yield batch
