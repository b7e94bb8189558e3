"""The pages of held items: what waits and what became of it, one item with its text once somebody asks for that, and its original."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.contracts.content import HeldContent, ReplyContent
from services.contracts.records import ItemSettled
from services.contracts.sealed import Sealed, Sealer, SealError
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import DocumentMissing
from services.kit.logs import redact
from services.kit.store import Store
from services.kit.web import posted
from services.records import sentences
from services.records.board import view
from services.records.board.held_acts import PARTS, possible
from services.records.board.showing import Frame, Who, found, save_as, signed_in
from services.records.board.sign_in import SESSION_COOKIE, Guard, Visitor
from services.records.repository import held, people
from services.records.tables import HeldRow
from services.records.wording import When

log = logging.getLogger(__name__)

MOST: Final = 500
"""Items that wait, shown at most."""
LATELY: Final = 100
"""Items that are settled, shown at most."""


@dataclass(frozen=True)
class Done:
    """What became of an item, in words. `wrote` is what staff wrote to its sender."""

    item: HeldRow
    text: str
    at: str
    wrote: str = ""


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
        routes.add_api_route("/held/stuck/{number}", self.letter, methods=["GET"])
        routes.add_api_route("/held/stuck/{number}", self.see_letter, methods=["POST"])
        routes.add_api_route("/held/{item_id}", self.one, methods=["GET"])
        routes.add_api_route("/held/{item_id}/text", self.text, methods=["GET"])
        routes.add_api_route("/held/{item_id}/original", self.original, methods=["GET"])
        return routes

    async def items(self, request: Request, visitor: Who) -> Response:
        """What came in and waits for a person, messages that are stuck, and what became of those that do not wait any more."""
        async with self._database.transaction() as session:
            items = await held.waiting(session, visitor.boards, MOST)
            settled = await held.settled(session, visitor.boards, LATELY)
            stuck = await held.dead_letters(session, visitor.boards, MOST)
            seen = await held.dead_letters(session, visitor.boards, LATELY, seen=True)
            boards = await people.boards(session, visitor.boards)
            begun = await held.begun(session, [*items, *settled])
        when = view.times(visitor.demonstration)
        return await self._frame.show(
            request,
            visitor,
            "held.html",
            begun=begun,
            items=items,
            settled=list(_done(settled, when)),
            stuck=stuck,
            seen=seen,
            reasons=view.REASONS,
            names={board: published.name for board, published in boards.items()},
            when=when,
        )

    async def one(self, request: Request, visitor: Who, item_id: str) -> Response:
        """One item: what is known of it, and what can be said of it. Its text is not shown."""
        return await self._one(request, visitor, item_id)

    async def text(self, request: Request, visitor: Who, item_id: str) -> Response:
        """The same, with what could be read in it as plain text: shown because somebody asked for it."""
        log.info("the text of %s shown to %s", item_id, redact(visitor.address))
        return await self._one(request, visitor, item_id, show=True)

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

    async def letter(self, request: Request, visitor: Who, number: int) -> Response:
        """A message that is stuck, without what it says."""
        async with self._database.transaction() as session:
            letter = await found(held.dead_letter(session, visitor.boards, number))
        return await self._frame.show(
            request, visitor, "held_stuck.html", letter=letter, when=view.times(visitor.demonstration)
        )

    async def see_letter(self, request: Request, visitor: Who, number: int) -> Response:
        """Somebody has looked at a message that is stuck, and says so; the first one stays."""
        self._guard.check_form(request, await posted(request), SESSION_COOKIE)
        async with self._database.transaction() as session:
            await found(held.dead_letter(session, visitor.boards, number))
            await held.see_letter(session, number, visitor.name or visitor.address, now())
        log.info("stuck message %s marked as seen by %s", number, redact(visitor.address))
        return RedirectResponse("/held", status_code=303)

    async def _one(self, request: Request, visitor: Visitor, item_id: str, *, show: bool = False) -> Response:
        async with self._database.transaction() as session:
            item = await found(held.item(session, visitor.boards, item_id))
            board = await held.board_of(session, item)
            boards = await people.boards(session, visitor.boards)
            begun = item.case_id in await held.begun(session, [item])
        content = opened(self._sealer, item)
        when = view.times(visitor.demonstration)
        done = next(iter(_done([item], when, self._sealer)), None)
        return await self._frame.show(
            request,
            visitor,
            "held_item.html",
            item=item,
            reason=view.REASONS.get(item.reason, item.reason),
            board_name=boards[board].name if board in boards else "",
            content=content if show else None,
            can_show=content is not None,
            parts=[(label, getattr(content.form, key)) for key, label in PARTS] if content and show else [],
            acts=list(possible(item, begun=begun)),
            begun=begun,
            done=done,
            when=when,
        )


def opened(sealer: Sealer, item: HeldRow) -> HeldContent | None:
    """What could be read in an item; None where nothing could, or it cannot be opened with the keys there are."""
    if item.content is None:
        return None
    try:
        return sealer.open(item.item_id, Sealed(token=item.content), HeldContent)
    except SealError:
        return None


def _done(items: Iterable[HeldRow], when: When, sealer: Sealer | None = None) -> Iterable[Done]:
    """What became of these items, as far as something did; with a sealer, also what was written."""
    for item in items:
        message = ItemSettled.model_validate_json(item.settled) if item.settled else None
        line = sentences.tell(message, when) if message else None
        if message is not None and line is not None:
            yield Done(item, line.text, when(line.at), _wrote(message, sealer) if sealer else "")


def _wrote(message: ItemSettled, sealer: Sealer) -> str:
    if message.how not in ("answered", "refused") or message.content is None:
        return ""
    try:
        return sealer.open(message.item_id, message.content, ReplyContent).text
    except SealError:
        return ""
