"""What the broker lets each service do is exactly what the catalogue says."""

import re
from typing import Any

import pytest

from deploy.local import permissions
from services.contracts.catalogue import HEARERS, SPEAKERS
from services.kit import topology

MADE = permissions.definitions(["one"], queues=True)


def permission(service: str) -> dict[str, Any]:
    return next(item for item in MADE["permissions"] if item["user"] == service)


def topics(service: str, exchange: str) -> dict[str, Any]:
    return next(item for item in MADE["topic_permissions"] if (item["user"], item["exchange"]) == (service, exchange))


@pytest.mark.parametrize("service", permissions.SERVICES)
def test_a_service_says_and_hears_its_own_messages_and_no_other(service: str) -> None:
    allowed = topics(service, topology.EXCHANGE)
    for message, speakers in SPEAKERS.items():
        assert bool(re.search(allowed["write"], message.topic)) == (service in speakers)
        assert bool(re.search(allowed["read"], message.topic)) == (service in HEARERS[message])
    assert not re.search(allowed["write"], "intake.form_received.and_more")


@pytest.mark.parametrize("service", permissions.SERVICES)
@pytest.mark.parametrize("right", ["configure", "write", "read"])
def test_a_service_touches_its_own_queues_and_no_other(service: str, right: str) -> None:
    for queue, _, _ in topology.bindings():
        assert bool(re.search(permission(service)[right], queue)) == queue.startswith(f"{service}.")
    assert not re.search(permission(service)[right], "amq.default")


def test_only_the_keeper_of_dead_letters_hears_them_and_nobody_makes_them_up() -> None:
    for service in permissions.SERVICES:
        allowed = topics(service, topology.DEAD_EXCHANGE)
        assert bool(re.search(allowed["read"], "#")) == (service == topology.DEAD_LETTER_KEEPER)
        assert not any(re.search(allowed["write"], message.topic) for message in SPEAKERS)


def test_a_virtual_host_without_queues_has_everything_else() -> None:
    bare = permissions.definitions(["one"], queues=False)
    assert {kind for kind in MADE if kind not in bare} == {"queues", "bindings"}
    assert all(bare[kind] == MADE[kind] for kind in bare)
