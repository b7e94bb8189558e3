"""The HTTP side of records: signing in, the board's pages, health."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.store import Store
from services.kit.web import Check, create_app, posted, templates
from services.records.board import sign_in
from services.records.board.act_pages import ActPages
from services.records.board.contact_pages import ContactPages
from services.records.board.held_act_pages import HeldActPages
from services.records.board.held_pages import HeldPages
from services.records.board.pages import Board
from services.records.board.protocol_pages import ProtocolPages
from services.records.board.showing import Frame
from services.records.board.sign_in import SESSION_COOKIE, VISIT_COOKIE, Guard
from services.records.errors import NotSignedIn
from services.records.repository import people

_OURS: Final = re.compile(r"/(cases|held|notices|contacts|protocol)(/[A-Za-z0-9_-]+)*")
"""Pages somebody may be sent back to after signing in: ours only."""


def create_api(
    database: Database, store: Store, sealer: Sealer, *, session_key: str, public_url: str, checks: Mapping[str, Check]
) -> FastAPI:
    """The whole application. Without a session there is `/sign-in`, `/health` and `/static`, and nothing else."""
    app = create_app("records", checks)
    guard = Guard(database, sealer, session_key, secure=public_url.startswith("https://"))

    app.state.guard = guard

    async def not_signed_in(request: Request, _error: Exception) -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"error": "Sign in first", "advice": "Post your address to /sign-in."}, status_code=401)
        return sign_in.to_sign_in(request)

    app.add_exception_handler(NotSignedIn, not_signed_in)
    app.include_router(_sign_in_pages(database, guard))
    frame = Frame(database)
    app.include_router(ActPages(database, sealer, guard, frame).router())
    app.include_router(ContactPages(database, guard, frame).router())
    app.include_router(HeldPages(database, store, sealer, guard, frame).router())
    app.include_router(HeldActPages(database, sealer, guard, frame).router())
    app.include_router(ProtocolPages(database, frame).router())
    app.include_router(Board(database, store, sealer, frame).router())
    return app


def _sign_in_pages(database: Database, guard: Guard) -> APIRouter:
    routes = APIRouter()
    pages = templates(Path(__file__).parent / "board" / "templates")

    async def show(request: Request, page: str, token: str, *, mistake: str = "", email: str = "", back: str = "") -> Response:
        async with database.transaction() as session:
            demonstration = await people.demonstration(session)
        context = {"csrf": guard.csrf(token), "demonstration": demonstration, "mistake": mistake, "email": email, "next": back}
        shown = pages.TemplateResponse(request, page, context, status_code=422 if mistake else 200)
        guard.remember(shown, VISIT_COOKIE, token)
        return shown

    @routes.get("/sign-in")
    async def ask_address(request: Request) -> Response:
        return await show(request, "sign_in.html", guard.visit(request), back=_back(request.query_params.get("next", "")))

    @routes.post("/sign-in")
    async def take_address(request: Request) -> Response:
        form = await posted(request)
        visit = guard.check_form(request, form, VISIT_COOKIE)
        email, back = form.get("email", "").strip(), _back(form.get("next", ""))
        if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", email):
            mistake = "Enter an email address in the correct format, like name@example.com"
            return await show(request, "sign_in.html", visit, mistake=mistake, email=email[:254], back=back)
        away = RedirectResponse(f"/sign-in/code?next={back}" if back else "/sign-in/code", status_code=303)
        guard.remember(away, VISIT_COOKIE, await guard.begin(email))
        return away

    @routes.get("/sign-in/code")
    async def ask_code(request: Request) -> Response:
        return await show(request, "code.html", guard.visit(request), back=_back(request.query_params.get("next", "")))

    @routes.post("/sign-in/code")
    async def take_code(request: Request) -> Response:
        form = await posted(request)
        visit = guard.check_form(request, form, VISIT_COOKIE)
        back = _back(form.get("next", ""))
        token = await guard.finish(visit, "".join(form.get("code", "").split()))
        if token is None:
            mistake = "This code does not work. Check the latest email, or ask for a new code"
            return await show(request, "code.html", visit, mistake=mistake, back=back)
        inside = RedirectResponse(back or "/", status_code=303)
        guard.remember(inside, SESSION_COOKIE, token)
        guard.forget(inside, VISIT_COOKIE)
        return inside

    @routes.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        token = guard.check_form(request, await posted(request), SESSION_COOKIE)
        await guard.end(token)
        outside = RedirectResponse("/sign-in", status_code=303)
        guard.forget(outside, SESSION_COOKIE)
        return outside

    return routes


def _back(address: str) -> str:
    return address if _OURS.fullmatch(address) else ""
