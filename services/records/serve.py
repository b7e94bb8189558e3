"""The composition root of the service: everything is built here, and handed to what uses it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
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
from services.records.issuing import SETTLE, Issuer
from services.records.late import Late
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
    ears = _Ears(bus, database)
    sealer = settings.sealer()
    store = Store(settings.store_dir, sealer)
    printer = Printer()
    app = create_api(
        database,
        store,
        sealer,
        session_key=settings.session_key.get_secret_value(),
        public_url=settings.public_url,
        checks={"database": database.check, "broker": ears.check},
    )
    try:
        printer.warm_up()
        tasks: dict[str, Callable[[], Awaitable[None]]] = {
            "messages": ears.run,
            "late notices": Late(database).run,
            "outbox": Relay(database, bus).run,
            "confirmations": Issuer(database, store, sealer, printer, settle=SETTLE).run,
        }
        await process.serve(app, settings.http_host, settings.http_port, tasks)
    finally:
        await printer.close()
        await bus.close()
        await database.close()


class _Ears:
    """Hears messages once the broker is there. The pages do not wait for it: what is known already can be read meanwhile."""

    def __init__(self, bus: Bus, database: Database) -> None:
        self._bus = bus
        self._database = database
        self._listening = False

    async def run(self) -> None:
        """Connect, however long that takes, and hear for ever: from then on the connection mends itself."""
        while not self._listening:
            try:
                await self._bus.connect()
                await self._bus.listen(listeners(self._database))
                await self._bus.listen_dead(_buried(self._database))
                self._listening = True
            except BusError as error:
                log.warning("trying again: %s", error)
                await self._bus.close()
                await asyncio.sleep(_RETRY_SECONDS)
        await asyncio.Event().wait()

    async def check(self) -> None:
        """Raise BusError when messages are not heard, or the broker does not answer."""
        if not self._listening:
            raise BusError("not listening yet")
        await self._bus.check()


def listeners(database: Database) -> dict[type[Message], Callable[[Any], Awaitable[None]]]:
    """What records does with each message: once, recorded, in one transaction."""
    return {kind: once(database, recorded(handler)) for kind, handler in HANDLERS.items()}


def _buried(database: Database) -> Callable[[DeadLetter], Awaitable[None]]:
    async def bury(letter: DeadLetter) -> None:
        async with database.transaction() as session:
            await dead_letter(session, letter)

    return bury
