"""Who is there: an address proved by a code mailed to it, and the cookie that remembers it.

A code is six digits, works once, for a quarter of an hour, in the browser that asked for it, and five times may be typed. Every page
works the same way:

    visit = await codes.visit(request)          # never raises; visit.address is None until somebody has proved one
    response = ...; codes.remember(response, visit)      # on every page with a form
    codes.check_form(visit, fields)             # on every POST, before anything else
    sent = await codes.send(request, visit, board, address)          # False: too many were asked for
    proof = await codes.prove(visit, typed)     # proof.visit is the visit to remember from then on

After a proof the cookie is a new one. A session that has gone quiet is still known (`visit.was`), so that what somebody typed in
the meantime can be kept for them, and shows nothing until there is a new code.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from fastapi import HTTPException, Request
from fastapi.responses import Response

from services.contracts.content import CodeContent
from services.contracts.escalator import BoardPublished
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Recipient, Side
from services.intake.domain import new_reference
from services.intake.web import repository
from services.intake.web.tables import CodeRow, SessionRow
from services.kit.clock import now
from services.kit.database import Database
from services.kit.outbox import say
from services.kit.web.visits import Visits, fingerprint

COOKIE: Final = "concord_intake"
CODE_MINUTES: Final = 15
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
KNOWN: Final = timedelta(days=14)
"""How long a session that has gone quiet is still known: as long as a form that was begun is kept."""


@dataclass(frozen=True)
class Visit:
    """One browser. `address` is the one it has proved, in small letters; `was` the same, also after it has gone quiet.

    `csrf` is what its forms must carry. `is_new` where it had no cookie of ours, so that no form of it can be one of ours.
    """

    token: str
    csrf: str
    address: str | None = None
    was: str | None = None
    is_new: bool = False

    @property
    def key(self) -> str:
        """What the database knows it by."""
        return fingerprint(self.token)


@dataclass(frozen=True)
class Proof:
    """What came of a code. `visit` has the address when it was right. `may_try` is false where no code can be typed any more."""

    visit: Visit
    right: bool
    may_try: bool


class Codes:
    """Sends codes, takes them back, and knows who has proved which address. `key` is never used as it is."""

    def __init__(self, database: Database, sealer: Sealer, key: bytes, *, secure: bool) -> None:
        self._database = database
        self._sealer = sealer
        self._visits = Visits(hashlib.sha256(b"concord intake web" + key).digest(), COOKIE, secure=secure)

    async def visit(self, request: Request) -> Visit:
        """Who is asking: always somebody, if only a browser that was never here. Raises Unavailable."""
        token = self._visits.token(request)
        if token is None:
            return self._visit(self._visits.new(), is_new=True)
        at = now()
        async with self._database.transaction() as session:
            row = await repository.session_of(session, fingerprint(token), at)
            if row is None:
                return self._visit(token)
            fresh = row.seen_at > at - IDLE and row.started_at > at - LONGEST
            if fresh:
                await repository.seen(session, row.token, at)
        return self._visit(token, address=row.address if fresh else None, was=row.address)

    def remember(self, response: Response, visit: Visit) -> None:
        """Set the cookie of this visit."""
        self._visits.remember(response, visit.token, KNOWN)

    def forget(self, response: Response) -> None:
        """Remove the cookie."""
        self._visits.forget(response)

    def is_ours(self, visit: Visit, fields: Mapping[str, str]) -> bool:
        """Whether a form came from a page that this browser was shown: its field `csrf` says so."""
        return not visit.is_new and self._visits.proves(visit.token, fields.get("csrf", ""))

    def check_form(self, visit: Visit, fields: Mapping[str, str]) -> None:
        """Raise HTTPException 403 for a form that is not from a page of ours."""
        if not self.is_ours(visit, fields):
            raise HTTPException(403)

    async def send(
        self, request: Request, visit: Visit, board: BoardPublished, address: str, *, name: str = "", side: Side = Side.RAISING
    ) -> bool:
        """Mail a code to this address, in the board's name. False when too many were asked for. Raises Unavailable.

        Whether the address is one that may have a code is for the page to decide.
        """
        address, at = address.strip().lower(), now()
        network = self.network(request)
        code = f"{secrets.randbelow(1_000_000):06}"
        row = CodeRow(
            visit=visit.key,
            network=network,
            address=address,
            code_hash=self._visits.signed("code", f"{visit.token} {code}"),
            tries=0,
            asked_at=at,
            expires_at=at + timedelta(minutes=CODE_MINUTES),
        )
        async with self._database.transaction() as session:
            if not await repository.may_have_code(session, address, network, at):
                return False
            session.add(row)
            await say(session, self._notice(board, Recipient(name=name or address, address=address, side=side), code, at))
        return True

    async def prove(self, visit: Visit, typed: str) -> Proof:
        """Take a code that somebody typed; spaces and hyphens in it do not matter. Raises Unavailable."""
        at = now()
        offered = self._visits.signed("code", f"{visit.token} {''.join(typed.replace('-', ' ').split())}")
        async with self._database.transaction() as session:
            live = await repository.try_codes(session, visit.key, at)
            right = [row for row in live if hmac.compare_digest(offered, row.code_hash or "")]
            if not right:
                return Proof(visit, right=False, may_try=any(row.tries < repository.TRIES for row in live))
            address = right[0].address
            await repository.use_codes(session, visit.key)
            await repository.end_session(session, visit.key)
            proved = self._visit(self._visits.new(), address=address, was=address)
            row = SessionRow(token=proved.key, address=address, started_at=at, seen_at=at, expires_at=at + KNOWN)
            session.add(row)
        return Proof(proved, right=True, may_try=False)

    async def end(self, visit: Visit) -> None:
        """Sign out."""
        async with self._database.transaction() as session:
            await repository.end_session(session, visit.key)

    def network(self, request: Request) -> str:
        """Where a request comes from, as a hash."""
        return self._visits.signed("network", request.client.host if request.client else "")

    def _visit(self, token: str, *, address: str | None = None, was: str | None = None, is_new: bool = False) -> Visit:
        return Visit(token=token, csrf=self._visits.csrf(token), address=address, was=was, is_new=is_new)

    def _notice(self, board: BoardPublished, to: Recipient, code: str, at: datetime) -> SendNotice:
        reference = new_reference("SIGNIN")
        return SendNotice(
            message_id=uuid4(),
            at=at,
            notice_id=f"{reference}.i1",
            case_id=reference,
            board=board.board,
            board_name=board.name,
            demonstration=board.demonstration,
            kind="sign_in_code",
            to=to.model_copy(
                update={"full_content": True}
            ),  # a code says nothing of a child, and is of no use without its mail
            thread_started_at=at,
            urgent=True,
            facts={"minutes": CODE_MINUTES},
            sealed={"code": self._sealer.seal(reference, CodeContent(code=code))},
        )
