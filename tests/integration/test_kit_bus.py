"""The broker as the services use it: nothing confirmed is lost, nothing poisonous loops, nobody says what is not theirs to say."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar
from uuid import uuid4

import aio_pika
import pytest

from services.contracts.intake import FormReceived
from services.contracts.message import Message
from services.contracts.notifier import NoticeSent, SendNotice
from services.kit.bus import TRIES, Bus, DeadLetter
from services.kit.errors import BusError, Unavailable
from services.kit.topology import EXCHANGE
from tests.contracts.samples import SAMPLES

Kind = TypeVar("Kind", bound=Message)


def sample(kind: type[Kind]) -> Kind:
    """A sample message with an id of its own."""
    found = next(message for message in SAMPLES if isinstance(message, kind))
    return found.model_copy(update={"message_id": uuid4()})


@pytest.fixture
async def buses(amqp_url: Callable[[str], str]) -> AsyncIterator[dict[str, Bus]]:
    made = {name: Bus(amqp_url(name), name) for name in ("intake", "escalator", "notifier", "records")}
    for bus in made.values():
        await bus.connect()
    yield made
    for bus in made.values():
        await bus.close()


class Heard:
    """A hearer that keeps what it heard, and fails as often as it is told to."""

    def __init__(self, failures: list[Exception] | None = None) -> None:
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.calls = 0
        self._failures = failures or []

    async def __call__(self, message: Message) -> None:
        self.calls += 1
        if self._failures:
            raise self._failures.pop(0)
        await self.messages.put(message)

    async def next(self) -> Message:
        async with asyncio.timeout(10):
            return await self.messages.get()


async def test_everyone_who_hears_a_message_gets_it(buses: dict[str, Bus]) -> None:
    escalator, records = Heard(), Heard()
    await buses["escalator"].listen({FormReceived: escalator})
    await buses["records"].listen({FormReceived: records})
    message = sample(FormReceived)
    await buses["intake"].publish(message)
    assert await escalator.next() == await records.next() == message


async def test_a_hearer_waits_for_what_is_away_and_then_hears_it_once(buses: dict[str, Bus]) -> None:
    hearer = Heard([Unavailable("the database is away")] * 3)
    await buses["escalator"].listen({FormReceived: hearer})
    message = sample(FormReceived)
    await buses["intake"].publish(message)
    assert await hearer.next() == message
    assert hearer.calls == 4
    assert hearer.messages.empty()


async def test_what_a_hearer_cannot_take_in_becomes_a_dead_letter(buses: dict[str, Bus]) -> None:
    hearer = Heard([ValueError("a fault")] * 100)
    dead: asyncio.Queue[DeadLetter] = asyncio.Queue()
    await buses["records"].listen_dead(dead.put)
    await buses["escalator"].listen({FormReceived: hearer})
    message = sample(FormReceived)
    await buses["intake"].publish(message)
    async with asyncio.timeout(20):
        letter = await dead.get()
    assert hearer.calls == TRIES
    assert (letter.queue, letter.topic) == ("escalator.intake.form_received", FormReceived.topic)
    assert letter.message_id == str(message.message_id)
    assert FormReceived.model_validate_json(letter.body) == message


async def test_a_message_nobody_can_read_becomes_a_dead_letter(amqp_url: Callable[[str], str], buses: dict[str, Bus]) -> None:
    hearer = Heard()
    dead: asyncio.Queue[DeadLetter] = asyncio.Queue()
    await buses["records"].listen_dead(dead.put)
    await buses["escalator"].listen({FormReceived: hearer})
    connection = await aio_pika.connect(amqp_url("intake"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        await exchange.publish(aio_pika.Message(b"{not json", message_id="odd", type=FormReceived.topic), FormReceived.topic)
    async with asyncio.timeout(10):
        letter = await dead.get()
    assert letter.body == "{not json"
    assert hearer.calls == 0


async def test_messages_wait_for_a_hearer_that_is_away(amqp_url: Callable[[str], str], buses: dict[str, Bus]) -> None:
    await buses["notifier"].close()
    message = sample(SendNotice)
    await buses["escalator"].publish(message)
    again = Bus(amqp_url("notifier"), "notifier")
    await again.connect()
    hearer = Heard()
    await again.listen({SendNotice: hearer})
    assert await hearer.next() == message
    await again.close()


async def test_a_service_cannot_say_what_is_not_its_own(buses: dict[str, Bus]) -> None:
    with pytest.raises(BusError):
        await buses["intake"].publish(sample(NoticeSent))


async def test_a_message_that_reaches_no_queue_is_an_error(amqp_url: Callable[[str], str]) -> None:
    alone = Bus(amqp_url("intake"), "intake")
    await alone.connect()
    with pytest.raises(BusError, match="form_received"):
        await alone.publish(sample(FormReceived))
    await alone.close()


async def test_the_check_says_when_the_broker_is_gone(amqp_url: Callable[[str], str]) -> None:
    bus = Bus(amqp_url("intake"), "intake")
    with pytest.raises(BusError):
        await bus.check()
    await bus.connect()
    await bus.check()
    await bus.close()
    with pytest.raises(BusError):
        await bus.check()


async def test_no_connection_is_an_error_that_says_so() -> None:
    with pytest.raises(BusError, match="cannot connect"):
        await Bus("amqp://nobody:nothing@127.0.0.1:1/", "intake").connect()
