"""What all of the board's pages share: who is asking, and the frame they are shown in."""

from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.kit.clock import now
from services.kit.database import Database
from services.kit.web import templates
from services.records.board.sign_in import Guard, Visitor
from services.records.repository import notices, people

Found = TypeVar("Found")


async def signed_in(request: Request) -> Visitor:
    """Who is asking. Raises NotSignedIn, which sends everybody else to where they can sign in."""
    guard: Guard = request.app.state.guard
    return await guard.visitor(request)


Who = Annotated[Visitor, Depends(signed_in)]


class Frame:
    """Shows a page of the board's, with what every one of them says."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = templates(Path(__file__).parent / "templates")

    async def show(
        self, request: Request, visitor: Visitor, template: str, /, *, status: int = 200, **context: Any
    ) -> Response:
        """The page made of this template."""
        async with self._database.transaction() as session:
            trouble = await notices.counts(session, visitor.boards, now())
        everywhere = {"visitor": visitor, "demonstration": visitor.demonstration, "trouble": trouble, "here": request.url.path}
        return self._pages.TemplateResponse(request, template, {**everywhere, **context}, status_code=status)

    async def choose_board(self, request: Request, visitor: Visitor, address: str, title: str) -> Response:
        """A page that each board has of its own: with one board, on to it; with several, which."""
        if len(visitor.boards) == 1:
            return RedirectResponse(f"{address}/{visitor.boards[0]}", status_code=303)
        async with self._database.transaction() as session:
            boards = await people.boards(session, visitor.boards)
        return await self.show(request, visitor, "choose_board.html", boards=boards, address=address, title=title)


async def found(looked_up: Awaitable[Found | None]) -> Found:
    """What was looked up. Raises HTTPException 404 when there is none: what a visitor may not see does not exist for them."""
    value = await looked_up
    if value is None:
        raise HTTPException(404)
    return value


def save_as(content: bytes | str, filename: str, media_type: str) -> Response:
    """A file to keep, never one for the browser to show."""
    safe = "".join(character for character in filename if character.isalnum() or character in "-_.")
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{safe}"'})
