"""Every query of the notifier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Update, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.notifier import SendNotice
from services.kit.bell import ring
from services.notifier.domain import Attempt, Next, State
from services.notifier.tables import NoticeRow

CHANNEL = "notices"
"""The bell that says a notice was queued."""

PRESENCE = 0x6E6F7469
"""The first half of the advisory lock each process holds while it lives; the second half is the process's number."""


@dataclass(frozen=True)
class Claimed:
    """A notice that a process, by its number, is sending or was sending when it died."""

    notice: SendNotice
    process: int
    state: State
    attempt: Attempt
    document: str


async def queue(session: AsyncSession, notice: SendNotice, now: datetime) -> bool:
    """Keep a notice to be sent at once. False when there is one of this name already: that one counts."""
    values = {
        "notice_id": notice.notice_id,
        "command": notice.model_dump(mode="json"),
        "urgent": notice.urgent,
        "state": State.QUEUED,
        "attempts": 0,
        "again": False,
        "queued_at": now,
        "next_attempt_at": now,
        "changed_at": now,
        "detail": "",
    }
    statement = insert(NoticeRow).values(values).on_conflict_do_nothing().returning(NoticeRow.notice_id)
    new = (await session.execute(statement)).first() is not None
    await ring(session, CHANNEL)
    return new


async def claim(session: AsyncSession, process: int, now: datetime) -> Claimed | None:
    """Take the next notice that is due, urgent ones first, for this process to send."""
    due = (
        select(NoticeRow.notice_id)
        .where(NoticeRow.next_attempt_at <= now)
        .order_by(NoticeRow.urgent.desc(), NoticeRow.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(NoticeRow)
        .where(NoticeRow.notice_id == due.scalar_subquery())
        .values(
            state=State.SENDING,
            attempts=NoticeRow.attempts + 1,
            first_attempt_at=func.coalesce(NoticeRow.first_attempt_at, now),
            next_attempt_at=None,
            claimed_by=process,
            changed_at=now,
        )
        .returning(NoticeRow)
    )
    row = (await session.scalars(statement)).first()
    return None if row is None else _claimed(row)


async def hand_over(session: AsyncSession, claimed: Claimed, document: str, now: datetime) -> bool:
    """Write down that the mail server is about to be given this notice. False when it is no longer this process's to send."""
    statement = (
        _still(claimed)
        .where(NoticeRow.state == State.SENDING)
        .values(state=State.HANDED_OVER, document=document, changed_at=now)
        .returning(NoticeRow.notice_id)
    )
    return (await session.execute(statement)).first() is not None


async def settle(session: AsyncSession, claimed: Claimed, following: Next, detail: str, now: datetime) -> bool:
    """Write down how an attempt ended. False when somebody else has done so already."""
    statement = (
        _still(claimed)
        .values(
            state=following.state,
            next_attempt_at=following.at,
            again=following.again,
            claimed_by=None,
            changed_at=now,
            detail=detail,
        )
        .returning(NoticeRow.notice_id)
    )
    return (await session.execute(statement)).first() is not None


async def left_behind(session: AsyncSession, process: int, in_hand: Iterable[str]) -> list[Claimed]:
    """Notices claimed by a process that has died, or by this one and not in its hand.

    A process is dead when nobody holds its lock. Until the transaction ends nobody else finds the same ones.
    """
    claimants = await session.scalars(
        select(NoticeRow.claimed_by).where(NoticeRow.claimed_by.is_not(None), NoticeRow.claimed_by != process).distinct()
    )
    dead = [
        claimant
        for claimant in claimants.all()
        if await session.scalar(select(func.pg_try_advisory_xact_lock(PRESENCE, claimant)))
    ]
    dropped = (NoticeRow.claimed_by == process) & NoticeRow.notice_id.not_in(list(in_hand))
    rows = await session.scalars(
        select(NoticeRow).where(NoticeRow.claimed_by.in_(dead) | dropped).with_for_update(skip_locked=True)
    )
    return [_claimed(row) for row in rows]


async def counts(session: AsyncSession) -> dict[State, int]:
    """How many notices are in each state."""
    found = await session.execute(select(NoticeRow.state, func.count()).group_by(NoticeRow.state))
    by_state = {State(state): number for state, number in found.all()}
    return {state: by_state.get(state, 0) for state in State}


async def oldest_unsettled(session: AsyncSession) -> datetime | None:
    """When the oldest notice that has not come to its end was queued."""
    return await session.scalar(
        select(func.min(NoticeRow.queued_at)).where(NoticeRow.next_attempt_at.is_not(None) | NoticeRow.claimed_by.is_not(None))
    )


def _still(claimed: Claimed) -> Update:
    """A change of a notice that happens only while it is claimed as it was."""
    return update(NoticeRow).where(
        NoticeRow.notice_id == claimed.notice.notice_id,
        NoticeRow.claimed_by == claimed.process,
        NoticeRow.attempts == claimed.attempt.number,
    )


def _claimed(row: NoticeRow) -> Claimed:
    if row.claimed_by is None or row.first_attempt_at is None:
        raise ValueError(f"notice {row.notice_id} is not claimed")
    return Claimed(
        notice=SendNotice.model_validate(row.command),
        process=row.claimed_by,
        state=State(row.state),
        attempt=Attempt(number=row.attempts, first_at=row.first_attempt_at, again=row.again),
        document=row.document or "",
    )
