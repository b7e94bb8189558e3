"""A bell between transactions: `ring` in one, and whoever waits on it in any process wakes when that transaction commits."""

import asyncio
import logging
from types import TracebackType
from typing import Self

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

log = logging.getLogger(__name__)


async def ring(session: AsyncSession, channel: str) -> None:
    """Wake everyone waiting on this channel once the session's transaction has committed."""
    await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": channel})


class Bell:
    """Waits for `ring` by LISTEN. A lost connection costs at most one poll interval: nobody may trust the bell alone."""

    def __init__(self, url: str, channel: str) -> None:
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._channel = channel
        self._rung = asyncio.Event()
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def wait(self, seconds: float) -> None:
        """Return when the bell rings, or after `seconds`, whichever is first."""
        await self._listen()
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()

    async def _listen(self) -> None:
        if self._connection is not None and not self._connection.is_closed():
            return
        try:
            self._connection = await asyncpg.connect(self._dsn, timeout=5)
            await self._connection.add_listener(self._channel, lambda *_: self._rung.set())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("cannot listen on %s, polling instead: %s", self._channel, type(error).__name__)
