"""The broker: the only module that knows RabbitMQ.

One durable topic exchange, one quorum queue per (service, message type), and one exchange for what nobody could take in. Every
default that loses messages silently is set here: persistent messages, confirms, `mandatory`, a delivery limit with dead letters
that are themselves delivered at least once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import aio_pika
import aiormq.exceptions
from aio_pika.abc import (
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustChannel,
    AbstractRobustConnection,
    AbstractRobustExchange,
)
from pydantic import ValidationError

from services.contracts.catalogue import heard_by
from services.contracts.message import Data, Message
from services.kit.errors import BusError, Unavailable
from services.kit.topology import DEAD_EXCHANGE, EXCHANGE, QUEUE_ARGUMENTS, dead_queue_name, queue_name

log = logging.getLogger(__name__)

PREFETCH = 20
PUBLISH_SECONDS = 10.0
TRIES = 5
LONGEST_PAUSE_SECONDS = 10.0

_AWAY = (aiormq.exceptions.AMQPError, aio_pika.exceptions.ChannelInvalidStateError, RuntimeError, OSError, TimeoutError)

Handler = Callable[[Any], Awaitable[None]]


class DeadLetter(Data):
    """A message its hearer could not take in. `queue` names the hearer; the body is as it was sent, sealed parts sealed."""

    message_id: str
    topic: str
    queue: str
    reason: str
    body: str


class Bus:
    """One service's connection. It reconnects by itself and takes up its consumers again."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._said: AbstractRobustChannel | None = None
        self._heard: AbstractRobustChannel | None = None
        self._exchange: AbstractRobustExchange | None = None
        self._queues: list[AbstractQueue] = []  # a consumer stops when its queue object is collected

    async def connect(self) -> None:
        """Connect, and declare the exchanges and this service's queues well before they are used. Raises BusError."""
        try:
            self._connection = await aio_pika.connect_robust(self._url, timeout=PUBLISH_SECONDS)
            self._said = await _channel(self._connection)
            self._heard = await _channel(self._connection)
            await self._heard.set_qos(prefetch_count=PREFETCH)
            self._exchange = await self._said.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
            await self._said.declare_exchange(DEAD_EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
            for message in heard_by(self._service):
                await self._declare(queue_name(self._service, message), EXCHANGE, message.topic)
        except _AWAY as error:
            raise BusError(f"cannot connect to the broker: {type(error).__name__}") from error

    async def publish(self, message: Message) -> None:
        """Say one message; returns when the broker has it on disk and in a queue. Raises BusError: then say it again, same id."""
        await self.publish_body(message.topic, message.message_id, message.model_dump_json())

    async def publish_body(self, topic: str, message_id: UUID, body: str) -> None:
        """Say a message already written as JSON. Raises BusError."""
        if self._exchange is None:
            raise BusError("not connected to the broker")
        outgoing = aio_pika.Message(
            body.encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(message_id),
            type=topic,
        )
        try:
            async with asyncio.timeout(PUBLISH_SECONDS):
                await self._exchange.publish(outgoing, topic, mandatory=True)
        except _AWAY as error:
            raise BusError(f"the broker did not confirm {topic}: {type(error).__name__}") from error

    async def listen(self, handlers: Mapping[type[Message], Handler]) -> None:
        """Hear these messages from now on. Each is acknowledged when its handler has returned."""
        assert self._heard is not None, "connect first"  # noqa: S101 - a mistake in a composition root, not an input
        for kind, handler in handlers.items():
            queue = await self._heard.get_queue(queue_name(self._service, kind))
            await queue.consume(_Consumer(kind, handler).take)
            self._queues.append(queue)

    async def listen_dead(self, handler: Callable[[DeadLetter], Awaitable[None]]) -> None:
        """Hear what any service could not take in; only records does, which shows it to board staff."""
        assert self._heard is not None, "connect first"  # noqa: S101 - a mistake in a composition root, not an input
        queue = await self._declare(dead_queue_name(), DEAD_EXCHANGE, "#")

        async def take(incoming: AbstractIncomingMessage) -> None:
            await _with_patience(lambda: handler(_dead_letter(incoming)), forever=True)
            await incoming.ack()

        await queue.consume(take)
        self._queues.append(queue)

    async def check(self) -> None:
        """Raise BusError when the broker does not answer."""
        if self._said is None:
            raise BusError("not connected to the broker")
        try:
            async with asyncio.timeout(3):
                await self._said.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        except _AWAY as error:
            raise BusError(f"the broker does not answer: {type(error).__name__}") from error

    async def close(self) -> None:
        """Stop hearing and disconnect; messages not yet acknowledged are delivered again."""
        if self._connection is not None:
            await self._connection.close()

    async def _declare(self, name: str, exchange: str, topic: str) -> AbstractQueue:
        assert self._heard is not None, "connect first"  # noqa: S101 - only called once connected
        queue = await self._heard.declare_queue(
            name,
            durable=True,
            arguments=QUEUE_ARGUMENTS,
        )
        await queue.bind(exchange, topic)
        return queue


class _Consumer:
    """Takes one kind of message in: again and again while something is away, a few times when it fails, then as a dead letter."""

    def __init__(self, kind: type[Message], handler: Handler) -> None:
        self._kind = kind
        self._handler = handler

    async def take(self, incoming: AbstractIncomingMessage) -> None:
        try:
            message = self._kind.model_validate_json(incoming.body)
        except ValidationError as error:
            log.error(  # noqa: TRY400 - the traceback would say nothing more
                "%s %s cannot be read: %d mistakes", incoming.type, incoming.message_id, error.error_count()
            )
            await incoming.reject(requeue=False)
            return
        try:
            await _with_patience(lambda: self._handler(message))
        except Exception as error:
            log.exception("%s %s could not be taken in: %s", incoming.type, incoming.message_id, type(error).__name__)
            await incoming.reject(requeue=False)
        else:
            await incoming.ack()


async def _with_patience(work: Callable[[], Awaitable[None]], *, forever: bool = False) -> None:
    """Do this until it is done; while something we need is away, for as long as it takes; else give up after a few tries."""
    pause, tries = 0.1, 0
    while True:
        try:
            await work()
        except Unavailable as error:
            log.warning("waiting: %s", error)
        except Exception:
            tries += 1
            if tries >= TRIES and not forever:
                raise
            log.warning("trying again after a failure", exc_info=True)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _channel(connection: AbstractRobustConnection) -> AbstractRobustChannel:
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    assert isinstance(channel, AbstractRobustChannel)  # noqa: S101 - aio-pika declares the wider type
    return channel


def _dead_letter(incoming: AbstractIncomingMessage) -> DeadLetter:
    deaths = incoming.headers.get("x-death") or [{}]
    first: Any = deaths[0] if isinstance(deaths, list) else {}
    return DeadLetter(
        message_id=incoming.message_id or "",
        topic=incoming.type or incoming.routing_key or "",
        queue=str(first.get("queue", "")),
        reason=str(first.get("reason", "")),
        body=incoming.body.decode(errors="replace"),
    )
