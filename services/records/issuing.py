"""Makes the records of closed cases that are wanted: waits for the facts, prints, keeps, and tells everyone it goes to.

A worker beside the handlers, because printing takes seconds and a message must not wait for it. What it works off are rows, so
nothing is lost when the process dies in the middle; whoever takes a row up again makes the same effect, which counts once.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import JsonValue

from services.contracts import escalator, intake
from services.contracts.message import Message
from services.contracts.notifier import Attachment, SendNotice
from services.contracts.records import RecordIssued
from services.contracts.sealed import Sealer, SealError
from services.contracts.vocabulary import Ending
from services.kit import outbox
from services.kit.bell import Bell
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.kit.store import Store
from services.records import plain
from services.records.chain import Head
from services.records.confirmation import Confirmation
from services.records.errors import NotReady, PrintFailed
from services.records.gathering import Opener, gather
from services.records.printer import Printer
from services.records.repository import confirmations, history, people
from services.records.repository.confirmations import Job, Made
from services.records.wording import ENDINGS

log = logging.getLogger(__name__)

LEASE: Final = timedelta(seconds=30)
"""How long a worker has for one, printing included, before another may take it up."""
SETTLE: Final = timedelta(seconds=2)
"""How long a record waits after its closing: what is to be pursued is said right after it, and is printed too."""
TRIES: Final = 3
"""How often the PDF is tried before the plain form is issued instead."""
_PATIENCE: Final = timedelta(seconds=30)
_LONGEST: Final = timedelta(minutes=5)
_POLL_SECONDS: Final = 1.0


class Issuer:
    """Issues the records of closed cases, one at a time, each no sooner than `settle` after its closing was heard of."""

    def __init__(
        self, database: Database, store: Store, sealer: Sealer, printer: Printer, *, settle: timedelta = timedelta(0)
    ) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._printer = printer
        self._settle = settle

    async def run(self) -> None:
        """Issue for ever."""
        async with Bell(self._database.url, confirmations.CHANNEL) as bell:
            while True:
                try:
                    while await self.issue_next():
                        pass
                except Unavailable as error:
                    log.warning("confirmations are waiting: %s", error)
                await bell.wait(_POLL_SECONDS)

    async def issue_next(self) -> bool:
        """Take up the next one that is due; False when none is. Raises Unavailable."""
        async with self._database.transaction() as session:
            job = await confirmations.claim(session, now(), LEASE, self._settle)
        if job is None:
            return False
        try:
            await self._issue(job)
        except NotReady as error:
            await self._later(job, str(error), _PATIENCE, failed=False)
        except PrintFailed as error:
            log.warning("the PDF of %s was not made: %s", job.case_id, error)
            await self._later(job, f"The PDF was not made: {error}.", timedelta(seconds=2), failed=True)
        except SealError as error:
            log.warning("the confirmation of %s cannot be made: %s", job.case_id, error)
            await self._later(
                job, "What was written in this case cannot be opened with the keys there are.", _LONGEST, failed=True
            )
        except Unavailable:
            raise
        except Exception:
            log.exception("the confirmation of %s was not made", job.case_id)
            await self._later(job, "It could not be made, which is a fault of Concord.", _LONGEST, failed=True)
        return True

    async def _issue(self, job: Job) -> None:
        messages, record = await self._gather(job)
        made = await self._make(job, record)
        async with self._database.transaction() as session:
            if await confirmations.issue(session, job, made, now()):
                await outbox.say(session, *_news(messages, record, job, made))
                log.info("issued the confirmation of %s as %s", job.case_id, made.media_type)

    async def _gather(self, job: Job) -> tuple[list[Message], Confirmation]:
        async with self._database.transaction() as session:
            messages = await history.of_case(session, job.case_id)
            board = _closed(messages, job).board
            published = (await people.boards(session, [board])).get(board)
            head = await history.head(session)
        opened = Opener(self._sealer, job.case_id)
        record = gather(messages, number=job.number, board=published, opened=opened, head=head, made_at=now())
        return messages, record

    async def _make(self, job: Job, record: Confirmation) -> Made:
        name = f"{job.case_id}-record" if record.agreed is None else f"{job.case_id}-outcome-{record.outcome}"
        if job.tries < TRIES:
            content, filename, media_type, problem = await self._printer.pdf(record), f"{name}.pdf", "application/pdf", ""
        else:
            content, filename, media_type, problem = plain.text(record), f"{name}.txt", "text/plain", plain.WHY
        return Made(
            document=await self._store.put(content),
            filename=filename,
            media_type=media_type,
            sha256=hashlib.sha256(content).hexdigest(),
            head=Head(record.history_entries, record.history_hash),
            problem=problem,
        )

    async def _later(self, job: Job, problem: str, wait: timedelta, *, failed: bool) -> None:
        async with self._database.transaction() as session:
            await confirmations.postpone(session, job, until=now() + wait, problem=problem, failed=failed)


def _news(messages: list[Message], record: Confirmation, job: Job, made: Made) -> list[Message]:
    """What is said once it is issued: that it is, and one notice to everyone it goes to."""
    closed = _closed(messages, job)
    form = next(message.form for message in messages if isinstance(message, intake.FormReceived))
    threads = [message.thread_started_at for message in messages if isinstance(message, SendNotice)]
    issued_at = now()
    issued = RecordIssued(
        message_id=_id(f"{job.case_id}/{job.number}/issued"),
        at=issued_at,
        case_id=job.case_id,
        board=record.board,
        outcome=record.outcome,
        document=made.document,
        filename=made.filename,
        sha256=made.sha256,
    )
    attachment = Attachment(document=made.document, filename=made.filename, media_type=made.media_type)
    before = sum(len(fact.recipients) for fact in _closings(messages) if fact.number < job.number)
    notices = [
        SendNotice(
            message_id=_id(f"{job.case_id}/{job.number}/r{number}"),
            at=issued_at,
            notice_id=f"{job.case_id}.r{before + number}",
            case_id=job.case_id,
            board=record.board,
            board_name=record.board_name,
            demonstration=record.demonstration,
            kind="record_issued" if record.how is Ending.CONFIRMED else "told",
            to=recipient,
            thread_started_at=min(threads, default=record.raised_at),
            facts=_facts(record, made, issued_at, attached=recipient.full_content),
            sealed={"form": form},
            # the record names the child: it goes by mail only where the board lists the domain as secure
            attachments=(attachment,) if recipient.full_content else (),
        )
        for number, recipient in enumerate(closed.recipients, start=1)
    ]
    return [issued, *notices]


def _facts(record: Confirmation, made: Made, issued_at: datetime, *, attached: bool) -> dict[str, JsonValue]:
    """What the notice says: one kind has words of its own for an outcome both sides confirmed, the other is told them."""
    if record.how is Ending.CONFIRMED:
        return {"filename": made.filename, "issued_at": issued_at.isoformat()}
    what = record.title.lower()
    keep = (
        f"Keep the attached file, {made.filename}, on the child’s record in your agency."
        if attached
        else f"Get the {what}, {made.filename}, from {record.board_name} and keep it on the child’s record in your agency."
    )
    lines = [f"{ENDINGS[record.how]}. The case is closed.", keep]
    if record.agreed is not None:
        lines.append("Do what it gives you to do, in the time it says.")
    return {"headline": f"Closed: the {what}", "lines": [*lines]}


def _closings(messages: list[Message]) -> list[escalator.CaseClosed]:
    return [message for message in messages if isinstance(message, escalator.CaseClosed)]


def _closed(messages: list[Message], job: Job) -> escalator.CaseClosed:
    for closed in _closings(messages):
        if closed.number == job.number:
            return closed
    raise NotReady("waiting for CaseClosed")


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"concord:{name}")
