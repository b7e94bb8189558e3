"""A board's protocol as it is in force: its ladders as text and as flowcharts, what goes elsewhere, and what the board chose (A-17)."""

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from services.contracts.escalator import BoardPublished
from services.contracts.outline import LadderOutline
from services.kit.database import Database
from services.kit.web.flowchart import flowchart, in_words
from services.records.board.showing import Frame, Who, signed_in
from services.records.board.sign_in import Visitor
from services.records.repository import people
from services.records.wording import document


class ProtocolPages:
    """The pages of the protocols."""

    def __init__(self, database: Database, frame: Frame) -> None:
        self._database = database
        self._frame = frame

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/protocol", self.boards, methods=["GET"])
        routes.add_api_route("/protocol/{board}", self.protocol, methods=["GET"])
        routes.add_api_route("/protocol/{board}/{ladder}", self.ladder, methods=["GET"])
        return routes

    async def boards(self, request: Request, visitor: Who) -> Response:
        """The boards somebody is staff of; with one, its protocol."""
        return await self._frame.choose_board(request, visitor, "/protocol", "Protocol")

    async def protocol(self, request: Request, visitor: Who, board: str) -> Response:
        """What leads where, and what the board chose where its document leaves something open."""
        published = await self._board(visitor, board)
        stages: dict[str, list[LadderOutline]] = {}
        for ladder in published.ladders:
            stages.setdefault(ladder.case_stage, []).append(ladder)
        return await self._frame.show(
            request,
            visitor,
            "protocol.html",
            board=published,
            document=document(published.protocol, published.protocol_version),
            stages=stages,
            demonstration=published.demonstration,
        )

    async def ladder(self, request: Request, visitor: Who, board: str, ladder: str) -> Response:
        """One ladder, step by step."""
        published = await self._board(visitor, board)
        outline = next((outline for outline in published.ladders if outline.id == ladder), None)
        if outline is None:
            raise HTTPException(404)
        return await self._frame.show(
            request,
            visitor,
            "ladder.html",
            board=published,
            ladder=outline,
            chart=flowchart(outline),
            in_words=in_words,
            demonstration=published.demonstration,
        )

    async def _board(self, visitor: Visitor, board: str) -> BoardPublished:
        async with self._database.transaction() as session:
            published = (await people.boards(session, [board])).get(board) if board in visitor.boards else None
        if published is None:
            raise HTTPException(404)
        return published
