"""The composition root of the service: everything is built here, and handed to what uses it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from services.contracts.message import Message
from services.kit import logs, process
from services.kit.bus import Bus, DeadLetter
from services.kit.database import Database
from services.kit.errors import BusError
from services.kit.inbox import once
from services.kit.migrate import upgrade
from services.kit.outbox import Relay
from services.kit.store import Store
from services.records.api import create_api
from services.records.handlers import HANDLERS, dead_letter, recorded
from services.records.issuing import Issuer
from services.records.printer import Printer
from services.records.settings import Settings

SERVICE = "records"
_RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


def serve() -> None:
    """Bring the database up to date, then serve until told to stop."""
    settings = Settings()
    logs.configure(SERVICE, settings.log_level)
    upgrade(settings.database_url.get_secret_value(), "services.records")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    database = Database(settings.database_url.get_secret_value())
    bus = Bus(settings.amqp_url.get_secret_value(), SERVICE)
    sealer = settings.sealer()
    store = Store(settings.store_dir, sealer)
    printer = Printer()
    app = create_api(
        database,
        store,
        sealer,
        session_key=settings.session_key.get_secret_value(),
        public_url=settings.public_url,
        checks={"database": database.check, "broker": bus.check},
    )
    try:
        tasks: dict[str, Callable[[], Awaitable[None]]] = {
            "messages": partial(_hear, bus, database),
            "outbox": Relay(database, bus).run,
            "confirmations": Issuer(database, store, sealer, printer).run,
        }
        await process.serve(app, settings.http_host, settings.http_port, tasks)
    finally:
        await printer.close()
        await bus.close()
        await database.close()


async def _hear(bus: Bus, database: Database) -> None:
    """Hear messages for ever. The pages do not wait for the broker: what is known already can be read meanwhile."""
    while True:
        try:
            await bus.connect()
            await bus.listen(listeners(database))
            await bus.listen_dead(_buried(database))
            break
        except BusError as error:
            log.warning("trying again: %s", error)
            await bus.close()
            await asyncio.sleep(_RETRY_SECONDS)
    await asyncio.Event().wait()  # from here on the connection mends itself


def listeners(database: Database) -> dict[type[Message], Callable[[Any], Awaitable[None]]]:
    """What records does with each message: once, recorded, in one transaction."""
    return {kind: once(database, recorded(handler)) for kind, handler in HANDLERS.items()}


def _buried(database: Database) -> Callable[[DeadLetter], Awaitable[None]]:
    async def bury(letter: DeadLetter) -> None:
        async with database.transaction() as session:
            await dead_letter(session, letter)

    return bury
