"""What each service may do at the broker, worked out from the catalogue: say what it says, hear what it hears, nothing else.

A service declares and reads only queues of its own name, and publishes to the exchange `concord` only the topics it says.
"""

import re
from collections.abc import Sequence

from services.contracts.catalogue import heard_by, said_by
from services.contracts.message import Message

SERVICES = ("intake", "escalator", "notifier", "records")
OPERATOR = "operator"
"""The user for people and for the stack's own checks; no service has its password."""

EXCHANGE = "concord"
DEAD = "concord.dead"


def definitions(vhosts: Sequence[str]) -> dict[str, object]:
    """RabbitMQ's definitions of the virtual hosts, exchanges and permissions, without the users."""
    return {
        "vhosts": [{"name": vhost} for vhost in vhosts],
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
            for vhost in vhosts
            for name in (EXCHANGE, DEAD)
        ],
        "permissions": [
            {"user": user, "vhost": vhost, **_resources(user)} for vhost in vhosts for user in (*SERVICES, OPERATOR)
        ],
        "topic_permissions": [
            {"user": service, "vhost": vhost, **topics}
            for vhost in vhosts
            for service in SERVICES
            for topics in _topics(service)
        ],
    }


def _resources(user: str) -> dict[str, str]:
    if user == OPERATOR:
        return {"configure": ".*", "write": ".*", "read": ".*"}
    own = rf"^({re.escape(EXCHANGE)}|{re.escape(DEAD)}|{user}\..+)$"
    return {"configure": own, "write": own, "read": own}


def _topics(service: str) -> tuple[dict[str, str], ...]:
    dead_letters = r"^#$" if service == "records" else "^$"  # records shows them to board staff; the broker itself writes them
    return (
        {"exchange": EXCHANGE, "write": _any_of(said_by(service)), "read": _any_of(heard_by(service))},
        {"exchange": DEAD, "write": "^$", "read": dead_letters},
    )


def _any_of(messages: tuple[type[Message], ...]) -> str:
    topics = sorted({message.topic for message in messages})
    return rf"^({'|'.join(re.escape(topic) for topic in topics)})$"
