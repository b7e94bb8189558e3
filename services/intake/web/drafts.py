"""Forms begun on the pages: sealed, kept for two weeks after they were last changed, and sent once."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.message import Data
from services.contracts.sealed import Sealed, Sealer
from services.intake.web import repository
from services.intake.web.tables import DraftRow
from services.kit.clock import now
from services.kit.database import Database

KEPT = timedelta(days=14)
KEPT_UNPROVED = timedelta(days=1)
"""How long a form is kept whose address nobody has proved: it holds one answer, and nobody could come back to it."""

_KEY = re.compile(r"[A-Za-z0-9_-]{16}")


def is_key(text: str) -> bool:
    """Whether this may be the key of a form."""
    return _KEY.fullmatch(text) is not None


class Written(Data):
    """What was answered so far, the page that comes next, and what stood there when somebody went on with a form they had sent."""

    values: dict[str, str]
    reached: str = ""
    began: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it


@dataclass(frozen=True)
class Draft:
    """A form begun. `case_id` is what it became, once it was sent.

    `about` is the form that it completes or corrects, and `began` what that one said when somebody went on with it here.
    """

    key: str
    board: str
    visit: str
    address: str | None
    begun_at: datetime
    expires_at: datetime
    case_id: str | None = None
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    reached: str = ""
    about: str | None = None
    began: Mapping[str, str] = field(default_factory=dict, repr=False)


class Drafts:
    """Keeps forms until they are sent. Every method raises Unavailable."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def begin(
        self, board: str, visit: str, network: str, values: Mapping[str, str], address: str | None = None
    ) -> str | None:
        """Begin a form; its key. None when too many were begun from this network and never claimed."""
        key, at = secrets.token_urlsafe(12), now()
        async with self._database.transaction() as session:
            if address is None and not await repository.may_begin(session, network, at):
                return None
            row = DraftRow(
                draft=key,
                board=board,
                visit=visit,
                network=network,
                address=address,
                answers=self._sealed(key, Written(values=dict(values))),
                case_id=None,
                about=None,
                begun_at=at,
                changed_at=at,
                expires_at=at + (KEPT if address else KEPT_UNPROVED),
            )
            session.add(row)
        return key

    async def go_on_with(self, about: str, board: str, visit: str, address: str, values: Mapping[str, str]) -> str:
        """Go on with a form that `address` has sent and that says `values`; the key of the form on the pages, one for each state of it."""
        at, written = now(), Written(values=dict(values), reached="check", began=dict(values))
        async with self._database.transaction() as session:
            for row in await repository.drafts_at(session, board, address, at):
                if row.about == about and row.case_id is None and self._written(row).began == written.began:
                    return row.draft
            key = secrets.token_urlsafe(12)
            row = DraftRow(
                draft=key,
                board=board,
                visit=visit,
                network="",
                address=address,
                answers=self._sealed(key, written),
                case_id=None,
                about=about,
                begun_at=at,
                changed_at=at,
                expires_at=at + KEPT,
            )
            session.add(row)
        return key

    async def find(self, key: str) -> Draft | None:
        """A form by its key, unless it is not kept any more."""
        if not is_key(key):
            return None
        async with self._database.transaction() as session:
            row = await repository.draft(session, key, now())
            return self._opened(row) if row is not None else None

    async def of(self, board: str, address: str) -> list[Draft]:
        """What somebody has begun or sent at this board, the latest first."""
        async with self._database.transaction() as session:
            return [self._opened(row) for row in await repository.drafts_at(session, board, address, now())]

    async def save(self, key: str, typed: Mapping[str, str], reached: str) -> Draft | None:
        """Keep one page's answers beside the others; None when it is not kept any more. What was sent does not change."""
        at = now()
        async with self._database.transaction() as session:
            row = await repository.lock_draft(session, key, at)
            if row is None:
                return None
            if row.case_id is None:
                before = self._written(row)
                changes = {"values": {**before.values, **typed}, "reached": reached or before.reached}
                written = before.model_copy(update=changes)
                row.answers, row.changed_at = self._sealed(key, written), at
                row.expires_at = at + (KEPT if row.address else KEPT_UNPROVED)
            return self._opened(row)

    async def claim(self, visit: str, address: str) -> None:
        """What this browser began belongs to this address from now on."""
        async with self._database.transaction() as session:
            await repository.claim_drafts(session, visit, address, now() + KEPT)

    async def locked(self, session: AsyncSession, key: str) -> tuple[DraftRow, Draft] | None:
        """A form that nobody else changes or sends until the transaction ends."""
        row = await repository.lock_draft(session, key, now())
        return (row, self._opened(row)) if row is not None else None

    def sent(self, row: DraftRow, case_id: str) -> None:
        """Note what a locked form has become, and forget what was written: it is with the case now."""
        row.case_id, row.answers = case_id, self._sealed(row.draft, Written(values={}))

    def _sealed(self, key: str, written: Written) -> str:
        return self._sealer.seal(key, written).token

    def _written(self, row: DraftRow) -> Written:
        return self._sealer.open(row.draft, Sealed(token=row.answers), Written)

    def _opened(self, row: DraftRow) -> Draft:
        written = self._written(row)
        return Draft(
            key=row.draft,
            board=row.board,
            visit=row.visit,
            address=row.address,
            begun_at=row.begun_at,
            expires_at=row.expires_at,
            case_id=row.case_id,
            values=written.values,
            reached=written.reached,
            about=row.about,
            began=written.began,
        )
