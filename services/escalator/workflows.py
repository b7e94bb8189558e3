"""One durable workflow per case. It waits; the decision core decides; activities do.

The protocol, the calendar and the form come in as values, so a running case keeps what it began with and a replay reads no file.
A history that has grown long is begun anew with the case as it is: a case may stay open for as long as it takes.
"""

from collections import deque
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from services.contracts.escalator import CaseEvent
    from services.contracts.message import Data
    from services.contracts.notifier import SendNotice
    from services.contracts.vocabulary import Person
    from services.escalator.case import Act, Case, CaseStart, Decision, FindPeople, PeopleFound, TimePassed
    from services.escalator.domain import begin, decide, fault, next_look
    from services.escalator.people import Roles
    from services.escalator.working_time import Calendar

TASK_QUEUE = "cases"
BATCH_BYTES = 1_000_000  # a workflow payload may be 2 MB
REMEMBERED = 200
"""How many of the latest acts are still known after a history was begun anew, so that one handed over twice counts once."""

_ACTIVITY_TIME = timedelta(seconds=30)
_RETRIES = RetryPolicy(maximum_interval=timedelta(seconds=10))


class Outgoing(Data):
    """One message, written and ready to publish."""

    topic: str
    message_id: str
    body: str


class LookUp(Data):
    """A question to the contact list of a board, on a day in local time."""

    board: str
    inbox: Person
    roles: Roles
    day: date
    find: FindPeople


class Resumed(Data):
    """A case whose history is begun anew: the case as it is, and the ids of the acts it took in last. `acts` are still to be acted on."""

    case: Case
    taken_in: tuple[str, ...]
    acts: tuple[Act, ...] = ()


class CalendarInUse(Data):
    """The calendar a case works by, and what it was made for."""

    board: str
    agency: str
    year: int
    calendar: Calendar


@workflow.defn(name="Case")
class CaseWorkflow:
    """The life of one case, from the form to the confirmation by both sides. The workflow id is the case reference."""

    @workflow.init
    def __init__(self, begun: CaseStart | Resumed) -> None:
        self._acts: deque[Act] = deque(begun.acts if isinstance(begun, Resumed) else ())
        self._case = begun.case if isinstance(begun, Resumed) else None
        self._taken_in = deque(begun.taken_in if isinstance(begun, Resumed) else (), maxlen=REMEMBERED)

    @workflow.run
    async def run(self, begun: CaseStart | Resumed) -> str:
        if isinstance(begun, CaseStart):
            await self._carry_out(begin(begun, workflow.now()))
        await self._go_on()
        while True:
            await workflow.execute_activity(
                "keep_ended", self._as_it_is(), start_to_close_timeout=_ACTIVITY_TIME, retry_policy=_RETRIES
            )
            if not self._acts:
                return self._current.state
            await self._go_on()

    async def _go_on(self) -> None:
        """Act on what happens until nobody has anything left to do."""
        while self._acts or next_look(self._current) is not None:
            await self._carry_out(self._decide(await self._next_act()))
            if not self._acts and not self._current.ended and workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self._as_it_is())

    def _as_it_is(self) -> Resumed:
        return Resumed(case=self._current, taken_in=tuple(self._taken_in))

    @workflow.update
    async def act(self, act: Act) -> None:
        """Take in something that happened. The update's id is the message's, so the same message counts once."""
        update = workflow.current_update_info()
        if update is not None and update.id not in self._taken_in:
            self._taken_in.append(update.id)
            self._acts.append(act)

    @workflow.query
    def state(self) -> str:
        """The case's state in one word."""
        return self._current.state

    @workflow.query
    def deadline(self) -> datetime | None:
        """When the step the case is at must be done by, in UTC; None where no time is stated."""
        return self._current.deadline.at

    @workflow.query
    def calendar(self) -> CalendarInUse:
        """The calendar the case works by."""
        start = self._current.start
        return CalendarInUse(
            board=start.board.key,
            agency=start.form.other_agency,
            year=start.form.received_at.year,
            calendar=start.calendar,
        )

    @property
    def _current(self) -> Case:
        if self._case is None:
            raise RuntimeError("the case has not begun")
        return self._case

    async def _next_act(self) -> Act | TimePassed:
        """What happened next: the first act not yet acted on, also of a case that has just closed; else time has passed."""
        wake_at = next_look(self._current)
        if not self._acts and wake_at is not None:
            wait = max(wake_at - workflow.now(), timedelta())
            try:
                await workflow.wait_condition(lambda: bool(self._acts), timeout=wait, timeout_summary="next look at the case")
            except TimeoutError:
                return TimePassed()
        return self._acts.popleft()

    def _decide(self, act: Act | PeopleFound | TimePassed) -> Decision:
        try:
            return decide(self._current, act, workflow.now())
        except Exception:
            workflow.logger.exception("the decision core failed on %s", act.kind)
            return fault(self._current, act.kind, workflow.now())

    async def _carry_out(self, decision: Decision) -> None:
        """Publish what was decided, and ask the contact list where the decision wants to know somebody."""
        self._case = decision.case
        await self._publish(decision.messages)
        if decision.find is not None:
            start = decision.case.start
            board, protocol = start.board, start.board.protocol
            question = LookUp(
                board=board.key,
                inbox=Person(name=board.name, address=board.inbox),
                roles=Roles(
                    names={key: role.name for key, role in protocol.roles.items()},
                    anywhere=tuple(key for key, role in protocol.roles.items() if role.anywhere),
                    lead=protocol.safeguarding_lead,
                    substitutes=protocol.substitutes,
                ),
                day=start.calendar.local(workflow.now()).date(),
                find=decision.find,
            )
            found = await workflow.execute_activity(
                "find_people",
                question,
                result_type=PeopleFound,
                start_to_close_timeout=_ACTIVITY_TIME,
                retry_policy=_RETRIES,
            )
            await self._carry_out(self._decide(found))

    async def _publish(self, messages: tuple[CaseEvent | SendNotice, ...]) -> None:
        for batch in _batches(messages):
            await workflow.execute_activity("publish", batch, start_to_close_timeout=_ACTIVITY_TIME, retry_policy=_RETRIES)


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
