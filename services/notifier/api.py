"""The notifier's HTTP side: health, and how many notices are in each state. Nothing here names a case or a person."""

from datetime import timedelta

from fastapi import FastAPI

from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.web import create_app
from services.notifier import repository
from services.notifier.errors import NoticesWait
from services.notifier.mail_server import MailServer

LATE = timedelta(minutes=15)


def make_app(database: Database, bus: Bus, server: MailServer) -> FastAPI:
    """The application, whose health is that of the database, the broker and the mail server, and that no notice waits for too long."""

    async def none_waits() -> None:
        async with database.transaction() as session:
            oldest = await repository.oldest_unsettled(session)
        if oldest is not None and now() - oldest > LATE:
            raise NoticesWait("a notice has waited for more than a quarter of an hour")

    app = create_app(
        "notifier", {"database": database.check, "broker": bus.check, "mail server": server.check, "notices": none_waits}
    )

    @app.get("/notices")
    async def notices() -> dict[str, object]:
        """`states`: how many notices are in each; `oldest_seconds`: how long the oldest unfinished one has been here, or null."""
        async with database.transaction() as session:
            counts = await repository.counts(session)
            oldest = await repository.oldest_unsettled(session)
        return {
            "states": {state.value: number for state, number in counts.items()},
            "oldest_seconds": None if oldest is None else round((now() - oldest).total_seconds(), 1),
        }

    return app
