"""Shows other copies of the service that this one lives: a lock in the database that ends with the process, whatever ends it."""

import secrets
from types import TracebackType
from typing import Self

import asyncpg
from sqlalchemy.engine import make_url

from services.kit.errors import Unavailable
from services.notifier.repository import PRESENCE

_NOTICED_DEAD = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}
"""A machine that vanishes is noticed after a minute; a process that dies, at once."""


class Presence:
    """The lock of this process, on a connection of its own that does nothing else. `number` is new in every process."""

    def __init__(self, url: str) -> None:
        self._dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: asyncpg.Connection | None = None
        self.number = secrets.randbelow(2**31)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def hold(self) -> None:
        """Hold the lock, again after a lost connection. Nothing may be claimed before. Raises Unavailable."""
        if self._connection is not None and not self._connection.is_closed():
            return
        try:
            connection = await asyncpg.connect(self._dsn, timeout=5, server_settings=_NOTICED_DEAD)
            held = await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", PRESENCE, self.number, timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unavailable(f"the database did not answer: {type(error).__name__}") from error
        if not held:  # somebody is looking at what this process left behind, which ends soon
            connection.terminate()
            raise Unavailable("another process is taking over this one's notices")
        self._connection = connection
