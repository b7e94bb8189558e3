"""The pages of held items: what waits and what became of it, one item with its text once somebody asks for that, and its original."""

import logging
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.errors import DocumentMissing
from services.kit.logs import redact
from services.kit.store import Store
from services.records.board import view
from services.records.board.showing import Frame, Who, found, save_as, signed_in
from services.records.board.sign_in import Guard
from services.records.repository import held, people

log = logging.getLogger(__name__)

MOST: Final = 500
"""Items a page shows at most."""


class HeldPages:
    """The pages, built on what they read from."""

    def __init__(self, database: Database, store: Store, sealer: Sealer, guard: Guard, frame: Frame) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._guard = guard
        self._frame = frame

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/held", self.items, methods=["GET"])
        routes.add_api_route("/held/{item_id}/original", self.original, methods=["GET"])
        return routes

    async def items(self, request: Request, visitor: Who) -> Response:
        """What came in and waits for a person, and messages that are stuck."""
        async with self._database.transaction() as session:
            items = await held.waiting(session, visitor.boards, MOST)
            stuck = await held.dead_letters(session, MOST)
            boards = await people.boards(session, visitor.boards)
        return await self._frame.show(
            request,
            visitor,
            "held.html",
            items=items,
            stuck=stuck,
            reasons=view.REASONS,
            names={board: published.name for board, published in boards.items()},
            when=view.times(visitor.demonstration),
        )

    async def original(self, visitor: Who, item_id: str) -> Response:
        """What came in, as it came, to keep and never to show."""
        async with self._database.transaction() as session:
            item = await found(held.item(session, visitor.boards, item_id))
        log.info("the original of %s downloaded by %s", item_id, redact(visitor.address))
        try:
            content = await self._store.get(item.source)
        except DocumentMissing as error:
            raise HTTPException(404) from error
        return save_as(content, f"{item.item_id}.eml", "application/octet-stream")
