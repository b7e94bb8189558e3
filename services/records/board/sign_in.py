"""Signing in with an emailed code, and the guard in front of every other page.

Nobody is told whether an address is known. A code works once, for ten minutes, for the browser that asked for it, and can be
tried five times. What a signed-in person sees is decided by the board's staff list as it is at each request.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from fastapi import HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from services.contracts.content import CodeContent
from services.contracts.escalator import BoardPublished
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person, Recipient, Side
from services.kit import outbox
from services.kit.clock import now
from services.kit.database import Database
from services.kit.web.visits import Visits, fingerprint
from services.records.errors import NotSignedIn
from services.records.repository import people
from services.records.repository.people import Staff
from services.records.tables import SessionRow, SignInRow

CODE_MINUTES: Final = 10
LONGEST: Final = timedelta(hours=12)
IDLE: Final = timedelta(hours=1)
SESSION_COOKIE: Final = "concord_session"
VISIT_COOKIE: Final = "concord_visit"
LIVE_HEADER: Final = "x-concord-live"
"""Sent by the page when it refreshes itself, which is not somebody being there."""
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in. `boards` are the ids of the boards they are staff of; `csrf` is what their forms must carry."""

    name: str
    address: str
    boards: tuple[str, ...]
    demonstration: str
    csrf: str


def staff_person(visitor: Visitor, board: BoardPublished) -> Person:
    """Whoever is signed in, as their board names them."""
    staff = {person.address.lower(): person for person in board.staff}
    return staff.get(visitor.address.lower(), Person(name=visitor.name, address=visitor.address))


class Guard:
    """Knows who is signed in, signs people in and out, and checks that a form came from a page of ours."""

    def __init__(self, database: Database, sealer: Sealer, key: str, *, secure: bool) -> None:
        self._database = database
        self._sealer = sealer
        cookies = (SESSION_COOKIE, VISIT_COOKIE)
        self._visits = {cookie: Visits(key.encode(), cookie, secure=secure) for cookie in cookies}
        self._signed = self._visits[VISIT_COOKIE].signed
        self.csrf = self._visits[SESSION_COOKIE].csrf

    async def visitor(self, request: Request) -> Visitor:
        """Who is asking. Raises NotSignedIn for anybody who is not on a board's staff now."""
        token = self._visits[SESSION_COOKIE].token(request)
        if token is None:
            raise NotSignedIn
        async with self._database.transaction() as session:
            there = LIVE_HEADER not in request.headers
            address = await people.session_of(session, fingerprint(token), now(), IDLE, there=there)
            staff = await people.staff(session, address) if address else []
        if not staff:
            raise NotSignedIn
        sentences = dict.fromkeys(member.demonstration for member in staff if member.demonstration)
        return Visitor(
            name=staff[0].name,
            address=staff[0].address,
            boards=tuple(member.board for member in staff),
            demonstration=" ".join(sentences),
            csrf=self.csrf(token),
        )

    async def begin(self, typed: str) -> str:
        """Somebody wants to sign in with this address: the token of their visit. A code goes out if they are on a board's staff."""
        visit, code = self._visits[VISIT_COOKIE].new(), f"{secrets.randbelow(1_000_000):06}"
        asked_at, address = now(), typed.strip().lower()
        async with self._database.transaction() as session:
            staff = await people.staff(session, address)
            may = await people.may_have_code(session, address, asked_at)
            notice = self._notice(staff[0] if staff else _NOBODY, code, asked_at)
            if staff and may:
                row = SignInRow(
                    token_hash=fingerprint(visit),
                    address=address,
                    code_hash=self._signed("code", visit + code),
                    tries=0,
                    asked_at=asked_at,
                    expires_at=asked_at + timedelta(minutes=CODE_MINUTES),
                )
                await people.begin_sign_in(session, row)
                await outbox.say(session, notice)
        return visit

    async def finish(self, visit: str, code: str) -> str | None:
        """The token of a new session when the code is right, else None."""
        at = now()
        async with self._database.transaction() as session:
            asked = await people.try_code(session, fingerprint(visit), at)
            expected = asked.code_hash if asked and asked.code_hash else ""
            right = hmac.compare_digest(self._signed("code", visit + code), expected)
            if asked is None or not right or not await people.use_code(session, fingerprint(visit)):
                return None
            token = self._visits[SESSION_COOKIE].new()
            row = SessionRow(
                token_hash=fingerprint(token), address=asked.address, started_at=at, seen_at=at, expires_at=at + LONGEST
            )
            await people.begin_session(session, row)
        return token

    async def end(self, token: str) -> None:
        """Sign out."""
        async with self._database.transaction() as session:
            await people.end_session(session, fingerprint(token), now(), IDLE)

    def visit(self, request: Request) -> str:
        """The token of this browser's visit, or a new one; it is nobody until a code was typed."""
        visits = self._visits[VISIT_COOKIE]
        return visits.token(request) or visits.new()

    def check_form(self, request: Request, form: dict[str, str], cookie: str) -> str:
        """The cookie's token, when the form carries its proof. Raises HTTPException 403."""
        visits = self._visits[cookie]
        token = visits.token(request)
        if token is None or not visits.proves(token, form.get("csrf", "")):
            raise HTTPException(403)
        return token

    def remember(self, response: Response, cookie: str, token: str) -> None:
        """Set a cookie no script and no other site's form can use."""
        self._visits[cookie].remember(response, token, LONGEST)

    def forget(self, response: Response, cookie: str) -> None:
        """Remove a cookie."""
        self._visits[cookie].forget(response)

    def _notice(self, member: Staff, code: str, at: datetime) -> SendNotice:
        reference = "SIGNIN-" + "".join(secrets.choice(_CROCKFORD) for _ in range(8))
        return SendNotice(
            message_id=uuid4(),
            at=at,
            notice_id=f"{reference}.r1",
            case_id=reference,
            board=member.board,
            board_name=member.board_name,
            demonstration=member.demonstration,
            kind="sign_in_code",
            to=Recipient(name=member.name, address=member.address, side=Side.BOARD, full_content=True),
            thread_started_at=at,
            urgent=True,
            facts={"minutes": CODE_MINUTES},
            sealed={"code": self._sealer.seal(reference, CodeContent(code=code))},
        )


_NOBODY: Final = Staff(name="", address="", board="", board_name="", demonstration="")
"""So that an unknown address takes as long as a known one."""


def to_sign_in(request: Request) -> Response:
    """Send somebody who is not signed in to the place where they can, and from there back here."""
    here = request.url.path if request.method == "GET" and request.url.path != "/" else ""
    return RedirectResponse(f"/sign-in?next={here}" if here else "/sign-in", status_code=303)
