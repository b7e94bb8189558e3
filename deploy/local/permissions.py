"""What each service may do at the broker, worked out from the catalogue: say what it says, hear what it hears, nothing else.

A service declares and reads only queues of its own name, and publishes to the exchange `concord` only the topics it says.
`python -m deploy.local.permissions` writes the definitions a broker elsewhere loads (`deploy/rabbitmq/definitions.json`).
"""

import json
import re
import sys
from collections.abc import Sequence
from typing import Any

from services.contracts.catalogue import heard_by, said_by
from services.contracts.message import Message
from services.kit import topology
from services.kit.topology import DEAD_EXCHANGE, DEAD_LETTER_KEEPER, EXCHANGE

SERVICES = ("intake", "escalator", "notifier", "records")
OPERATOR = "operator"
"""The user for people and for the stack's own checks; no service has its password."""


def definitions(vhosts: Sequence[str], *, queues: bool) -> dict[str, list[dict[str, Any]]]:
    """RabbitMQ's definitions of the virtual hosts, what is in each, and the permissions; without the users.

    Without `queues`, only the exchanges are made and each service declares its own queues when it connects.
    """
    made: dict[str, list[dict[str, Any]]] = {
        "vhosts": [{"name": vhost} for vhost in vhosts],
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
    for vhost in vhosts:
        for kind, items in topology.definitions(vhost).items():
            if queues or kind == "exchanges":
                made.setdefault(kind, []).extend(items)
    return made


def _resources(user: str) -> dict[str, str]:
    if user == OPERATOR:
        return {"configure": ".*", "write": ".*", "read": ".*"}
    own = rf"^({re.escape(EXCHANGE)}|{re.escape(DEAD_EXCHANGE)}|{user}\..+)$"
    return {"configure": own, "write": own, "read": own}


def _topics(service: str) -> tuple[dict[str, str], ...]:
    dead_letters = (
        r"^#$" if service == DEAD_LETTER_KEEPER else "^$"
    )  # records shows them to board staff; the broker itself writes them
    return (
        {"exchange": EXCHANGE, "write": _any_of(said_by(service)), "read": _any_of(heard_by(service))},
        {"exchange": DEAD_EXCHANGE, "write": "^$", "read": dead_letters},
    )


def _any_of(messages: tuple[type[Message], ...]) -> str:
    topics = sorted({message.topic for message in messages})
    return rf"^({'|'.join(re.escape(topic) for topic in topics)})$"


if __name__ == "__main__":
    json.dump(definitions(["concord"], queues=True), sys.stdout, indent=2)
    print()
