"""One service's own PostgreSQL database: a small pool, short waits, one session per piece of work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from services.kit.errors import Unavailable

POOL_WAIT_SECONDS = 5.0
_AWAY = ("08", "53", "57P01", "57P02", "57P03")
"""What SQLSTATE begins with when PostgreSQL is there and can do nothing for us: no connection, no room, going down, starting up."""


class Database:
    """Sessions on one database. Never hold one across a call to the broker, the mail server or the workflow engine."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=5,
            pool_timeout=POOL_WAIT_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,  # an error must not put a row's content in a log
            connect_args={"timeout": POOL_WAIT_SECONDS},
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any error.

        Raises Unavailable when the database does not answer; whether a commit that was under way took effect is then unknown,
        so every effect must have a key that makes doing it again harmless.
        """
        try:
            async with self._sessions() as session, session.begin():
                yield session
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            raise Unavailable(f"the database did not answer: {type(error).__name__}") from error
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            if error.connection_invalidated or state.startswith(_AWAY):
                raise Unavailable(
                    f"the connection to the database was lost, or it has no room ({state or 'no state'})"
                ) from error
            raise

    async def check(self) -> None:
        """Raise Unavailable when the database does not answer."""
        async with self.transaction() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()
