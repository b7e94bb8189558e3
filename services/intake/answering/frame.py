"""What every page of an answer stands on: whose link it is, whether they have proved its address, and how a page is shown."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from fastapi import HTTPException, Request
from fastapi.responses import Response

from services.contracts.escalator import BoardPublished
from services.contracts.reply_address import Token, find, make
from services.contracts.vocabulary import Person, Side
from services.intake import repository as intake
from services.intake.answering import letter, repository, typed
from services.intake.answering.acts import ACTS, Act, offered
from services.intake.answering.tables import AnswerableNotice, GivenAnswer
from services.intake.answering.typed import MOST_ROWS, rows_of
from services.intake.web.codes import CODE_MINUTES, Codes, Visit
from services.kit.database import Database
from services.kit.errors import DocumentMissing
from services.kit.store import Store
from services.kit.web import posted, templates

log = logging.getLogger(__name__)

LONGEST_EMAIL: Final = 254
_MOST_BYTES: Final = 500_000
_LINK: Final = re.compile(r"[A-Za-z0-9.-]{1,100}")
_pages = templates(Path(__file__).parent / "templates")


class Visitor(NamedTuple):
    """Somebody with a link who has not proved its address; or has (`proved`), where there is nothing to answer."""

    link: str
    token: Token
    visit: Visit
    proved: bool = False


class Matter(NamedTuple):
    """A notice, opened by whoever it was sent to."""

    link: str
    token: Token
    visit: Visit
    board: BoardPublished
    notice: AnswerableNotice
    given: tuple[GivenAnswer, ...]

    @property
    def acts(self) -> tuple[Act, ...]:
        """The answers it offers."""
        return offered(self.notice.answers)

    @property
    def person(self) -> Person:
        """Whose answer it is: a matter is only opened to an address that was proved."""
        address = self.visit.address or ""
        return Person(name=self.notice.to_name or address, address=address)

    def act(self, key: str) -> Act | None:
        """One of them, by its part of an address."""
        return next((act for act in self.acts if act.key == key), None)

    def name_of(self, answer: GivenAnswer) -> Act:
        """An answer that was given, as this notice calls it."""
        return next(act for act in (*self.acts, *ACTS) if act.act == answer.act)


class Later(NamedTuple):
    """Where the latest notice is answered, and when it was sent."""

    page: str
    sent_at: datetime


class Frame:
    """Opens and shows pages. `key` is what the tokens of notices are signed with. Everything here may raise Unavailable."""

    def __init__(self, database: Database, store: Store, codes: Codes, key: bytes) -> None:
        self.codes = codes
        self._database = database
        self._store = store
        self._key = key

    async def visitor(self, request: Request, link: str) -> Visitor:
        """Whoever comes with a link. Raises HTTPException 404 where it is none of ours."""
        token = find(link) if _LINK.fullmatch(link) else None
        if token is None:
            raise HTTPException(404)
        return Visitor(link, token, await self.codes.visit(request))

    async def opened(self, request: Request, link: str) -> Matter | Visitor:
        """The notice of a link, to whoever has proved its address."""
        return await self.open_to(await self.visitor(request, link))

    async def open_to(self, visitor: Visitor) -> Matter | Visitor:
        """The same, where it is known who comes."""
        if visitor.visit.address is None or not self.is_for(visitor, visitor.visit.address):
            return visitor
        board, notice = await self.about(visitor.token)
        if board is None or notice is None:
            return visitor._replace(proved=True)
        async with self._database.transaction() as session:
            given = await repository.answers_to(session, notice.notice_id)
        return Matter(visitor.link, visitor.token, visitor.visit, board, notice, tuple(given))

    def is_for(self, visitor: Visitor, address: str) -> bool:
        """Whether the notice of this link went to this address, in a time that tells nothing."""
        return visitor.token.is_for(self._key, address)

    async def about(self, token: Token) -> tuple[BoardPublished | None, AnswerableNotice | None]:
        """The board of a notice, and the notice, as far as they are known."""
        async with self._database.transaction() as session:
            submission = await intake.submission(session, token.case_id)
            board = await intake.board(session, submission.board) if submission is not None else None
            return board, await repository.notice(session, token.notice_id)

    async def later(self, about: Matter | Visitor) -> Later | None:
        """The latest notice of this case that the same address may answer, where that is another than this one."""
        address = about.visit.address
        if address is None:
            return None
        async with self._database.transaction() as session:
            notice = await repository.latest(session, about.token.case_id, address)
        if notice is None or notice.notice_id == about.token.notice_id:
            return None
        return Later(path(make(self._key, notice.notice_id, Side(notice.side), address)), notice.sent_at)

    async def shown(self, matter: Matter) -> letter.Shown:
        """What the notice says; nothing of it where its mail is not in the document store, for whoever answers has it."""
        try:
            raw = await self._store.get(matter.notice.document)
        except DocumentMissing as error:
            log.warning("notice %s is answered without its words: %s", matter.notice.notice_id, error)
            raw = b""
        return letter.shown(raw)

    async def typed(self, request: Request) -> dict[str, str]:
        """What a page's form sent. Raises HTTPException 413 and 400."""
        return await posted(request, _MOST_BYTES)

    def start(
        self, request: Request, visitor: Visitor, fields: Mapping[str, str], mistake: str = "", *, signed_out: bool = False
    ) -> Response:
        """Where to have a code mailed, with what was typed so far."""
        facts = {"email": fields.get("email", "")[:LONGEST_EMAIL], "kept": _kept(fields), "signed_out": signed_out}
        return self.page(request, "start.html", visitor, mistakes={"email": mistake} if mistake else {}, **facts)

    async def nothing(self, request: Request, visitor: Visitor) -> Response:
        """There is nothing to answer here: the way to what there is."""
        return self.page(request, "nothing.html", visitor, later=await self.later(visitor))

    def code(self, request: Request, visitor: Visitor, fields: Mapping[str, str], mistake: str = "") -> Response:
        """Where the code from the mail is typed, with what was typed so far."""
        facts = {"email": fields.get("email", "").strip()[:LONGEST_EMAIL], "kept": _kept(fields), "minutes": CODE_MINUTES}
        return self.page(request, "code.html", visitor, mistakes={"code": mistake} if mistake else {}, **facts)

    def form(
        self,
        request: Request,
        matter: Matter,
        act: Act,
        values: Mapping[str, str],
        mistakes: Mapping[str, str] | None = None,
    ) -> Response:
        """What an answer needs."""
        rows = {field.name: rows_of(field, values) for field in act.fields if field.kind == "items"}
        facts = {"act": act, "values": values, "rows": rows, "most": MOST_ROWS}
        return self.page(request, "form.html", matter, mistakes=mistakes or {}, **facts)

    def page(self, request: Request, template: str, about: Matter | Visitor, **facts: object) -> Response:
        """A page, with the cookie its forms need. Only who has proved the address sees which board it is."""
        known = {"board": about.board, "demonstration": about.board.demonstration} if isinstance(about, Matter) else {}
        context = {
            "base": path(about.link),
            "reference": about.token.case_id,
            "address": about.visit.address,
            "csrf": about.visit.csrf,
            **known,
            **facts,
        }
        page = _pages.TemplateResponse(request, template, context, status_code=422 if facts.get("mistakes") else 200)
        self.codes.remember(page, about.visit)
        return page


def path(link: str, page: str = "") -> str:
    """The address of one of a notice's pages."""
    return f"/answer/{link}/{page}".rstrip("/")


def _kept(fields: Mapping[str, str]) -> dict[str, str]:
    """What somebody had typed when they were asked to prove their address again."""
    act = next((act for act in ACTS if act.key == fields.get("act")), None)
    return {"act": act.key, **typed.taken(act, fields)} if act is not None else {}
