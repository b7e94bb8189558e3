"""Every notice and where it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.intake import DeliveryReported
from services.contracts.notifier import NoticeFailed, NoticeSent, SendNotice
from services.contracts.vocabulary import DeliveryKind
from services.records.repository.held import count_waiting
from services.records.tables import CaseRow, NoticeRow

QUEUED, SENT, FAILED = "queued", "sent", "failed"
LATE = timedelta(minutes=10)
"""How long a notice may wait before it counts as trouble, whatever the queue says."""
_CODES = "sign_in_code"
_BLANK = {
    "board": None,
    "name": "",
    "outcome": "",
    "detail": "",
    "attempts": 0,
    "queued_at": None,
    "settled_at": None,
    "delivery": "",
    "delivery_detail": "",
    "delivered_at": None,
}


def in_trouble(now: datetime) -> ColumnElement[bool]:
    """Notices a person should look at: failed, bounced, or queued for too long."""
    unwell = or_(NoticeRow.state != SENT, NoticeRow.delivery == DeliveryKind.BOUNCE.value)  # what the index holds
    late = and_(NoticeRow.state == QUEUED, NoticeRow.queued_at < now - LATE)
    return and_(unwell, or_(NoticeRow.state == FAILED, NoticeRow.delivery == DeliveryKind.BOUNCE.value, late))


async def queued(session: AsyncSession, message: SendNotice) -> None:
    """A notice was asked for. It may already have gone: then only what is not known yet is added."""
    known = {
        "board": message.board,
        "kind": message.kind,
        "name": message.to.name,
        "address": message.to.address,
        "side": message.to.side.value,
        "queued_at": message.at,
    }
    row = {**_BLANK, **known, "notice_id": message.notice_id, "case_id": message.case_id, "state": QUEUED}
    await session.execute(_upsert(row, known))


async def settled(session: AsyncSession, message: NoticeSent | NoticeFailed) -> None:
    """A notice left, or did not. What happened last counts, whichever is heard first."""
    failed = isinstance(message, NoticeFailed)
    known = {
        "state": FAILED if failed else SENT,
        "outcome": message.outcome if isinstance(message, NoticeFailed) else "",
        "detail": message.detail if isinstance(message, NoticeFailed) else "",
        "attempts": message.attempts,
        "settled_at": message.at,
        "kind": message.kind,
        "address": message.address,
        "side": message.side.value,
    }
    row = {**_BLANK, **known, **_named(message)}
    newer = or_(NoticeRow.settled_at.is_(None), NoticeRow.settled_at <= message.at)
    await session.execute(_upsert(row, known, newer))


async def answered(session: AsyncSession, message: DeliveryReported) -> None:
    """A machine answered a notice: a bounce outweighs anything else it said."""
    known = {"delivery": message.kind.value, "delivery_detail": message.detail, "delivered_at": message.at}
    row = {**_BLANK, **known, **_named(message), "kind": "", "address": "", "side": message.side.value, "state": QUEUED}
    lesser = None if message.kind == DeliveryKind.BOUNCE else NoticeRow.delivery != DeliveryKind.BOUNCE.value
    await session.execute(_upsert(row, known, lesser))


async def of_case(session: AsyncSession, case_id: str) -> Sequence[NoticeRow]:
    """A case's notices, in the order they were asked for."""
    query = select(NoticeRow).where(NoticeRow.case_id == case_id)
    return (await session.scalars(query.order_by(NoticeRow.queued_at.nulls_first(), NoticeRow.notice_id))).all()


async def troubled(session: AsyncSession, boards: Collection[str], now: datetime, limit: int) -> Sequence[NoticeRow]:
    """These boards' notices a person should look at, the latest first. Sign-in codes are not among them."""
    board = func.coalesce(NoticeRow.board, CaseRow.board)
    query = (
        select(NoticeRow)
        .outerjoin(CaseRow, CaseRow.case_id == NoticeRow.case_id)
        .where(board.in_(boards), NoticeRow.kind != _CODES, in_trouble(now))
        .order_by(func.coalesce(NoticeRow.settled_at, NoticeRow.queued_at).desc().nulls_last(), NoticeRow.notice_id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def late(session: AsyncSession, before: datetime, but: str) -> dict[str, list[NoticeRow]]:
    """By board, the notices that were asked for before a moment and have not come to an end, the oldest first; none of a reference
    that begins with `but`. Sign-in codes are not among them."""
    board = func.coalesce(NoticeRow.board, CaseRow.board)
    query = (
        select(board, NoticeRow)
        .outerjoin(CaseRow, CaseRow.case_id == NoticeRow.case_id)
        .where(NoticeRow.state == QUEUED, NoticeRow.queued_at < before, NoticeRow.kind != _CODES)
        .where(board.is_not(None), NoticeRow.case_id.not_like(f"{but}-%"))
        .order_by(NoticeRow.queued_at, NoticeRow.notice_id)
    )
    found: dict[str, list[NoticeRow]] = {}
    for key, row in await session.execute(query):
        found.setdefault(key, []).append(row)
    return found


async def any_left(session: AsyncSession, since: datetime) -> bool:
    """Whether the mail server has taken any notice since a moment."""
    query = select(NoticeRow.notice_id).where(NoticeRow.state == SENT, NoticeRow.settled_at > since).limit(1)
    return await session.scalar(query) is not None


async def is_known(session: AsyncSession, notice_id: str) -> bool:
    """Whether a notice of this name was asked for."""
    return await session.get(NoticeRow, notice_id) is not None


async def counts(session: AsyncSession, boards: Collection[str], now: datetime) -> dict[str, int]:
    """How many items wait for these boards, and how many of their notices are in trouble; for every page to show."""
    board = func.coalesce(NoticeRow.board, CaseRow.board)
    failed = (
        select(func.count())
        .select_from(NoticeRow)
        .outerjoin(CaseRow, CaseRow.case_id == NoticeRow.case_id)
        .where(board.in_(boards), NoticeRow.kind != _CODES, in_trouble(now))
    )
    return {"held": await count_waiting(session, boards), "notices": await session.scalar(failed) or 0}


def _named(message: NoticeSent | NoticeFailed | DeliveryReported) -> dict[str, str]:
    return {"notice_id": message.notice_id, "case_id": message.case_id}


def _upsert(row: Mapping[str, object], known: Mapping[str, object], where: ColumnElement[bool] | None = None) -> Insert:
    statement = insert(NoticeRow).values(_clean(row))
    return statement.on_conflict_do_update(index_elements=["notice_id"], set_=_clean(known), where=where)


def _clean(row: Mapping[str, object]) -> dict[str, object]:
    """A row as PostgreSQL can keep it: no text there may hold a zero byte."""
    return {name: value.replace("\x00", "") if isinstance(value, str) else value for name, value in row.items()}
