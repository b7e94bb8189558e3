"""A mail put aside for a person: whom it is said to, and how often."""

import hashlib
import hmac

from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.escalator import BoardPublished
from services.intake import ledger, repository
from services.intake.automatic import NOBODY
from services.intake.desk import Desk, Held, Original
from services.intake.flow import DAY
from services.intake.holding import readable
from services.intake.tables import RawMessage
from services.intake.understanding import Understanding
from services.kit.clock import now


class Aside:
    """Puts mail before board staff, in the transaction it is given. By `key` the same words are known again."""

    def __init__(self, desk: Desk, key: bytes) -> None:
        self._desk = desk
        self._key = key

    async def put(
        self,
        session: AsyncSession,
        mail: RawMessage,
        held: Held,
        seen: Understanding | None,
        *,
        board: BoardPublished | None = None,
        advice: str = "",
    ) -> str:
        """Hold a mail for board staff, and with `board` and `advice` tell its sender, who is known there.

        The board is told of each that is about a case, and of the others once in a while.
        """
        from_address = held.sender.address if held.sender else mail.mail_from or ""
        held = held._replace(urgent=seen is not None and seen.may_tell_of_danger())
        original = Original(mail.sha256, mail.received_at, from_address)
        item_id = await self._desk.hold(session, original, held, readable(seen) if seen else None)
        if board is not None and seen is not None and await self._may_tell(session, seen, held):
            if seen.robot != NOBODY:
                await self._desk.tell_sender(session, board, item_id, original, held, advice=advice)
            if held.case_id is not None:
                await self._desk.tell_board(session, board, item_id, original, held)
        theirs = await repository.board(session, held.board) if held.board else None
        if theirs is not None and held.case_id is None:
            await self._desk.tell_board_once(session, theirs, item_id, original, held)
        return f"held: {held.reason.value}"

    async def _may_tell(self, session: AsyncSession, seen: Understanding, held: Held) -> bool:
        """Whether it is told that a mail is held: of what may be a machine's once a day, and of the same words once a day."""
        if seen.sender is None:
            return False
        words = f"{held.case_id}|{' '.join(seen.words.split())}"
        said = f"said {hmac.new(self._key, words.encode(), hashlib.sha256).hexdigest()}" if seen.words else ""
        what = "robot" if seen.robot else said
        return not what or await ledger.tell_once(session, seen.sender.address, what, now(), DAY)
