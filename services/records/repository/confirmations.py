"""The records of closed cases: asked for once for each closing, claimed by one worker at a time, issued once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import CaseClosed
from services.kit.bell import ring
from services.records.chain import Head
from services.records.tables import ConfirmationRow

CHANNEL = "confirmations"
ASKED, ISSUED, ISSUED_PLAIN = "asked", "issued", "issued_plain"


@dataclass(frozen=True)
class Job:
    """A record to make: of the closing that is fact `number` of its case. `tries` is how often making it has failed."""

    case_id: str
    number: int
    tries: int


@dataclass(frozen=True)
class Made:
    """A confirmation as made, in the document store."""

    document: str
    filename: str
    media_type: str
    sha256: str
    head: Head
    problem: str = ""


async def ask(session: AsyncSession, message: CaseClosed, now: datetime) -> None:
    """A case closed: its record is wanted. Asking again changes nothing."""
    row = {
        "case_id": message.case_id,
        "number": message.number,
        "outcome": message.outcome,
        "state": ASKED,
        "asked_at": now,
        "due_at": now,
        "tries": 0,
        "problem": "",
    }
    await session.execute(insert(ConfirmationRow).values(row).on_conflict_do_nothing())
    await ring(session, CHANNEL)


async def hurry(session: AsyncSession, case_id: str, now: datetime) -> None:
    """Another fact of this case has come in: a confirmation that waits for facts should look again."""
    waiting = (ConfirmationRow.case_id == case_id, ConfirmationRow.state == ASKED, ConfirmationRow.tries == 0)
    if (await session.execute(update(ConfirmationRow).where(*waiting).values(due_at=now).returning(1))).first():
        await ring(session, CHANNEL)


async def claim(session: AsyncSession, now: datetime, lease: timedelta, settle: timedelta) -> Job | None:
    """Take the next record that is due and was asked for `settle` ago, or None. Nobody else takes it until the lease has passed."""
    due = (
        select(ConfirmationRow.case_id, ConfirmationRow.number)
        .where(ConfirmationRow.state == ASKED, ConfirmationRow.due_at <= now, ConfirmationRow.asked_at <= now - settle)
        .order_by(ConfirmationRow.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = (
        update(ConfirmationRow)
        .where(ConfirmationRow.case_id == due.c.case_id, ConfirmationRow.number == due.c.number)
        .values(due_at=now + lease)
        .returning(ConfirmationRow.case_id, ConfirmationRow.number, ConfirmationRow.tries)
    )
    row = (await session.execute(claimed)).first()
    return Job(*row) if row else None


async def postpone(session: AsyncSession, job: Job, *, until: datetime, problem: str, failed: bool) -> None:
    """Leave it for later and say why; `failed` counts a failed try."""
    values = {"due_at": until, "problem": problem, "tries": ConfirmationRow.tries + (1 if failed else 0)}
    await session.execute(update(ConfirmationRow).where(*_this(job)).values(values))


async def issue(session: AsyncSession, job: Job, made: Made, now: datetime) -> bool:
    """Keep it as issued. False when another worker was first: then what this one made is not used."""
    values = {
        "state": ISSUED_PLAIN if made.problem else ISSUED,
        "problem": made.problem,
        "document": made.document,
        "filename": made.filename,
        "media_type": made.media_type,
        "sha256": made.sha256,
        "chain_seq": made.head.seq,
        "chain_hash": made.head.hash,
        "issued_at": now,
    }
    return (await session.execute(update(ConfirmationRow).where(*_this(job)).values(values).returning(1))).first() is not None


async def of_case(session: AsyncSession, case_id: str) -> Sequence[ConfirmationRow]:
    """A case's records, in the order it closed."""
    query = select(ConfirmationRow).where(ConfirmationRow.case_id == case_id).order_by(ConfirmationRow.number)
    return (await session.scalars(query)).all()


def _this(job: Job) -> tuple[ColumnElement[bool], ...]:
    return (ConfirmationRow.case_id == job.case_id, ConfirmationRow.number == job.number, ConfirmationRow.state == ASKED)
