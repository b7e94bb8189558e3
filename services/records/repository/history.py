"""The append-only history and its end."""

from collections.abc import AsyncIterator, Iterable

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.catalogue import SPEAKERS
from services.contracts.message import Message
from services.kit.clock import now
from services.records import chain
from services.records.tables import ConfirmationRow, HeadRow, HistoryRow

_LOCK = 0x636861696E
"""The number under which everything that appends waits its turn."""
_BY_TOPIC = {message.topic: message for message in SPEAKERS}
_BATCH = 500


async def append(session: AsyncSession, message: Message) -> chain.Entry:
    """Record one message at the end of the chain.

    Call it last in a transaction: from here to the commit nothing else can append.
    """
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    entry = chain.follow(await _head(session), message, getattr(message, "case_id", None), now())
    added = insert(HistoryRow).values(entry.__dict__).returning(HistoryRow.seq).cte("added")
    await session.execute(update(HeadRow).where(HeadRow.seq == added.c.seq - 1).values(seq=added.c.seq, hash=entry.hash))
    return entry


async def of_case(session: AsyncSession, case_id: str, kinds: Iterable[type[Message]] = ()) -> list[Message]:
    """A case's messages in the order they were recorded; with `kinds`, only those."""
    query = select(HistoryRow.topic, HistoryRow.body).where(HistoryRow.case_id == case_id).order_by(HistoryRow.seq)
    if topics := [kind.topic for kind in kinds]:
        query = query.where(HistoryRow.topic.in_(topics))
    return [_BY_TOPIC[topic].model_validate_json(body) for topic, body in await session.execute(query)]


async def head(session: AsyncSession) -> chain.Head:
    """The recorded end of the chain."""
    return await _head(session)


async def find_break(session: AsyncSession, anchors: dict[int, str]) -> tuple[chain.Head, chain.Break | None]:
    """Walk the whole chain as it is at this moment: how far it holds, and its first break.

    `anchors` are ends of the chain printed somewhere outside; those of the confirmations issued are added. Give it a session of
    its own: it reads everything in one snapshot.
    """
    await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    issued = select(ConfirmationRow.chain_seq, ConfirmationRow.chain_hash).where(ConfirmationRow.chain_seq.is_not(None))
    printed = {seq: hash_ for seq, hash_ in await session.execute(issued) if seq is not None and hash_ is not None}
    row = (await session.execute(select(HeadRow.seq, HeadRow.hash))).first()
    walk = chain.Walk({**printed, **anchors})
    async for entry in _entries(session):
        if found := walk.take(entry):
            return walk.at, found
    return walk.at, walk.end(chain.Head(*row) if row else None)


async def _head(session: AsyncSession) -> chain.Head:
    return chain.Head(*(await session.execute(select(HeadRow.seq, HeadRow.hash))).one())


async def _entries(session: AsyncSession) -> AsyncIterator[chain.Entry]:
    columns = HistoryRow.__table__.columns
    rows = await session.stream(select(*columns).order_by(HistoryRow.seq).execution_options(yield_per=_BATCH))
    async for row in rows:
        yield chain.Entry(**row._mapping)
