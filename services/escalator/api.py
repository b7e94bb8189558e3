"""The escalator's HTTP side: health, and the pages on which anybody may read a board's protocol. Nobody reads a case here."""

from collections.abc import Mapping

from fastapi import FastAPI
from temporalio.client import Client

from services.escalator.boards import Board
from services.escalator.pages import make_pages
from services.kit.bus import Bus
from services.kit.database import Database
from services.kit.errors import Unavailable
from services.kit.web import create_app


def make_app(database: Database, bus: Bus, client: Client, boards: Mapping[str, Board]) -> FastAPI:
    """The application, whose health is that of the database, the broker and the workflow engine."""

    async def workflow_engine() -> None:
        if not await client.service_client.check_health():
            raise Unavailable("the workflow engine is not serving")

    app = create_app("escalator", {"database": database.check, "broker": bus.check, "workflows": workflow_engine})
    app.include_router(make_pages(boards))
    return app
