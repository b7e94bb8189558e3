"""Intake's pages at an address of their own, and Chromium in front of them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, async_playwright

from deploy.local.system_packages import find_chromium
from services.contracts.sealed import Sealer
from services.kit.database import Database
from tests.browser.visitor import Site, Visitor
from tests.integration.intake.web_world import LINES, Practitioner, application, board, contacts, forget, migrated, published
from tests.servers import Databases


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium. Nothing it opens is anywhere but here."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium())
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
async def web_database(databases: Databases) -> AsyncIterator[Database]:
    """Intake's database."""
    database = await migrated(databases)
    yield database
    await database.close()


@pytest.fixture
async def site(web_database: Database, sealer: Sealer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """The pages, served, with nothing begun."""
    await forget(web_database)
    await published(web_database, board(), contacts(*LINES))
    app = application(web_database, sealer, tmp_path_factory.mktemp("store"))
    listener = socket.create_server(("127.0.0.1", 0))
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    running = asyncio.create_task(server.serve([listener]))
    practitioner = Practitioner(app, web_database, sealer)
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", practitioner)
    server.should_exit = True
    await running


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Leave signals to pytest."""


@pytest.fixture
async def visit(chromium: Browser, site: Site) -> AsyncIterator[Callable[..., object]]:
    """Makes somebody with a browser of their own: `await visit(javascript=False, width=320)`."""
    contexts: list[BrowserContext] = []

    async def make(*, javascript: bool = True, width: int = 1280) -> Visitor:
        context = await chromium.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 800}, base_url=site.address
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        return Visitor(await context.new_page(), site)

    yield make
    for context in contexts:
        with suppress(Exception):
            await context.close()
