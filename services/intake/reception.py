"""Taking mail in: on disk and committed before anybody is told that we have it."""

import logging
from collections.abc import Sequence

from services.intake import repository
from services.intake.partial import Part
from services.kit.bell import ring
from services.kit.clock import now
from services.kit.database import Database
from services.kit.logs import redact
from services.kit.store import Store

log = logging.getLogger(__name__)

CHANNEL = "raw_messages"


class Reception:
    """Keeps mail for the readers. Every way in ends here."""

    def __init__(self, database: Database, store: Store) -> None:
        self._database = database
        self._store = store

    async def keep(
        self,
        raw: bytes,
        mail_from: str | None,
        recipients: Sequence[str],
        *,
        part: Part | None = None,
        claim: int | None = None,
    ) -> str:
        """Keep a mail; when this returns it is safe. Its SHA-256 in hexadecimal. Raises Unavailable or OSError: then it is not.

        `part` says why these are only its headers; `claim` is the mail of a mailbox that is kept with this.
        """
        received_at = now()
        document = await self._store.put(raw)
        async with self._database.transaction() as session:
            await repository.keep_mail(session, repository.Handed(document, mail_from, recipients, len(raw), received_at, part))
            if claim is not None:
                await repository.mail_is_kept(session, claim, document, received_at)
            await ring(session, CHANNEL)
        log.info("kept mail %s from %s, %d bytes", document[:12], redact(mail_from or ""), len(raw))
        return document
