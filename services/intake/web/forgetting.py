"""What the pages keep goes when its time is over, whether or not anybody comes by."""

import asyncio
import logging

from services.intake.web import repository
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

EVERY_SECONDS = 600.0


class Forgetting:
    """Deletes forms that nobody came back to, sessions that are over, and old codes. Several copies do each other no harm."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Forget for ever."""
        while True:
            try:
                await self.forget()
            except Unavailable as error:
                log.warning("%s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def forget(self) -> None:
        """Delete all that is not kept any more. Raises Unavailable."""
        async with self._database.transaction() as session:
            await repository.forget(session, now())
