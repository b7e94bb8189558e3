"""What the integration tests of records share: its database, and messages taken in as the service takes them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import asyncpg
import httpx
from sqlalchemy.engine import make_url

from services.contracts.content import CodeContent
from services.contracts.message import Message
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.store import Store
from services.records.api import create_api
from services.records.serve import listeners
from tests.unit.records.story import STAFF

KEY = "a key for tests"


async def migrated(make_migrated: Callable[[str], str]) -> Database:
    """A new database of records with its tables."""
    return Database(await asyncio.to_thread(make_migrated, "records"))


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


class Form(HTMLParser):
    """The hidden fields of the last form on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self.hidden = {}
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"] or ""] = values["value"] or ""


async def submit(client: httpx.AsyncClient, page: str, **answers: str) -> httpx.Response:
    """Open a page, fill in its form and send it."""
    shown = await client.get(page)
    return await client.post(page.partition("?")[0], data=Form(shown.text).hidden | answers)


async def code_for(database: Database, sealer: Sealer, address: str) -> str | None:
    """The code in the latest mail to this address, as it waits to go out."""
    notices = [SendNotice.model_validate_json(body) for topic, body in await said(database) if topic == SendNotice.topic]
    codes = [
        sealer.open(notice.case_id, notice.sealed["code"], CodeContent).code
        for notice in notices
        if notice.to.address == address and notice.kind == "sign_in_code"
    ]
    return codes[-1] if codes else None


async def enter(client: httpx.AsyncClient, database: Database, sealer: Sealer, address: str = STAFF.address) -> httpx.Response:
    """Sign in as this person does."""
    await submit(client, "/sign-in", email=address)
    code = await code_for(database, sealer, address.lower())
    assert code is not None
    return await submit(client, "/sign-in/code", code=code)


def environment(**settings: str) -> dict[str, str]:
    """The environment of a service: PATH and its settings."""
    return {"PATH": os.environ["PATH"], **settings}
