"""Messages leave with the transaction that caused them: a row beside the effect, published and removed by the relay."""

import asyncio
import logging
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.message import Message
from services.kit.bell import Bell, ring
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

CHANNEL = "outbox"
BATCH = 100
CLAIM = timedelta(seconds=60)
POLL_SECONDS = 2.0


async def say(session: AsyncSession, *messages: Message) -> None:
    """Say these once this transaction commits. Saying one with an id already waiting changes nothing."""
    for message in messages:
        row = {"message_id": message.message_id, "topic": message.topic, "body": message.model_dump_json()}
        await session.execute(insert(outbox).values(row).on_conflict_do_nothing())
    await ring(session, CHANNEL)


class _Row(NamedTuple):
    id: int
    topic: str
    message_id: UUID
    body: str


class Relay:
    """Publishes what is waiting, in order of arrival, and removes it once the broker has confirmed it.

    Rows are claimed for a minute and not locked, so no session is open while the broker is asked; after a crash they go out again
    with the same message id.
    """

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    async def run(self) -> None:
        """Publish for ever."""
        async with Bell(self._database.url, CHANNEL) as bell:
            while True:
                try:
                    while await self.publish_waiting():
                        pass
                except Unavailable as error:
                    log.warning("messages are waiting: %s", error)
                await bell.wait(POLL_SECONDS)

    async def publish_waiting(self) -> int:
        """Publish one batch; how many went out. Raises Unavailable when the broker or the database is away."""
        rows = await self._claim()
        results = await asyncio.gather(
            *(self._bus.publish_body(row.topic, row.message_id, row.body) for row in rows), return_exceptions=True
        )
        gone = [row.id for row, result in zip(rows, results, strict=True) if result is None]
        failures = [result for result in results if isinstance(result, BaseException)]
        async with self._database.transaction() as session:
            await session.execute(delete(outbox).where(outbox.c.id.in_(gone)))
            await session.execute(
                update(outbox).where(outbox.c.id.in_({row.id for row in rows} - set(gone))).values(claimed_until=None)
            )
        if failures:
            raise failures[0]
        return len(gone)

    async def _claim(self) -> list[_Row]:
        free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until < func.now())
        ids = select(outbox.c.id).where(free).order_by(outbox.c.id).limit(BATCH).with_for_update(skip_locked=True)
        claim = update(outbox).where(outbox.c.id.in_(ids)).values(claimed_until=now() + CLAIM)
        async with self._database.transaction() as session:
            rows = await session.execute(claim.returning(outbox.c.id, outbox.c.topic, outbox.c.message_id, outbox.c.body))
            return sorted((_Row(*row) for row in rows), key=lambda row: row.id)
