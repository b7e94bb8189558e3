"""A board's contact list: as it is in force, as a file, and how staff change it. Every change is looked at before it is asked for."""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.contracts.contact_list import ContactLine, read_csv, write_csv
from services.contracts.escalator import BoardPublished, ContactsPublished
from services.contracts.records import ContactsChanged
from services.kit.clock import now
from services.kit.database import Database
from services.kit.logs import redact
from services.kit.web import posted
from services.records.board import view
from services.records.board.contact_changes import away_in_words, changes, with_absence
from services.records.board.fields import Mistakes, day_of
from services.records.board.showing import Frame, Who, save_as, signed_in
from services.records.board.sign_in import SESSION_COOKIE, Guard, Visitor, staff_person
from services.records.board.upload import MOST_BYTES, as_text, uploaded
from services.records.board.whom import by_agency, role_names
from services.records.repository import contacts, people, requests

log = logging.getLogger(__name__)

MOST_ERRORS: Final = 200
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_NO_FILE: Final = "Choose the CSV file of the contact list"
_NOTHING: Final = "This file is the list that is in force already: nothing would change"


@dataclass(frozen=True)
class _List:
    """A board with its list in force, and the list somebody asked for last."""

    board: BoardPublished
    in_force: ContactsPublished | None
    asked: ContactsChanged | None

    @property
    def lines(self) -> tuple[ContactLine, ...]:
        return self.in_force.lines if self.in_force else ()

    @property
    def base(self) -> str:
        """Names the list in force, so that a change looked at before another was made is looked at again."""
        return hashlib.sha256(write_csv(self.lines).encode()).hexdigest()

    @property
    def waiting(self) -> ContactsChanged | None:
        """The list that was asked for and is not in force yet."""
        late = self.asked and (self.in_force is None or self.in_force.at < self.asked.at)
        return self.asked if late else None


class ContactPages:
    """The pages of the contact lists."""

    def __init__(self, database: Database, guard: Guard, frame: Frame) -> None:
        self._database = database
        self._guard = guard
        self._frame = frame

    def router(self) -> APIRouter:
        """All of them, each behind the guard."""
        routes = APIRouter(dependencies=[Depends(signed_in)])
        routes.add_api_route("/contacts", self.boards, methods=["GET"])
        routes.add_api_route("/contacts/{board}", self.in_force, methods=["GET"])
        routes.add_api_route("/contacts/{board}/file", self.file, methods=["GET"])
        routes.add_api_route("/contacts/{board}/upload", self.upload_form, methods=["GET"])
        routes.add_api_route("/contacts/{board}/upload", self.upload, methods=["POST"])
        routes.add_api_route("/contacts/{board}/absence/{ref}", self.absence_form, methods=["GET"])
        routes.add_api_route("/contacts/{board}/absence/{ref}", self.absence, methods=["POST"])
        routes.add_api_route("/contacts/{board}/confirm", self.confirm, methods=["POST"])
        return routes

    async def boards(self, request: Request, visitor: Who) -> Response:
        """The boards somebody is staff of; with one, its list."""
        return await self._frame.choose_board(request, visitor, "/contacts", "Contact list")

    async def in_force(self, request: Request, visitor: Who, board: str) -> Response:
        """The list in force, agency by agency, and the roles nobody holds."""
        found = await self._list(visitor, board)
        held = {line.role for line in found.lines}
        names = {line.address.lower(): line.name for line in found.lines}
        when = view.times(found.board.demonstration)
        return await self._frame.show(
            request,
            visitor,
            "contacts.html",
            board=found.board,
            agencies=by_agency(found.lines),
            roles=role_names(found.board),
            unheld=[role.name for role in found.board.roles if role.key not in held],
            names=names,
            away=away_in_words,
            ref_of=ref_of,
            waiting=found.waiting,
            since=when(found.in_force.at) if found.in_force else "",
            when=when,
            demonstration=found.board.demonstration,
        )

    async def file(self, visitor: Who, board: str) -> Response:
        """The list in force as a CSV file, as Excel reads it."""
        found = await self._list(visitor, board)
        return save_as(write_csv(found.lines).encode("utf-8-sig"), f"contacts-{board}.csv", "text/csv; charset=utf-8")

    async def upload_form(self, request: Request, visitor: Who, board: str) -> Response:
        """Where a file is chosen."""
        return await self._upload(request, visitor, await self._list(visitor, board))

    async def upload(self, request: Request, visitor: Who, board: str) -> Response:
        """A file: what is wrong with it, row by row, or what it would change."""
        sent = await uploaded(request, "list")
        self._guard.check_form(request, sent.fields, SESSION_COOKIE)
        found = await self._list(visitor, board)
        if sent.file is None:
            return await self._upload(request, visitor, found, mistakes={"list": _NO_FILE})
        lines, errors = read_csv(as_text(sent.file), [role.key for role in found.board.roles])
        if errors:
            log.info("a contact list of %s with %d mistakes sent by %s", board, len(errors), redact(visitor.address))
            message = f"Correct the file: {view.count(len(errors), 'mistake')} in it"
            return await self._upload(request, visitor, found, mistakes={"list": message}, errors=errors)
        return await self._preview(request, visitor, found, lines)

    async def absence_form(self, request: Request, visitor: Who, board: str, ref: str) -> Response:
        """One person's absence as it is."""
        found = await self._list(visitor, board)
        line = _one(found.lines, ref)
        answers = {"deputy": line.deputy}
        for name, day in (("from", line.away_from), ("until", line.away_until)):
            answers |= (
                {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)} if day else {}
            )
        return await self._absence(request, visitor, found, line, answers=answers, mistakes={})

    async def absence(self, request: Request, visitor: Who, board: str, ref: str) -> Response:
        """One person's absence: what is wrong with the answers, or what they would change."""
        form = await posted(request)
        self._guard.check_form(request, form, SESSION_COOKIE)
        found = await self._list(visitor, board)
        line = _one(found.lines, ref)
        begins, mistakes = day_of(form, "from", "the first day away", needed=bool(form.get("until-year")))
        ends, wrong = day_of(form, "until", "the last day away", needed=False)
        mistakes |= wrong
        if begins and ends and ends < begins:
            mistakes["until"] = "The last day away must be the first day or after it"
        deputy = form.get("deputy", "")
        if deputy and deputy not in {other.address for other in found.lines if other.address.lower() != line.address.lower()}:
            mistakes["deputy"] = "Select somebody else on the contact list, or nobody"
        lines = with_absence(found.lines, line.address, away_from=begins, away_until=ends, deputy=deputy)
        if not mistakes and not changes(found.lines, lines):
            mistakes["from"] = "Change something, or go back to the list"
        if mistakes:
            return await self._absence(request, visitor, found, line, answers=form, mistakes=mistakes)
        return await self._preview(request, visitor, found, lines)

    async def confirm(self, request: Request, visitor: Who, board: str) -> Response:
        """Ask for the list that was looked at, once for each form."""
        form = await posted(request, 4 * MOST_BYTES)
        self._guard.check_form(request, form, SESSION_COOKIE)
        found = await self._list(visitor, board)
        token = form.get("form", "")
        lines, errors = read_csv(form.get("list", ""), [role.key for role in found.board.roles])
        if errors or not _TOKEN.fullmatch(token):
            raise HTTPException(400)
        message = ContactsChanged(
            message_id=uuid5(NAMESPACE_URL, f"concord:{board}/contacts/{token}/{visitor.address}"),
            at=now(),
            board=board,
            by=staff_person(visitor, found.board),
            lines=tuple(lines),
        )
        async with self._database.transaction() as session:
            if await requests.is_made(session, message.message_id):
                return RedirectResponse(f"/contacts/{board}", status_code=303)
            if form.get("base") == found.base:
                await requests.make(session, message)
                log.info("a new contact list of %s asked for by %s", board, redact(visitor.address))
                return RedirectResponse(f"/contacts/{board}", status_code=303)
        return await self._preview(request, visitor, found, lines, moved=True)

    async def _list(self, visitor: Visitor, board: str) -> _List:
        async with self._database.transaction() as session:
            published = (await people.boards(session, [board])).get(board) if board in visitor.boards else None
            if published is None:
                raise HTTPException(404)
            return _List(published, await contacts.in_force(session, board), await requests.last_contacts(session, board))

    async def _upload(self, request: Request, visitor: Visitor, found: _List, **context: Any) -> Response:
        mistakes: Mistakes = context.pop("mistakes", {})
        errors = context.pop("errors", [])
        return await self._frame.show(
            request,
            visitor,
            "contacts_upload.html",
            status=422 if mistakes else 200,
            board=found.board,
            mistakes=mistakes,
            errors=errors[:MOST_ERRORS],
            more=max(0, len(errors) - MOST_ERRORS),
            demonstration=found.board.demonstration,
        )

    async def _absence(
        self,
        request: Request,
        visitor: Visitor,
        found: _List,
        line: ContactLine,
        *,
        answers: dict[str, str],
        mistakes: Mistakes,
    ) -> Response:
        return await self._frame.show(
            request,
            visitor,
            "contacts_absence.html",
            status=422 if mistakes else 200,
            board=found.board,
            line=line,
            ref=ref_of(line),
            address_of=attrgetter("address"),
            agencies=by_agency(other for other in found.lines if other.address.lower() != line.address.lower()),
            roles=role_names(found.board),
            answers=answers,
            mistakes=mistakes,
            demonstration=found.board.demonstration,
        )

    async def _preview(
        self, request: Request, visitor: Visitor, found: _List, lines: Sequence[ContactLine], *, moved: bool = False
    ) -> Response:
        changed = changes(found.lines, lines)
        if not changed:
            return await self._upload(request, visitor, found, mistakes={"list": _NOTHING})
        return await self._frame.show(
            request,
            visitor,
            "contacts_preview.html",
            board=found.board,
            changes=changed,
            count=len(lines),
            roles=role_names(found.board),
            moved=moved,
            list=write_csv(lines),
            base=found.base,
            token=uuid4().hex,
            demonstration=found.board.demonstration,
        )


def ref_of(line: ContactLine) -> str:
    """What names a person in an address without saying who it is."""
    return hashlib.sha256(line.address.lower().encode()).hexdigest()[:16]


def _one(lines: Sequence[ContactLine], ref: str) -> ContactLine:
    line = next((line for line in lines if ref_of(line) == ref), None)
    if line is None:
        raise HTTPException(404)
    return line
