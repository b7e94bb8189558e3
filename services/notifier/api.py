"""The notifier's HTTP side: health, and how many notices are in each state. Nothing here names a case or a person."""

from fastapi import FastAPI

from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.database import Database
from services.kit.web import create_app
from services.notifier import repository
from services.notifier.mail_server import MailServer


def make_app(database: Database, bus: Bus, server: MailServer) -> FastAPI:
    """The application, whose health is that of the database, the broker and the mail server."""
    app = create_app("notifier", {"database": database.check, "broker": bus.check, "mail server": server.check})

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
