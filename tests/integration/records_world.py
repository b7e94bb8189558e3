"""What the integration tests of records share: its database, and messages taken in as the service takes them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import httpx
from sqlalchemy.engine import make_url

from services.contracts.message import Message
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.migrate import upgrade
from services.kit.store import Store
from services.records.api import create_api
from services.records.serve import listeners

KEY = "a key for tests"


async def migrated(make_database: Callable[[str], str]) -> Database:
    """A new database of records with its tables."""
    url = make_database("records")
    await asyncio.to_thread(upgrade, url, "services.records")
    return Database(url)


async def take_in(database: Database, messages: Iterable[Message]) -> None:
    """Take messages in one after another, as the service does."""
    handlers = listeners(database)
    for message in messages:
        await handlers[type(message)](message)


async def rows(database: Database, query: str) -> list[Any]:
    """What a query answers, past every read model."""
    connection = await connect(database)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def connect(database: Database) -> "asyncpg.Connection[asyncpg.Record]":
    """A connection beside the service's own, as the owner of its tables: it may do what only an intruder would."""
    return await asyncpg.connect(make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False))


async def said(database: Database) -> list[tuple[str, str]]:
    """Topic and body of what waits to go out, in order."""
    async with database.transaction() as session:
        found = await session.execute(outbox.select().order_by(outbox.c.id))
        return [(row.topic, row.body) for row in found]


@asynccontextmanager
async def browser(
    database: Database, store: Store, sealer: Sealer, url: str = "http://board.test"
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the board's pages."""
    app = create_api(database, store, sealer, session_key=KEY, public_url=url, checks={"database": database.check})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as client:
        yield client


def environment(**settings: str) -> dict[str, str]:
    """The environment of a service: PATH and its settings."""
    return {"PATH": os.environ["PATH"], **settings}
