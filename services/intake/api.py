"""Intake's web pages: choose a board, fill in the Escalation Form, see its reference. No page's address says anything of a child."""

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.contracts.escalator import BoardPublished
from services.intake import repository
from services.intake.domain import LABELS, areas_of, plain_day
from services.intake.mailbox import Sender
from services.intake.page import ALSO, FIELDS, NEEDED_BY, Filled, check, further
from services.intake.submissions import Arrival, Submissions
from services.kit.clock import now
from services.kit.database import Database
from services.kit.store import Store
from services.kit.web import Check, create_app, templates

MOST_BYTES = 500_000
_LONDON = ZoneInfo("Europe/London")


def create_pages(database: Database, store: Store, submissions: Submissions, checks: Mapping[str, Check]) -> FastAPI:
    """Intake's HTTP application."""
    app = create_app("intake", checks)
    pages = templates(Path(__file__).parent / "templates")

    def form_page(request: Request, board: BoardPublished, filled: Filled) -> Response:
        context = {
            "board": board,
            "demonstration": board.demonstration,
            "areas": areas_of(board),
            "fields": FIELDS,
            "needed_by": NEEDED_BY,
            "optional": (*further(board), *ALSO),
            "labels": LABELS,
            "values": filled.values,
            "mistakes": filled.mistakes,
        }
        return pages.TemplateResponse(request, "form.html", context, status_code=422 if filled.mistakes else 200)

    async def find_board(key: str) -> BoardPublished:
        async with database.transaction() as session:
            board = await repository.board(session, key)
        if board is None:
            raise HTTPException(404)
        return board

    @app.get("/")
    async def choose_board(request: Request) -> Response:
        async with database.transaction() as session:
            boards = await repository.boards(session)
        if len(boards) == 1:
            return RedirectResponse(f"/boards/{boards[0].board}/form", status_code=303)
        demonstration = next((board.demonstration for board in boards if board.demonstration), "") if boards else ""
        return pages.TemplateResponse(request, "boards.html", {"boards": boards, "demonstration": demonstration})

    @app.get("/boards/{key}/form")
    async def blank_form(request: Request, key: str) -> Response:
        values = {"date_raised": plain_day(now().astimezone(_LONDON))}
        return form_page(request, await find_board(key), Filled(values=values, mistakes={}))

    @app.post("/boards/{key}/form")
    async def send_form(request: Request, key: str) -> Response:
        board = await find_board(key)
        received_at = now()
        filled = check(board, await _typed(request), received_at)
        if filled.mistakes:
            return form_page(request, board, filled)
        source = await store.put(json.dumps({"board": key, **filled.values}, ensure_ascii=False).encode())
        sender = Sender(name=" ".join(filled.values["from_practitioner"].split()), address=filled.values["email"].lower())
        async with database.transaction() as session:
            taken = await submissions.submit(session, board, sender, filled.answers(), Arrival("web", source, received_at))
        return RedirectResponse(f"/boards/{key}/form/{taken.case_id}", status_code=303)

    @app.get("/boards/{key}/form/{reference}")
    async def received(request: Request, key: str, reference: str) -> Response:
        board = await find_board(key)
        async with database.transaction() as session:
            submission = await repository.submission(session, reference)
        if submission is None or submission.board != key or submission.completed_at is None:
            raise HTTPException(404)
        context = {"board": board, "demonstration": board.demonstration, "reference": reference}
        return pages.TemplateResponse(request, "received.html", context)

    return app


async def _typed(request: Request) -> dict[str, str]:
    """The fields posted. Raises HTTPException: 413 when there is more than anybody types, 400 when there are too many."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    try:
        return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=100))
    except ValueError as error:
        raise HTTPException(400) from error
