"""Intake as a process, for the tests in this folder."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI

from services.contracts.sealed import Sealer
from services.kit.database import Database
from tests.certificates import Certificates
from tests.dovecot import Dovecot
from tests.entra import Entra
from tests.integration.intake import web_world
from tests.integration.intake.running import Intake, made, published
from tests.integration.intake.web_world import LINES, Practitioner, application, board, contacts, forget, migrated
from tests.servers import Broker, Databases, Running, Servers


@pytest.fixture
async def stopped(broker: Broker, databases: Databases, tmp_path: Path) -> AsyncIterator[Intake]:
    """An intake of the test's own, not started yet."""
    async with made(tmp_path / "store", broker, databases) as intake:
        yield intake


@pytest.fixture(scope="package")
async def running(broker: Broker, databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Intake]:
    """One intake for every test that does not stop it, with the demonstration board published."""
    async with made(tmp_path_factory.mktemp("intake") / "store", broker, databases) as intake:
        await intake.start()
        await intake.publish(published())
        yield intake


@pytest.fixture
async def intake(running: Intake) -> Intake:
    """Intake, with no mail and no form yet."""
    await running.forget()
    return running


@pytest.fixture(scope="package")
async def web_database(databases: Databases) -> AsyncIterator[Database]:
    """One database for every test of the pages that runs in this process."""
    database = await migrated(databases)
    yield database
    await database.close()


@pytest.fixture
async def database(web_database: Database) -> Database:
    """The same, empty."""
    await forget(web_database)
    return web_database


@pytest.fixture(scope="package")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """What servers on loopback show, and programs believe."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="package")
def entra() -> Entra:
    """The sign-in service whose tokens Dovecot takes."""
    return Entra()


@pytest.fixture(scope="package")
def dovecot(servers: Servers, certificates: Certificates, entra: Entra) -> Iterator[Dovecot]:
    """An IMAP server as most are."""
    yield from _running(Dovecot(servers.root, certificates, entra.public_key), servers)


@pytest.fixture
def basic_dovecot(servers: Servers, certificates: Certificates, entra: Entra) -> Iterator[Dovecot]:
    """An IMAP server without IDLE and without MOVE."""
    yield from _running(Dovecot(servers.root, certificates, entra.public_key, basic=True), servers)


@pytest.fixture
def user() -> str:
    """The name of an account no other test uses."""
    return f"board-{uuid4().hex[:8]}"


def _running(part: Dovecot, servers: Servers) -> Iterator[Dovecot]:
    try:
        running = Running(part, servers.root / "logs")
        yield part
        running.stop()
    finally:
        part.remove()


@pytest.fixture
async def site(database: Database, sealer: Sealer, tmp_path: Path) -> tuple[FastAPI, Database]:
    """The pages and their database, with the demonstration board and its contact list."""
    await web_world.published(database, board(), contacts(*LINES))
    return application(database, sealer, tmp_path / "store"), database


@pytest.fixture
def somebody(site: tuple[FastAPI, Database], sealer: Sealer) -> Callable[[], Practitioner]:
    """Makes a browser."""
    return lambda: Practitioner(*site, sealer)


@pytest.fixture
def asha(somebody: Callable[[], Practitioner]) -> Practitioner:
    """A practitioner."""
    return somebody()
