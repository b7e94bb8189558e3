"""The board's pages. Every route here is behind the guard; what a visitor may not see does not exist for them."""

import logging
from dataclasses import asdict
from math import ceil
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response

from services.contracts.sealed import Sealer
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import DocumentMissing
from services.kit.logs import redact
from services.kit.store import Store
from services.records.board import view
from services.records.board.case_page import case_page
from services.records.board.showing import Frame, Who, found, save_as, signed_in
from services.records.board.timeline import timeline
from services.records.repository import cases, confirmations, held, history, notices, people, requests
from services.records.repository.cases import Listed

PER_PAGE = 50
LATELY_CLOSED = 10
MOST = 500
"""Rows a page without pages of its own shows at most."""

log = logging.getLogger(__name__)


PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


class Board:
    """The pages, built on what they read from."""

    def __init__(self, database: Database, store: Store, sealer: Sealer, frame: Frame) -> None:
        self._database = database
        self._store = store
        self._sealer = sealer
        self._show = frame.show

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/", self.open_cases, methods=["GET"])
        routes.add_api_route("/cases/closed", self.closed_cases, methods=["GET"])
        routes.add_api_route("/cases/{case_id}", self.one_case, methods=["GET"])
        routes.add_api_route("/cases/{case_id}/confirmations/{number}", self.confirmation_file, methods=["GET"])
        routes.add_api_route("/notices", self.failed_notices, methods=["GET"])
        routes.add_api_route("/api/cases", self.cases_as_data, methods=["GET"])
        return routes

    async def open_cases(self, request: Request, visitor: Who, page: PageNumber = 1) -> Response:
        """Every open case, those that need a person first, and what closed lately."""
        at = now()
        async with self._database.transaction() as session:
            offset = (page - 1) * PER_PAGE
            shown, total = await cases.listed(session, visitor.boards, ended=False, now=at, limit=PER_PAGE, offset=offset)
            closed, _ = await cases.listed(session, visitor.boards, ended=True, now=at, limit=LATELY_CLOSED, offset=0)
            boards = await people.boards(session, visitor.boards)
        rows = [view.row(listed, boards) for listed in shown]
        context: dict[str, Any] = {
            "rows": rows,
            "total": total,
            "closed": [view.row(listed, boards) for listed in closed],
            "at": at,
        }
        return await self._show(request, visitor, "cases.html", **context, **_paged("/", page, total))

    async def closed_cases(self, request: Request, visitor: Who, page: PageNumber = 1) -> Response:
        """Every case that has ended, the latest first."""
        async with self._database.transaction() as session:
            offset = (page - 1) * PER_PAGE
            shown, total = await cases.listed(session, visitor.boards, ended=True, now=now(), limit=PER_PAGE, offset=offset)
            boards = await people.boards(session, visitor.boards)
        rows = [view.row(listed, boards) for listed in shown]
        return await self._show(request, visitor, "closed.html", rows=rows, total=total, **_paged("/cases/closed", page, total))

    async def one_case(self, request: Request, visitor: Who, case_id: str) -> Response:
        """One case: where it is, what is wrong, everything that happened."""
        async with self._database.transaction() as session:
            listed = await found(cases.one(session, visitor.boards, case_id, now()))
            boards = await people.boards(session, [listed.case.board])
            messages = await history.of_case(session, case_id)
            sent = await notices.of_case(session, case_id)
            waiting = await held.of_case(session, case_id)
            issued = await confirmations.of_case(session, case_id)
            asked = await requests.of_case(session, case_id)
            linked = await cases.linked(session, visitor.boards, case_id)
        log.info("%s opened by %s", case_id, redact(visitor.address))
        when = view.times(listed.case.demonstration)
        return await self._show(
            request,
            visitor,
            "case.html",
            row=view.row(listed, boards),
            page=case_page(
                listed.case,
                messages,
                asked=asked,
                board=boards.get(listed.case.board),
                linked=linked,
                sealer=self._sealer,
                when=when,
            ),
            timeline=timeline(messages, self._sealer, listed.case),
            notices=[view.notice(row, listed.case.demonstration) for row in sent],
            held=waiting,
            reasons=view.REASONS,
            issued=[(row, view.confirmation(row, when)) for row in issued],
            when=when,
        )

    async def confirmation_file(self, visitor: Who, case_id: str, number: int) -> Response:
        """The record of one closing of a case, to keep."""
        async with self._database.transaction() as session:
            await found(cases.one(session, visitor.boards, case_id, now()))
            rows = await confirmations.of_case(session, case_id)
        row = next((row for row in rows if row.number == number), None)
        if row is None or row.document is None or row.filename is None or row.media_type is None:
            raise HTTPException(404)
        log.info("the record of %s downloaded by %s", case_id, redact(visitor.address))
        return await self._file(row.document, row.filename, row.media_type)

    async def failed_notices(self, request: Request, visitor: Who) -> Response:
        """Notices that did not arrive, or may not have."""
        async with self._database.transaction() as session:
            rows = await notices.troubled(session, visitor.boards, now(), MOST)
        shown = [view.notice(row, visitor.demonstration) for row in rows]
        return await self._show(request, visitor, "notices.html", notices=shown)

    async def cases_as_data(self, visitor: Who, page: PageNumber = 1, *, closed: bool = False) -> JSONResponse:
        """Cases as JSON, for a program that signed in as a person does."""
        async with self._database.transaction() as session:
            offset = (page - 1) * PER_PAGE
            shown, total = await cases.listed(session, visitor.boards, ended=closed, now=now(), limit=PER_PAGE, offset=offset)
            boards = await people.boards(session, visitor.boards)
        return JSONResponse({"total": total, "cases": [_as_data(listed, view.row(listed, boards)) for listed in shown]})

    async def _file(self, document: str, filename: str, media_type: str) -> Response:
        """A file to keep, never one for the browser to show. Raises HTTPException 404 when the store does not hold it."""
        try:
            content = await self._store.get(document)
        except DocumentMissing as error:
            raise HTTPException(404) from error
        return save_as(content, filename, media_type)


def _paged(address: str, page: int, total: int) -> dict[str, Any]:
    return {"address": address, "page": page, "pages": max(1, ceil(total / PER_PAGE))}


def _as_data(listed: Listed, row: view.Row) -> dict[str, Any]:
    return {
        "reference": listed.case.case_id,
        "state": listed.case.state.value,
        "overdue": listed.overdue,
        "wrong": list(row.wrong),
        **{key: value for key, value in asdict(row).items() if key in {"stage", "area", "raising", "other"}},
        **listed.case.model_dump(
            mode="json", include={"board", "step", "steps", "action", "deadline", "explanation", "raised_at"}
        ),
    }
