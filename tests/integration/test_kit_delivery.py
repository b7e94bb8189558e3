"""Inbox and outbox on a real database: an effect and its messages happen together, once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from services.contracts.intake import FormReceived
from services.kit.bell import Bell, ring
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.delivery import metadata, outbox
from services.kit.errors import BusError, Unavailable
from services.kit.inbox import once
from services.kit.outbox import Relay, say
from tests.integration.test_kit_bus import Heard, sample


@pytest.fixture
async def database(make_database: Callable[[str], str]) -> AsyncIterator[Database]:
    url = make_database("intake")
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    database = Database(url)
    yield database
    await database.close()


async def waiting(database: Database) -> int:
    async with database.transaction() as session:
        return await session.scalar(select(func.count()).select_from(outbox)) or 0


@pytest.mark.parametrize(
    ("state", "error"),
    [("57P03", Unavailable), ("57P01", Unavailable), ("53100", Unavailable), ("53300", Unavailable), ("23505", IntegrityError)],
)
async def test_a_database_that_is_starting_or_full_is_away(database: Database, state: str, error: type[Exception]) -> None:
    """And no fault of ours, which would end the service."""
    with pytest.raises(error):
        async with database.transaction() as session:
            await session.execute(text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"))
    await database.check()


async def test_a_message_takes_effect_once_however_often_it_comes(database: Database) -> None:
    effects = []

    async def handler(_: AsyncSession, message: FormReceived) -> None:
        effects.append(message.message_id)

    take = once(database, handler)
    message = sample(FormReceived)
    await asyncio.gather(*(take(message) for _ in range(8)))
    assert effects == [message.message_id]


async def test_a_failed_effect_leaves_no_trace_and_may_be_tried_again(database: Database) -> None:
    failures = [ValueError("a fault")]

    async def handler(session: AsyncSession, message: FormReceived) -> None:
        await say(session, message)
        if failures:
            raise failures.pop()

    take = once(database, handler)
    message = sample(FormReceived)
    with pytest.raises(ValueError, match="a fault"):
        await take(message)
    assert await waiting(database) == 0
    await take(message)
    assert await waiting(database) == 1


async def test_what_is_said_waits_while_the_broker_is_away_and_goes_out_when_it_is_back(
    database: Database, amqp_url: Callable[[str], str]
) -> None:
    messages = [sample(FormReceived) for _ in range(250)]
    async with database.transaction() as session:
        await say(session, *messages, messages[0])
    away = Bus(amqp_url("intake"), "intake")
    with pytest.raises(BusError):
        await Relay(database, away).publish_waiting()
    assert await waiting(database) == 250

    hearer = Heard()
    escalator = Bus(amqp_url("escalator"), "escalator")
    await escalator.connect()
    await escalator.listen({FormReceived: hearer})
    await away.connect()
    relay = asyncio.create_task(Relay(database, away).run())
    heard = {(await hearer.next()).message_id for _ in messages}
    assert heard == {message.message_id for message in messages}
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    await away.close()
    await escalator.close()


async def test_two_relays_do_not_say_one_thing_twice(database: Database, amqp_url: Callable[[str], str]) -> None:
    buses = [Bus(amqp_url("intake"), "intake") for _ in range(2)]
    escalator = Bus(amqp_url("escalator"), "escalator")
    hearer = Heard()
    for bus in (*buses, escalator):
        await bus.connect()
    await escalator.listen({FormReceived: hearer})
    messages = [sample(FormReceived) for _ in range(150)]
    async with database.transaction() as session:
        await say(session, *messages)
    counts = await asyncio.gather(*(Relay(database, bus).publish_waiting() for bus in buses))
    assert sum(counts) == 150
    for _ in messages:
        await hearer.next()
    assert hearer.messages.empty()
    for bus in (*buses, escalator):
        await bus.close()


async def test_the_bell_rings_when_the_transaction_commits_and_not_before(database: Database) -> None:
    async with Bell(database.url, "test") as bell:
        await bell.wait(0)
        async with database.transaction() as session:
            await ring(session, "test")
            early = asyncio.create_task(bell.wait(60))
            await session.execute(text("SELECT 1"))
            assert not early.done()
        async with asyncio.timeout(10):
            await early


async def test_a_database_that_does_not_answer_is_named_so() -> None:
    database = Database("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="database"):
        await database.check()
    await database.close()


async def test_an_error_shows_no_row(database: Database) -> None:
    secret = "a narrative that must not be logged"
    with pytest.raises(Exception, match="outbox") as caught:
        async with database.transaction() as session:
            await session.execute(outbox.insert().values(message_id=uuid4(), topic=None, body=secret))
    assert secret not in str(caught.value)
