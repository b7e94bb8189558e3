"""What every page here stands on: its board, who is asking, whose form it is, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.contracts.escalator import BoardPublished
from services.intake import repository as intake
from services.intake.mailbox import clean
from services.intake.moments import LONDON
from services.intake.web import repository
from services.intake.web.codes import Codes, Visit
from services.intake.web.drafts import Draft, Drafts, is_key
from services.intake.web.questions import About
from services.kit.clock import now
from services.kit.database import Database
from services.kit.web import posted, templates

CHECK: Final = "check"
"""The page of all answers."""

MOST_BYTES: Final = 500_000
_pages = templates(Path(__file__).parent / "templates")


@dataclass(frozen=True)
class Place:
    """Somebody at a board's pages."""

    board: BoardPublished
    visit: Visit


@dataclass(frozen=True)
class Open(Place):
    """A form of this visitor's, at its board."""

    draft: Draft

    def path(self, page: str) -> str:
        """The address of one of its pages."""
        return f"{base(self.board)}/{self.draft.key}/{page}"


class Frame:
    """Opens and shows pages. Everything here may raise Unavailable, and HTTPException where there is no such page."""

    def __init__(self, database: Database, codes: Codes, drafts: Drafts, mail_domain: str) -> None:
        self.database = database
        self.codes = codes
        self.drafts = drafts
        self._mail_domain = mail_domain

    async def board(self, key: str) -> BoardPublished:
        """A board that has been published. Raises HTTPException 404."""
        async with self.database.transaction() as session:
            board = await intake.board(session, clean(key))
        if board is None:
            raise HTTPException(404)
        return board

    async def place(self, request: Request, key: str) -> Place:
        """A board, and who is asking. Raises HTTPException 404."""
        return Place(await self.board(key), await self.codes.visit(request))

    async def opened(self, request: Request, key: str, draft_key: str) -> Open | Response:
        """A form, to whoever it belongs to; to somebody who may yet prove that it does, the way there. Raises HTTPException 404."""
        board, visit = await self.board(key), await self.codes.visit(request)
        draft = await self.drafts.find(draft_key)
        if draft is not None and draft.board != key:
            draft = None
        begun_here = draft is not None and draft.address is None and draft.visit == visit.key
        if draft is not None and begun_here and request.url.path.rpartition("/")[2] in ("danger", "call-999"):
            return Open(board, visit, draft)
        if visit.address is None or begun_here:
            return away(with_form(f"{base(board)}/email", draft_key))
        if draft is None or draft.address != visit.address:
            raise HTTPException(404)
        return Open(board, visit, draft)

    async def about(self, form: Open, values: Mapping[str, str] | None = None) -> About:
        """What the questions of this form depend on, with these values instead of its own."""
        async with self.database.transaction() as session:
            contacts = await repository.contacts(session, form.board.board)
        known = dict(form.draft.values if values is None else values)
        day = now().astimezone(LONDON).date()
        return About(form.board, contacts, known, form.draft.address or "", day, form.draft.began)

    async def typed(self, request: Request) -> dict[str, str]:
        """What a page's form sent. Raises HTTPException 413 and 400."""
        return await posted(request, MOST_BYTES)

    def plain(self, request: Request, template: str, **facts: object) -> Response:
        """A page without a form, of no board."""
        return _pages.TemplateResponse(request, template, facts)

    def show(self, request: Request, template: str, at: Place, facts: Mapping[str, object]) -> Response:
        """A page, with the cookie its forms need; 422 where the facts have mistakes in them."""
        board, visit = at.board, at.visit
        context = {
            "board": board,
            "demonstration": board.demonstration,
            "base": base(board),
            "csrf": visit.csrf,
            "signed_in": visit.address,
            "form_address": f"{board.board}@{self._mail_domain}",
            **facts,
        }
        page = _pages.TemplateResponse(request, template, context, status_code=422 if facts.get("mistakes") else 200)
        self.codes.remember(page, visit)
        return page


def base(board: BoardPublished) -> str:
    """Where a board's form begins."""
    return f"/boards/{board.board}/form"


def away(address: str) -> Response:
    """On to another page, by GET."""
    return RedirectResponse(address, status_code=303)


def gone(form: Open) -> Response:
    """On to where a form has gone that was sent."""
    return away(f"{base(form.board)}/sent/{form.draft.case_id}")


def with_form(address: str, key: str) -> str:
    """A page on the way to a form, which it leads back to."""
    return f"{address}?form={key}" if is_key(key) else address


def stale(visit: Visit) -> str:
    """What to say where a form did not prove that it came from a page of ours."""
    if visit.is_new:
        return "Your browser did not send our cookie back. Allow cookies for this site, then send this page again"
    return "You signed in again since this page was opened. Check it, and send it again"
