"""What every tier of tests may ask for. The servers are real; see `tests/servers.py`."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis  # noqa: F401 - see below
import pytest
from cryptography.fernet import Fernet
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkipper

from deploy.local.temporal import NAMESPACE
from services.contracts.sealed import Sealer
from tests.servers import Broker, Databases, Servers, Workflows, type_of
from tests.smtp_sink import SmtpSink

if TYPE_CHECKING:  # the store is built by the kit, which most tests do without
    from services.kit.store import Store

# Hypothesis is imported here because its plugin would import it at the end of the session: there, Python 3.11 stops with
# "AST constructor recursion depth mismatch" when collecting garbage logs a traceback while pytest rewrites what is imported.


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """The session's servers, started as they are asked for."""
    asked_for = {name for item in request.session.items if isinstance(item, pytest.Function) for name in item.fixturenames}
    servers = Servers(name for name in type_of if name in asked_for)
    yield servers
    servers.stop()


@pytest.fixture(scope="session")
def broker(servers: Servers) -> Broker:
    """RabbitMQ, with every service's user and permissions."""
    return servers.broker()


@pytest.fixture(scope="session")
def databases(servers: Servers) -> Databases:
    """PostgreSQL, with every service's role."""
    return servers.databases()


@pytest.fixture(scope="session")
def workflows(servers: Servers) -> Workflows:
    """Temporal, with time skipping allowed."""
    return servers.workflows()


@pytest.fixture
def amqp_url(broker: Broker) -> Callable[[str], str]:
    """`amqp_url("intake")` is the broker's address with intake's own name, password and permissions.

    All addresses in one test share one virtual host, which no other test uses. `amqp_url("operator")` may do everything.
    """
    vhost = broker.vhost()
    return lambda user: broker.url(user, vhost)


@pytest.fixture
def make_database(databases: Databases) -> Iterator[Callable[[str], str]]:
    """`make_database("intake")` is the address (CONCORD_DATABASE_URL) of a new, empty database of intake's; it ends with the test."""
    with _dropped_after(databases, databases.make) as make:
        yield make


@pytest.fixture
def make_migrated(databases: Databases) -> Iterator[Callable[[str], str]]:
    """`make_migrated("intake")` is the address of a new database of intake's with its tables in it; it ends with the test."""
    with _dropped_after(databases, databases.make_migrated) as make:
        yield make


@contextmanager
def _dropped_after(databases: Databases, make: Callable[[str], tuple[str, str]]) -> Iterator[Callable[[str], str]]:
    """`make`, telling addresses only; every database it made is dropped at the end."""
    made: list[str] = []

    def address(service: str) -> str:
        name, url = make(service)
        made.append(name)
        return url

    yield address
    for name in made:
        databases.part.drop_database(name)


@pytest.fixture
async def temporal_client(workflows: Workflows) -> Client:
    """A client of Temporal whose workflows keep to the wall clock."""
    return await Client.connect(workflows.address, namespace=NAMESPACE, data_converter=pydantic_data_converter)


@pytest.fixture
def temporal(temporal_client: Client) -> TimeSkipper:
    """Temporal with skipping: start workflows with `temporal.client` and move one with `temporal.fast_forward(handle, time)`.

    Without `fast_forward`, a workflow started so skips every wait as soon as nothing else is going on in it.
    """
    return TimeSkipper(temporal_client)


@pytest.fixture
async def smtp_sink() -> AsyncIterator[SmtpSink]:
    """A real SMTP server on a port of its own which keeps what it is sent, or fails as it is told to."""
    sink = SmtpSink()
    await sink.start()
    yield sink
    await sink.stop()


@pytest.fixture
def seal_key() -> str:
    """A key for sealing, as CONCORD_SEAL_KEYS takes it."""
    return Fernet.generate_key().decode()


@pytest.fixture
def sealer(seal_key: str) -> Sealer:
    """Seals and opens with `seal_key`."""
    return Sealer([seal_key])


@pytest.fixture
def store(tmp_path: Path, sealer: Sealer) -> "Store":
    """An empty document store, sealed with `seal_key`."""
    from services.kit.store import Store  # noqa: PLC0415 - see above

    return Store(tmp_path / "store", sealer)
