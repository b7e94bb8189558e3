"""Where a board's blank form is downloaded: `/boards/<board>/escalation-form.docx` and `.pdf`, for anybody."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from services.intake import repository
from services.intake.blank_forms.making import BlankForms, Format
from services.intake.mailbox import clean
from services.kit.database import Database


class BlankFormPages:
    """The two addresses. A link may fill in what is in `making.BEFOREHAND`: `?agency_team=...&case_stage=...`."""

    def __init__(self, database: Database, blank_forms: BlankForms) -> None:
        self._database = database
        self._blank_forms = blank_forms

    def router(self) -> APIRouter:
        """The routes."""
        routes = APIRouter()
        routes.get("/boards/{key}/escalation-form.docx")(self.word)
        routes.get("/boards/{key}/escalation-form.pdf")(self.pdf)
        return routes

    async def word(self, request: Request, key: str) -> Response:
        """As a Word document."""
        return await self._file(request, key, Format.WORD)

    async def pdf(self, request: Request, key: str) -> Response:
        """As a PDF to fill in."""
        return await self._file(request, key, Format.PDF)

    async def _file(self, request: Request, key: str, kind: Format) -> Response:
        async with self._database.transaction() as session:
            board = await repository.board(session, clean(key))
        if board is None:
            raise HTTPException(404)
        made = await self._blank_forms.make(board, kind, dict(request.query_params))
        headers = {"Content-Disposition": f'attachment; filename="{kind.filename}"'}
        return Response(made, media_type=kind.media_type, headers=headers)
