"""The way in to a notice's page: a code mailed to the address the notice went to.

Every address typed gets the same answer, right or not, and every code that is not right the same mistake: who has only a link
learns nothing from it, not even whether somebody's address is the right one.
"""

import logging
from typing import Final, NamedTuple

from fastapi import Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from services.contracts.escalator import BoardPublished
from services.intake.answering.acts import Act
from services.intake.answering.frame import LONGEST_EMAIL, Frame, Matter, Visitor, path
from services.intake.answering.typed import EMAIL, taken
from services.intake.mailbox import clean
from services.intake.web.frame import away, stale
from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

_WRONG_CODE: Final = "Enter the code from the newest email. If it is older than 15 minutes or was used, ask for a new one"


class Addressee(NamedTuple):
    """Who a code goes to."""

    address: str
    name: str


class Entry:
    """Lets people in, and out again. Everything here may raise Unavailable."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def take_email(self, request: Request, link: str) -> Response:
        """Mail a code where the address is the notice's; say the same where it is not."""
        frame = self._frame
        visitor, fields = await frame.visitor(request, link), await frame.typed(request)
        address = clean(fields.get("email", "")).strip()
        mistake = _email_mistake(address)
        if not frame.codes.is_ours(visitor.visit, fields):
            mistake = stale(visitor.visit)
        if mistake:
            return frame.start(request, visitor._replace(proved=False), fields, mistake)
        board, notice = await frame.about(visitor.token)
        page = frame.code(request, visitor, fields)
        if frame.is_for(visitor, address) and board is not None:
            name = notice.to_name if notice is not None else ""
            page.background = BackgroundTask(self._send, request, visitor, board, Addressee(address, name))
        return page

    async def take_code(self, request: Request, link: str) -> Response:
        """Let them in where the code is right, with what they had typed before they were asked for it."""
        frame = self._frame
        visitor, fields = await frame.visitor(request, link), await frame.typed(request)
        if not frame.codes.is_ours(visitor.visit, fields):
            return frame.code(request, visitor, fields, stale(visitor.visit))
        proof = await frame.codes.prove(visitor.visit, clean(fields.get("code", "")))
        if not proof.right:
            return frame.code(request, visitor, fields, _WRONG_CODE)
        opened = await frame.open_to(visitor._replace(visit=proof.visit))
        act: Act | None = opened.act(fields.get("act", "")) if isinstance(opened, Matter) else None
        if isinstance(opened, Matter) and act is not None:
            return frame.form(request, opened, act, taken(act, fields))
        inside = away(path(link))
        frame.codes.remember(inside, proof.visit)
        return inside

    async def _send(self, request: Request, visitor: Visitor, board: BoardPublished, to: Addressee) -> None:
        """Mail a code, after the page has gone out: how long a page takes tells nothing either."""
        try:
            sent = await self._frame.codes.send(
                request, visitor.visit, board, to.address, name=to.name, side=visitor.token.side
            )
        except Unavailable as error:
            log.warning("a code for notice %s was not mailed: %s", visitor.token.notice_id, error)
        else:
            log.info("a code for notice %s %s", visitor.token.notice_id, "goes out" if sent else "is one too many")

    async def leave(self, request: Request, link: str) -> Response:
        """Sign out."""
        frame = self._frame
        visitor, fields = await frame.visitor(request, link), await frame.typed(request)
        frame.codes.check_form(visitor.visit, fields)
        await frame.codes.end(visitor.visit)
        gone = away(path(link))
        frame.codes.forget(gone)
        return gone


def _email_mistake(address: str) -> str:
    if not address:
        return "Enter your work email address"
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        return "Enter an email address in the correct format, like name@example.gov.uk"
    return ""
