"""The loop that sends: claims what is due, hands it over, and writes down how each attempt ended.

No database session is open while a mail server is spoken to. A process that dies leaves its notices claimed; any copy of the
service, or the next start of this one, finds them by the missing lock and decides by the state they were in.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from services.contracts.notifier import NoticeFailed, NoticeSent, SendNotice
from services.kit import clock
from services.kit.bell import Bell
from services.kit.database import Database
from services.kit.errors import DocumentMissing, Unavailable
from services.kit.logs import redact
from services.kit.outbox import say
from services.kit.store import Store
from services.notifier import answering, repository
from services.notifier.domain import End, Next, Patience, State, after
from services.notifier.errors import ClaimLost, Unprintable
from services.notifier.mail import File, Mail, Mailer
from services.notifier.mail_server import Account, MailServer
from services.notifier.presence import Presence
from services.notifier.repository import Claimed

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
WINDING_UP_SECONDS = 8.0
_NAMESPACE = uuid5(NAMESPACE_URL, "urn:concord:notifier")


class Sender:
    """Sends notices, up to `parallel` at once. `now` is the clock, and `spread` (0 to 1) varies the pauses."""

    def __init__(
        self,
        database: Database,
        store: Store,
        mailer: Mailer,
        server: MailServer,
        *,
        patience: Patience,
        parallel: int,
        now: Callable[[], datetime] = clock.now,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._store = store
        self._mailer = mailer
        self._server = server
        self._patience = patience
        self._parallel = parallel
        self._now = now
        self._spread = spread
        self._presence = Presence(database.url)
        self._sending: dict[asyncio.Task[None], str] = {}

    async def run(self) -> None:
        """Send for ever. Told to stop, it lets mails under way come to their end for a few seconds."""
        async with Bell(self._database.url, repository.CHANNEL) as bell, self._presence:
            try:
                while True:
                    try:
                        await self.start_due()
                    except Unavailable as error:
                        log.warning("notices are waiting: %s", error)
                    await bell.wait(POLL_SECONDS)
            finally:
                await self._wind_up()

    async def start_due(self) -> None:
        """Take over what dead processes left behind, and begin to send what is due, as far as there is room. Raises Unavailable."""
        await self._presence.hold()
        await self._take_over()
        while len(self._sending) < self._parallel and (claimed := await self._claim()) is not None:
            self._begin(claimed)

    async def finish(self) -> None:
        """Wait until nothing is being sent; every notice that was due has then been tried once."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def stop(self) -> None:
        """Give up the claim to be alive: others may take over what this process has in hand."""
        await self._presence.__aexit__(None, None, None)

    async def _claim(self) -> Claimed | None:
        async with self._database.transaction() as session:
            return await repository.claim(session, self._presence.number, self._now())

    def _begin(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._send_on(claimed))
        self._sending[task] = claimed.notice.notice_id
        task.add_done_callback(self._sending.pop)

    async def _send_on(self, first: Claimed) -> None:
        """Send this notice, and then whatever else is due. A failure nobody foresaw leaves the notice to `_take_over`."""
        task = asyncio.current_task()
        following: Claimed | None = first
        while task is not None and following is not None:
            claimed = following
            self._sending[task] = claimed.notice.notice_id
            try:
                await self._send(claimed)
                following = await self._claim()
            except Unavailable as error:
                log.warning("notices are waiting: %s", error)
                return
            except ClaimLost:
                log.warning("notice %s was taken over by another process", claimed.notice.notice_id)
                return
            except Exception:
                log.exception("notice %s could not be sent this time", claimed.notice.notice_id)
                return

    async def _send(self, claimed: Claimed) -> None:
        document = ""

        async def hand_over() -> None:
            async with self._database.transaction() as session:
                if not await repository.hand_over(session, claimed, document, self._now()):
                    raise ClaimLost

        try:
            mail = await self._compose(claimed)
        except Unprintable as error:
            account = Account(End.UNPRINTABLE, str(error))
        else:
            document = await self._store.put(mail.content)
            account = await self._server.send(mail, hand_over)
        await self._settle_for_certain(claimed, account, document)

    async def _compose(self, claimed: Claimed) -> Mail:
        notice = claimed.notice
        wanted = notice.attachments if notice.to.full_content else ()  # a file says what the mail may not
        try:
            files = [File(a.filename, a.media_type, await self._store.get(a.document)) for a in wanted]
        except DocumentMissing as error:
            raise Unprintable("an attachment is not in the document store") from error
        return self._mailer.compose(notice, files, again=claimed.attempt.again)

    async def _settle_for_certain(self, claimed: Claimed, account: Account, document: str) -> None:
        """Write down how it ended, however long the database is away: only this process knows."""
        pause = 0.5
        while True:
            try:
                await self._settle(claimed, account, document)
            except Unavailable as error:
                log.warning("how notice %s ended waits to be written down: %s", claimed.notice.notice_id, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10)
            else:
                return

    async def _settle(self, claimed: Claimed, account: Account, document: str) -> None:
        now = self._now()
        following = after(account.end, claimed.attempt, now, self._patience, self._spread())
        async with self._database.transaction() as session:
            if not await repository.settle(session, claimed, following, account.detail, now):
                raise ClaimLost
            message = _message(claimed, following, account.detail, document, now)
            if message is not None:
                await say(session, message)
        _log(claimed.notice, following, account.detail)

    async def _take_over(self) -> None:
        """Decide about notices whose process died: given to the mail server or not is what their state says."""
        now = self._now()
        async with self._database.transaction() as session:
            for claimed in await repository.left_behind(session, self._presence.number, self._sending.values()):
                handed_over = claimed.state is State.HANDED_OVER
                detail = "the process that sent it ended before the mail server " + (
                    "answered" if handed_over else "was given it"
                )
                end = End.UNANSWERED if handed_over else End.LATER
                following = after(end, claimed.attempt, now, self._patience, self._spread())
                await repository.settle(session, claimed, following, detail, now)
                message = _message(claimed, following, detail, claimed.document, now)
                if message is not None:
                    await say(session, message)
                _log(claimed.notice, following, detail)

    async def _wind_up(self) -> None:
        if self._sending:
            await asyncio.wait(self._sending, timeout=WINDING_UP_SECONDS)
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)


def _message(claimed: Claimed, following: Next, detail: str, document: str, now: datetime) -> NoticeSent | NoticeFailed | None:
    notice, attempts = claimed.notice, claimed.attempt.number
    if following.state is State.SENT:
        return NoticeSent(
            message_id=_message_id(notice.notice_id, attempts, "sent"),
            at=now,
            notice_id=notice.notice_id,
            case_id=notice.case_id,
            kind=notice.kind,
            address=notice.to.address,
            side=notice.to.side,
            attempts=attempts,
            document=document,
            to_name=notice.to.name,
            answers=answering.on_a_page(notice),
        )
    if following.failure is None:
        return None
    return NoticeFailed(
        message_id=_message_id(notice.notice_id, attempts, following.failure),
        at=now,
        notice_id=notice.notice_id,
        case_id=notice.case_id,
        kind=notice.kind,
        address=notice.to.address,
        side=notice.to.side,
        attempts=attempts,
        outcome=following.failure,
        detail=detail,
    )


def _message_id(notice_id: str, attempts: int, what: str) -> UUID:
    return uuid5(_NAMESPACE, f"{notice_id}/{attempts}/{what}")


def _log(notice: SendNotice, following: Next, detail: str) -> None:
    level = logging.WARNING if following.failure else logging.INFO
    log.log(level, "notice %s to %s: %s %s", notice.notice_id, redact(notice.to.address), following.state, detail)
