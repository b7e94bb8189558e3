"""The readers: take stored mails one by one, read each in the sandbox, and settle it in one transaction.

Answers given on a page that had to wait for their turn come by here too.
"""

import logging
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import repository
from services.intake.answering.sending import Sending
from services.intake.incoming import Incoming, Waits
from services.intake.partial import Part, of_part
from services.intake.reception import CHANNEL
from services.intake.sandbox import Sandbox
from services.intake.tables import RawMessage
from services.intake.understanding import Understanding, understand
from services.kit.bell import Bell
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import DocumentMissing, Unavailable
from services.kit.store import Store

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
MOST_STARTS = 6


class Readers:
    """Any number of these may run, in any number of processes: a mail is locked while one of them has it."""

    def __init__(self, database: Database, store: Store, sandbox: Sandbox, incoming: Incoming, sending: Sending) -> None:
        self._database = database
        self._sending = sending
        self._store = store
        self._sandbox = sandbox
        self._incoming = incoming

    async def run(self) -> None:
        """Read mail as it is kept, until cancelled."""
        async with Bell(self._database.url, CHANNEL) as bell:
            while True:
                try:
                    while await self.read_one():
                        pass
                except Unavailable as error:
                    log.warning("mail waits to be read: %s", error)
                except Exception:  # one mail's failure must not stop the mail behind it; it is tried again, then held
                    log.exception("a mail could not be settled")
                    continue
                await bell.wait(POLL_SECONDS)

    async def read_one(self) -> bool:
        """Read the mail that has waited longest; False when none waits."""
        async with self._database.transaction() as session:
            identity = await repository.begin_reading(session, now())
        if identity is None:
            return False
        async with self._database.transaction() as session:
            mail = await repository.lock_unread(session, identity)
            if mail is None:
                return True
            if mail.starts > MOST_STARTS:
                outcome: str | Waits = await self._incoming.unreadable(
                    session, mail, "Reading this mail has stopped us several times."
                )
            else:
                outcome = await self._settle(session, mail)
            if isinstance(outcome, Waits):
                mail.starts, mail.next_at = 0, outcome.until
                log.debug("mail %s waits: for its board to be published, or for its turn", mail.sha256[:12])
            else:
                mail.read_at, mail.outcome = now(), outcome
                log.info("mail %s: %s", mail.sha256[:12], outcome)
        return True

    async def _settle(self, session: AsyncSession, mail: RawMessage) -> str | Waits:
        try:
            raw = await self._store.get(mail.sha256)
        except DocumentMissing:
            return await self._incoming.unreadable(session, mail, "Its original is missing from the document store.")
        if mail.channel == "page":
            until = await self._sending.take_up(session, mail, raw)
            return Waits(until) if until else "reply"
        seen = await self._sandbox.understand(raw, tuple(mail.recipients), mail.mail_from, mail.received_at)
        if mail.part:
            return await self._incoming.settle(session, mail, of_part(seen, Part(mail.part)))
        document = await self._incoming.answered(session, seen)
        return await self._incoming.settle(session, mail, await self._compared(mail, raw, seen, document))

    async def _compared(self, mail: RawMessage, raw: bytes, seen: Understanding, document: str | None) -> Understanding:
        """A reply read once more beside the notice it answers, which tells what was typed into it; as it is where that does not."""
        try:
            notice = await self._store.get(document) if document else None
        except DocumentMissing:
            notice = None
        if notice is None:
            return seen
        read = partial(understand, notice=notice)
        again = await self._sandbox.understand(raw, tuple(mail.recipients), mail.mail_from, mail.received_at, read=read)
        return again if again.kind == "reply" else seen
