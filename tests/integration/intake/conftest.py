"""Intake as a process, for the tests in this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.intake.running import Intake, made, published
from tests.servers import Broker, Databases


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
