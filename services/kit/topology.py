"""What the broker must hold before anybody speaks: exchanges, and a queue for every service and message it hears.

The broker loads these when it starts, so a message said before its hearer has ever run still waits for it. A service declares its
own queues again when it connects, with the same arguments: a broker that was set up differently is found out at once.
"""

from typing import Any

from services.contracts.catalogue import HEARERS
from services.contracts.message import Message

EXCHANGE = "concord"
DEAD_EXCHANGE = "concord.dead"
DEAD_LETTER_KEEPER = "records"

_DELIVERY_LIMIT = 20  # also counts a consumer's crashes, so it is not small

QUEUE_ARGUMENTS: dict[str, Any] = {
    "x-queue-type": "quorum",
    "x-delivery-limit": _DELIVERY_LIMIT,
    "x-dead-letter-exchange": DEAD_EXCHANGE,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}


def queue_name(service: str, message: type[Message]) -> str:
    """The queue one service hears one kind of message from."""
    return f"{service}.{message.topic}"


def dead_queue_name() -> str:
    """The queue of everything that somebody could not take in."""
    return f"{DEAD_LETTER_KEEPER}.dead"


def bindings() -> list[tuple[str, str, str]]:
    """Every (queue, exchange, routing key)."""
    heard = [
        (queue_name(service, message), EXCHANGE, message.topic) for message, services in HEARERS.items() for service in services
    ]
    return [*heard, (dead_queue_name(), DEAD_EXCHANGE, "#")]


def definitions(vhost: str) -> dict[str, list[dict[str, Any]]]:
    """The same in RabbitMQ's own form, for its `load_definitions`."""
    return {
        "exchanges": [
            {
                "name": name,
                "vhost": vhost,
                "type": "topic",
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
            for name in (EXCHANGE, DEAD_EXCHANGE)
        ],
        "queues": [
            {"name": queue, "vhost": vhost, "durable": True, "auto_delete": False, "arguments": QUEUE_ARGUMENTS}
            for queue, _, _ in bindings()
        ],
        "bindings": [
            {
                "source": exchange,
                "vhost": vhost,
                "destination": queue,
                "destination_type": "queue",
                "routing_key": key,
                "arguments": {},
            }
            for queue, exchange, key in bindings()
        ],
    }
