"""Mailboxes that somebody else keeps for us and that are looked into: IMAP and Microsoft 365 ask differently, what must hold is here.

What is new is noted, each mail is kept, and only once that is committed and it has been read is it put where people see that it is
done. A mail that cannot be kept stays where it is; one the mail server cannot give never stops those behind it, and is held after
some tries with what there is of it. Nothing is ever deleted. Any number of copies may look into one mailbox: each mail is claimed.
"""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from services.intake import repository
from services.intake.errors import Busy, NotGiven
from services.intake.partial import Part
from services.intake.reception import Reception
from services.intake.repository import Claim
from services.kit.clock import now
from services.kit.database import Database
from services.kit.errors import Unavailable

log = logging.getLogger(__name__)

TAKEN = "Concord taken"
HELD = "Concord held"
"""The folders of the mailbox that mail is put into; the second is for mail whose original a person must look at there."""

MOST_TRIES = 5
"""So often a whole mail is asked for; then its headers alone are, as often again; then it is held unseen."""
SURELY_GONE = 3
"""So often a mail must be missing before it is let go: a mailbox of several servers may name a mail that one of them does not have yet."""
MOST_BYTES_OF_HEADERS = 1024 * 1024
ANSWER_SECONDS = 50.0
"""How long one question may take: less than a mail is claimed for, and a server that trickles is not waited for longer."""
LONGEST_PAUSE = 300.0
LONGEST_PAUSE_PUTTING_AWAY = 3600.0
ROUND_SECONDS = 10.0
"""How long mail is dealt with before somebody looks again whether there is more."""
MOST_AT_ONCE = 20
"""So many mails are put away at a time."""
SHORTEST_WAIT = 0.2
LONGEST_WAIT = 60.0
STALE_SECONDS = 600.0
NOTED_EVERY = timedelta(seconds=30)
"""So often it is written down that the mailbox was looked into, also where nothing was new."""


class News(NamedTuple):
    """What a look found: the keys of mails, oldest first, and the mark to look from next time. `more`: there is more to be found."""

    mark: str
    keys: Sequence[str]
    more: bool = False


class Fetched(NamedTuple):
    """A mail's bytes as they are; only its headers where `part` says why."""

    raw: bytes
    part: Part | None = None


class Session(Protocol):
    """A mailbox, signed in to. Every call raises Unavailable when the mail server is away, Busy with the time it asked us to wait,
    and NotGiven when it refuses this one thing."""

    async def look(self, mark: str | None) -> News:
        """What has come since `mark`; everything in the folder without one, or when the server no longer knows it."""

    async def fetch(self, key: str) -> Fetched | None:
        """One mail; None when it is no longer there."""

    async def fetch_headers(self, key: str) -> bytes | None:
        """The headers of one mail; None when it is no longer there."""

    async def put_away(self, keys: Sequence[str], folder: str) -> None:
        """Move mails into a folder, which is made when it is missing. One that is gone or in that folder already changes nothing.

        Refused (NotGiven), some of them may have been moved.
        """

    async def wait(self, seconds: float) -> None:
        """Return when something may have come, or after `seconds` at the latest."""


class Mailbox(Protocol):
    """Where mail comes in. `name` tells it from every other in the database; `kind` is how logs and health name it."""

    @property
    def name(self) -> str:
        """Such as "imap:mail.example:993:board"; it is in no log."""

    @property
    def kind(self) -> str:
        """ "imap" or "graph"."""

    def open(self) -> AbstractAsyncContextManager[Session]:
        """Connect and sign in. Raises Unavailable."""


class Collector:
    """Looks into one mailbox until cancelled. `recipients` is whom its mail counts as sent to; empty where its headers say that.

    `started_at` is when it began to.
    """

    def __init__(self, database: Database, reception: Reception, mailbox: Mailbox, recipients: Sequence[str] = ()) -> None:
        self._database = database
        self._reception = reception
        self._mailbox = mailbox
        self._recipients = tuple(recipients)
        self._trouble: Exception | None = Unavailable("nobody has looked into the mailbox yet")
        self._alive_at = time.monotonic()
        self._failures = 0
        self._noted_at: datetime | None = None
        self.started_at = now()

    @property
    def name(self) -> str:
        """The mailbox, as the database knows it."""
        return self._mailbox.name

    @property
    def board(self) -> str | None:
        """The board all of its mail is for; None when it is anybody's."""
        return self._recipients[0].partition("@")[0] if self._recipients else None

    @property
    def trouble(self) -> Exception | None:
        """Why the mailbox could not be looked into last time; None when it could."""
        return self._trouble

    async def run(self) -> None:
        """Take mail as it comes, for ever; when the mail server is away, again and again, further and further apart."""
        while True:
            asked = 0.0
            try:
                async with AsyncExitStack() as stack:
                    async with asyncio.timeout(ANSWER_SECONDS):
                        session = await stack.enter_async_context(self._mailbox.open())
                    while True:
                        await self.round(session)
                        async with asyncio.timeout(LONGEST_WAIT + ANSWER_SECONDS):
                            await session.wait(await self._until_due())
            except (Unavailable, NotGiven, OSError) as error:
                self._trouble = error
                asked = error.seconds if isinstance(error, Busy) else 0.0
                log.warning("the mailbox (%s) cannot be looked into: %s: %s", self._mailbox.kind, type(error).__name__, error)
            except Exception as error:  # a mail server can answer anything; what was not taken is still there
                self._trouble = error
                log.exception("looking into the mailbox (%s) failed", self._mailbox.kind)
            self._failures += 1
            pause = min(2.0 ** min(self._failures, 10), LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter is no secret
            await asyncio.sleep(max(pause, asked))

    async def check(self) -> None:
        """Raise what went wrong last while the mailbox cannot be looked into, which is Unavailable unless nobody expected it."""
        if self._trouble is not None:
            raise self._trouble.with_traceback(None)
        if time.monotonic() - self._alive_at > STALE_SECONDS:
            raise Unavailable("the mail server has not answered for some time")

    async def round(self, session: Session) -> None:
        """Note what is new, then do what is due, for some time at the most: mail that came meanwhile does not wait for all of it."""
        more = True
        while more:
            async with self._database.transaction() as transaction:
                mark = await repository.mark_of(transaction, self._mailbox.name)
            async with asyncio.timeout(ANSWER_SECONDS):
                news = await session.look(mark)
            moment = now()
            if news.mark != mark or news.keys or self._noted_at is None or moment - self._noted_at > NOTED_EVERY:
                async with self._database.transaction() as transaction:
                    await repository.note_mails(transaction, self._mailbox.name, news.mark, news.keys, moment)
                self._noted_at = moment
            self._alive_at, more = time.monotonic(), news.more
            self._trouble, self._failures = None, 0  # one mail's failure later is not the server's
        end = time.monotonic() + ROUND_SECONDS
        while time.monotonic() < end and (claims := await self._claim()):
            if claims[0].sha256 is None:
                await self._take(session, claims[0])
            else:
                await self._put_away(session, claims)
            self._alive_at = time.monotonic()

    async def _claim(self) -> list[Claim]:
        async with self._database.transaction() as transaction:
            return await repository.claim_mails(transaction, self._mailbox.name, now(), MOST_AT_ONCE)

    async def _until_due(self) -> float:
        async with self._database.transaction() as transaction:
            due = await repository.next_due(transaction, self._mailbox.name)
        return LONGEST_WAIT if due is None else min(max((due - now()).total_seconds(), SHORTEST_WAIT), LONGEST_WAIT)

    async def _take(self, session: Session, claim: Claim) -> None:
        """Keep one mail. Only a failure to get this mail counts against it: not that too much was asked or that we cannot keep it."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                fetched = await self._fetch(session, claim)
        except Busy as error:
            await self._later(claim, counts=not error.everybody)
            raise
        except (Unavailable, OSError):
            await self._later(claim)
            raise
        except NotGiven as error:
            log.warning(
                "mail %d of the mailbox (%s) was not given, try %d: %s", claim.id, self._mailbox.kind, claim.tries, error
            )
            await self._later(claim)
            return
        if fetched is None:
            await (self._later(claim) if claim.tries < SURELY_GONE else self._finish(claim))
            return
        try:
            await self._reception.keep(fetched.raw, None, self._recipients, part=fetched.part, claim=claim.id)
        except (Unavailable, OSError):
            await self._later(claim, counts=False)
            raise

    async def _fetch(self, session: Session, claim: Claim) -> Fetched | None:
        if claim.tries <= MOST_TRIES:
            return await session.fetch(claim.key)
        if claim.tries <= 2 * MOST_TRIES:
            headers = await session.fetch_headers(claim.key)
            return Fetched(headers, Part.NOT_GIVEN) if headers is not None else None
        return Fetched(f"X-Concord-Mail: {self._mailbox.kind} {claim.id}\r\n\r\n".encode(), Part.NOT_GIVEN)

    async def _put_away(self, session: Session, claims: Sequence[Claim]) -> None:
        """Put kept mails where people see that they are done; those that wait to be read stay meanwhile."""
        folders: dict[str, list[Claim]] = {}
        for claim in claims:
            folder = await self._folder_for(claim)
            if folder is None:
                await self._later(claim)
            else:
                folders.setdefault(folder, []).append(claim)
        for folder, ready in folders.items():
            if not await self._moved(session, ready, folder) and len(ready) > 1:  # which one was it?
                for claim in ready:
                    await self._moved(session, [claim], folder)

    async def _folder_for(self, claim: Claim) -> str | None:
        async with self._database.transaction() as transaction:
            reading = await repository.reading_of(transaction, claim.sha256 or "", self._recipients)
        if reading is not None and not reading.done:
            return None
        return HELD if reading is not None and reading.original_needed else TAKEN

    async def _moved(self, session: Session, claims: Sequence[Claim], folder: str) -> bool:
        """Move mails; False when that was refused, after which each is tried again later."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await session.put_away([claim.key for claim in claims], folder)
        except NotGiven as error:
            log.warning("mail %d of the mailbox (%s) stays where it is: %s", claims[0].id, self._mailbox.kind, error)
            for claim in claims:
                await self._later(claim, longest=LONGEST_PAUSE_PUTTING_AWAY)
            return False
        except (Unavailable, OSError):
            for claim in claims:
                await self._later(claim)
            raise
        for claim in claims:
            await self._finish(claim)
        return True

    async def _later(self, claim: Claim, *, counts: bool = True, longest: float = LONGEST_PAUSE) -> None:
        """Give a claim back: the next try is further away each time."""
        pause = timedelta(seconds=min(2.0 ** min(claim.tries, 12), longest))
        async with self._database.transaction() as transaction:
            await repository.postpone_mail(transaction, claim.id, claim.tries if counts else claim.tries - 1, now() + pause)

    async def _finish(self, claim: Claim) -> None:
        async with self._database.transaction() as transaction:
            await repository.finish_mail(transaction, claim.id)
