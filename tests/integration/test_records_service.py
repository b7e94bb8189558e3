"""records as a process: real broker, real database, killed and started again."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import aio_pika
import httpx
import pytest

from deploy.local import ports
from services.contracts.message import Message
from services.contracts.notifier import SendNotice
from services.contracts.records import RecordIssued
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.topology import EXCHANGE
from services.records.verify import check
from tests.integration.records_world import environment, rows
from tests.unit.records.story import PUBLISHED, Story

PATIENCE = 60


class Service:
    """records, run as it is run in production. `heard` is what it says on the broker."""

    def __init__(self, settings: dict[str, str], operator: str) -> None:
        self._settings = settings
        self._operator = operator
        self._process: asyncio.subprocess.Process | None = None
        self.address = f"http://127.0.0.1:{settings['CONCORD_HTTP_PORT']}"
        self.database = Database(settings["CONCORD_DATABASE_URL"])

    async def start(self) -> None:
        """Start it, and wait until it is well."""
        command = (sys.executable, "-m", "services.records")
        self._process = await asyncio.create_subprocess_exec(*command, env=environment(**self._settings))

        async with httpx.AsyncClient() as client:

            async def well() -> bool:
                assert self._process is not None
                assert self._process.returncode is None, "records ended"
                try:
                    return (await client.get(f"{self.address}/health")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(well)

    async def end(self, how: signal.Signals) -> int:
        """End it, and its exit status."""
        assert self._process is not None
        self._process.send_signal(how)
        return await self._process.wait()

    async def stop(self) -> None:
        """End whatever is left."""
        if self._process is not None and self._process.returncode is None:
            await self.end(signal.SIGKILL)
        await self.database.close()

    async def publish(self, messages: Iterable[Message]) -> None:
        """Say these as the other services do."""
        async with await aio_pika.connect(self._operator) as connection:
            channel = await connection.channel()
            exchange = await channel.get_exchange(EXCHANGE)
            for message in messages:
                body = aio_pika.Message(
                    message.model_dump_json().encode(), message_id=str(message.message_id), type=message.topic
                )
                await exchange.publish(body, message.topic, mandatory=True)

    async def count(self, query: str) -> int:
        """How many rows there are."""
        return int((await rows(self.database, query))[0][0])


async def until(true: Callable[[], object]) -> None:
    """Wait for something to be so."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = true()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return
            await asyncio.sleep(0.05)


@pytest.fixture
async def service(
    make_database: Callable[[str], str], amqp_url: Callable[[str], str], seal_key: str, tmp_path: Path
) -> AsyncIterator[Service]:
    port = ports.find(("http",))["http"]
    settings = {
        "CONCORD_DATABASE_URL": make_database("records"),
        "CONCORD_AMQP_URL": amqp_url("records"),
        "CONCORD_HTTP_PORT": str(port),
        "CONCORD_STORE_DIR": str(tmp_path / "store"),
        "CONCORD_SEAL_KEYS": seal_key,
        "CONCORD_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CONCORD_SESSION_KEY": "a key for tests",
        "CONCORD_LOG_LEVEL": "WARNING",
    }
    made = Service(settings, amqp_url("operator"))
    await made.start()
    yield made
    await made.stop()


async def test_a_case_from_the_broker_to_its_record_and_a_clean_end(service: Service, sealer: Sealer) -> None:
    whole = Story(sealer).whole()
    await service.publish([PUBLISHED, *whole, *whole])

    async def told() -> bool:
        query = f"SELECT count(*) FROM history WHERE topic IN ('{RecordIssued.topic}', '{SendNotice.topic}')"  # noqa: S608 - our own words
        return await service.count(query) == 4

    await until(told)
    assert await service.count("SELECT count(*) FROM history") == 1 + len(whole) + 4
    assert (await check(service.database.url, {}))["ok"]
    assert await service.end(signal.SIGTERM) == 0


async def test_killed_again_and_again_it_loses_nothing_and_does_nothing_twice(service: Service, sealer: Sealer) -> None:
    stories = [Story(sealer, f"DEMO-0000000{number}") for number in range(6)]
    messages = [message for story in stories for message in story.whole()]
    third = len(messages) // 3
    for start in (0, third, 2 * third):
        await service.publish(messages[start : start + third])

        async def some(start: int = start) -> bool:
            return await service.count("SELECT count(*) FROM history") > start + 3

        await until(some)
        await service.end(signal.SIGKILL)
        await service.start()

    async def all_told() -> bool:
        return await service.count(f"SELECT count(*) FROM history WHERE topic = '{SendNotice.topic}'") == 18  # noqa: S608 - as above

    await until(all_told)
    assert await service.count("SELECT count(*) FROM history") == len(messages) + 6 * 4
    assert await service.count("SELECT count(*) FROM confirmations WHERE state = 'issued'") == 6
    assert (await check(service.database.url, {}))["ok"]


async def test_a_message_nobody_can_read_is_shown_and_does_not_hold_up_the_rest(
    service: Service, sealer: Sealer, amqp_url: Callable[[str], str]
) -> None:
    async with await aio_pika.connect(amqp_url("operator")) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        body = b'{"case_id": "DEMO-7K3QX9FA", "nonsense": true}'
        broken = aio_pika.Message(body, message_id="1", type="escalator.case_opened")
        await exchange.publish(broken, "escalator.case_opened", mandatory=True)
    await service.publish(Story(sealer).until(3))

    async def both() -> bool:
        kept = await service.count("SELECT count(*) FROM history WHERE topic LIKE 'escalator.%'")
        return kept == 2 and await service.count("SELECT count(*) FROM dead_letters WHERE case_id = 'DEMO-7K3QX9FA'") >= 1

    await until(both)
