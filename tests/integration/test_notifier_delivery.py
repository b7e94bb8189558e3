"""Notices on their way out, on a real database and a real mail server: each leaves once, or its state says why not."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.contracts.notifier import Attachment, NoticeFailed, NoticeSent, SendNotice
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.errors import Unavailable
from services.kit.inbox import once
from services.kit.store import Store
from services.notifier.domain import Patience, State
from services.notifier.handlers import on_send_notice
from services.notifier.mail import AGAIN_HEADER, Mailer
from services.notifier.mail_server import MailServer
from services.notifier.repository import claim, counts
from services.notifier.sender import Sender
from services.notifier.tables import NoticeRow
from services.notifier.wording import Wording
from tests.smtp_sink import SmtpSink
from tests.unit.notifier import samples


class Clock:
    """A clock that stands still until it is moved, so that nothing here waits for time to pass."""

    def __init__(self) -> None:
        self.moment = datetime.now(UTC) + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **by: float) -> None:
        self.moment += timedelta(**by)


class Unreliable(Database):
    """A database that is away for the next `away` transactions."""

    away = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        if self.away:
            self.away -= 1
            raise Unavailable("the database did not answer")
        async with super().transaction() as session:
            yield session


class Notifier:
    """One notifier without its broker: what arrives is handed to it, and what it says is read from its outbox."""

    def __init__(self, database: Unreliable, store: Store, sealer: Sealer, clock: Clock) -> None:
        self.database = database
        self.store = store
        self.sealer = sealer
        self.clock = clock
        self.senders: list[Sender] = []

    def sender(self, port: int, *, parallel: int = 8, taking_seconds: float = 20) -> Sender:
        """A sender as one more process would have it."""
        sender = Sender(
            self.database,
            self.store,
            Mailer(
                Wording(self.sealer, samples.BOARD_URL, samples.PAGES_URL),
                samples.KEY,
                samples.DOMAIN,
                "concord@example.org.uk",
            ),
            MailServer("127.0.0.1", port, hostname=samples.DOMAIN, answer_seconds=20, taking_seconds=taking_seconds),
            patience=Patience(),
            parallel=parallel,
            now=self.clock,
            spread=lambda: 0.5,
        )
        self.senders.append(sender)
        return sender

    def notice(self, kind: str = "step_reached", **changes: Any) -> SendNotice:
        """A notice sealed with this notifier's key."""
        return samples.notice(kind, sealer=self.sealer, **changes)

    async def hear(self, *notices: SendNotice) -> None:
        """Take these in as the broker would deliver them."""
        for notice in notices:
            await once(self.database, on_send_notice)(notice)

    async def row(self, number: int = 1) -> NoticeRow:
        async with self.database.transaction() as session:
            row = await session.get(NoticeRow, f"{samples.CASE}.{number}")
        assert row is not None
        return row

    async def said(self) -> list[NoticeSent | NoticeFailed]:
        """What waits in the outbox, in order."""
        async with self.database.transaction() as session:
            rows = (await session.execute(select(outbox.c.topic, outbox.c.body).order_by(outbox.c.id))).all()
        kinds: dict[str, type[NoticeSent | NoticeFailed]] = {kind.topic: kind for kind in (NoticeSent, NoticeFailed)}
        return [kinds[topic].model_validate_json(body) for topic, body in rows]

    async def outcomes(self) -> list[str]:
        """What was said of each attempt, in one word."""
        return [message.outcome if isinstance(message, NoticeFailed) else "sent" for message in await self.said()]


@pytest.fixture
async def notifier(make_migrated: Callable[[str], str], store: Store, sealer: Sealer) -> AsyncIterator[Notifier]:
    url = await asyncio.to_thread(make_migrated, "notifier")
    database = Unreliable(url)
    notifier = Notifier(database, store, sealer, Clock())
    yield notifier
    for sender in notifier.senders:
        await sender.stop()
    await database.close()


async def attempt(sender: Sender) -> None:
    """Everything that is due, tried once."""
    await sender.start_due()
    await sender.finish()


async def test_a_notice_leaves_once_to_one_person_and_is_kept_as_it_left(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    notice = notifier.notice()
    await notifier.hear(notice, notice, notice.model_copy(update={"message_id": uuid4()}))
    sender = notifier.sender(smtp_sink.port)
    await attempt(sender)
    await attempt(sender)

    (mail,) = smtp_sink.delivered
    assert mail.recipients == (notice.to.address,)
    assert f"<{mail.sender}>" == mail.message["Message-ID"]
    assert AGAIN_HEADER not in mail.message
    (said,) = await notifier.said()
    assert isinstance(said, NoticeSent)
    assert (said.notice_id, said.attempts, said.address) == (notice.notice_id, 1, notice.to.address)
    assert (await notifier.store.get(said.document)).rstrip() == mail.raw.rstrip()
    row = await notifier.row()
    assert (row.state, row.next_attempt_at, row.claimed_by) == (State.SENT, None, None)


@pytest.mark.parametrize("where", ["replies", "recipient_replies"])
async def test_a_server_that_says_later_is_asked_again_after_a_growing_pause(
    notifier: Notifier, smtp_sink: SmtpSink, where: str
) -> None:
    getattr(smtp_sink, where).extend(["451 4.7.1 <sam.lee@bedford.example.gov.uk> greylisted"] * 2)
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await attempt(sender)
    row = await notifier.row()
    assert row.state == State.RETRYING
    assert row.next_attempt_at == notifier.clock.moment + timedelta(seconds=2)
    assert row.detail == "the mail server did not take it: 451 4.7.1 <s***@bedford.example.gov.uk> greylisted"

    await attempt(sender)
    assert (await notifier.row()).attempts == 1  # not before it is due
    notifier.clock.move(seconds=2)
    await attempt(sender)
    assert (await notifier.row()).next_attempt_at == notifier.clock.moment + timedelta(seconds=4)
    notifier.clock.move(seconds=4)
    await attempt(sender)
    assert len(smtp_sink.delivered) == 1
    (said,) = await notifier.said()
    assert isinstance(said, NoticeSent)
    assert said.attempts == 3


@pytest.mark.parametrize("where", ["replies", "recipient_replies"])
async def test_a_server_that_says_never_is_believed_at_once(notifier: Notifier, smtp_sink: SmtpSink, where: str) -> None:
    getattr(smtp_sink, where).append("550 5.1.1 <sam.lee@bedford.example.gov.uk>: no such user")
    await notifier.hear(notifier.notice(), notifier.notice(number=2))
    sender = notifier.sender(smtp_sink.port, parallel=1)
    await attempt(sender)
    notifier.clock.move(hours=3)
    await attempt(sender)
    refused, sent = await notifier.said()
    assert isinstance(refused, NoticeFailed)
    assert refused.outcome == "refused"
    assert refused.detail == "the mail server refused it: 550 5.1.1 <s***@bedford.example.gov.uk>: no such user"
    assert isinstance(sent, NoticeSent)  # what comes behind a refused notice is not held up
    assert len(smtp_sink.delivered) == 1


async def test_a_server_that_is_away_is_waited_for(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await smtp_sink.stop()
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await attempt(sender)
    assert (await notifier.row()).state == State.RETRYING
    with pytest.raises(Unavailable):
        await MailServer("127.0.0.1", smtp_sink.port, hostname=samples.DOMAIN).check()
    await smtp_sink.start()
    notifier.clock.move(minutes=1)
    await attempt(sender)
    assert len(smtp_sink.delivered) == 1
    assert await notifier.outcomes() == ["sent"]


async def test_a_notice_is_given_up_after_two_hours_and_that_is_said(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await smtp_sink.stop()
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    began = notifier.clock.moment
    while (await notifier.row()).next_attempt_at is not None:
        await attempt(sender)
        notifier.clock.move(minutes=10)
    assert timedelta(hours=1, minutes=50) <= notifier.clock.moment - began <= timedelta(hours=2, minutes=10)
    assert (await notifier.row()).state == State.GAVE_UP
    assert await notifier.outcomes() == ["gave_up"]


async def test_a_connection_cut_after_the_mail_was_given_is_said_and_sent_once_more(
    notifier: Notifier, smtp_sink: SmtpSink
) -> None:
    smtp_sink.dropping = 1
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await attempt(sender)
    row = await notifier.row()
    assert row.state == State.UNCERTAIN
    assert await notifier.outcomes() == ["uncertain"]

    notifier.clock.move(minutes=1)
    await attempt(sender)
    notifier.clock.move(hours=3)
    await attempt(sender)
    first, second = smtp_sink.delivered
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert AGAIN_HEADER not in first.message
    assert AGAIN_HEADER in second.message
    assert await notifier.outcomes() == ["uncertain", "sent"]


async def test_a_second_cut_is_the_last(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    smtp_sink.dropping = 2
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    for _ in range(4):
        await attempt(sender)
        notifier.clock.move(hours=1)
    assert len(smtp_sink.delivered) == 2
    row = await notifier.row()
    assert (row.state, row.next_attempt_at) == (State.UNCERTAIN, None)
    assert await notifier.outcomes() == ["uncertain", "uncertain"]
    assert len({message.message_id for message in await notifier.said()}) == 2


async def test_a_server_that_never_answers_for_a_mail_leaves_it_uncertain(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    smtp_sink.silent = True
    await notifier.hear(notifier.notice())
    await attempt(notifier.sender(smtp_sink.port, taking_seconds=0.2))
    assert await notifier.outcomes() == ["uncertain"]


async def test_no_database_session_is_open_while_the_mail_server_takes_its_time(
    notifier: Notifier, smtp_sink: SmtpSink
) -> None:
    smtp_sink.silent = True
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await sender.start_due()
    await smtp_sink.wait_for(1)
    assert (await notifier.row()).state == State.HANDED_OVER
    async with notifier.database.transaction() as session:
        states = (
            await session.scalars(
                text("SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
            )
        ).all()
    assert "idle" in states
    assert not [state for state in states if state != "idle"]
    await smtp_sink.stop()
    await sender.finish()


async def test_a_notice_that_cannot_be_written_is_said_and_holds_nothing_up(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    missing = Attachment(document="0" * 64, filename="x.pdf", media_type="application/pdf")
    await notifier.hear(
        notifier.notice(facts={}),
        notifier.notice("record_issued", number=2, attachments=(missing,)),
        notifier.notice(number=3),
    )
    await attempt(notifier.sender(smtp_sink.port, parallel=1))
    said = {message.notice_id: message for message in await notifier.said()}
    for number in (1, 2):
        failed = said[f"{samples.CASE}.{number}"]
        assert isinstance(failed, NoticeFailed)
        assert failed.outcome == "unprintable"
    assert isinstance(said[f"{samples.CASE}.3"], NoticeSent)
    assert len(smtp_sink.delivered) == 1


async def test_a_file_goes_with_full_content_only(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    document = await notifier.store.put(b"%PDF-1.7 about Ana Brook")
    attachment = Attachment(document=document, filename="outcome.pdf", media_type="application/pdf")
    await notifier.hear(
        notifier.notice("record_issued", number=1, attachments=(attachment,)),
        notifier.notice("record_issued", number=2, attachments=(attachment,), full=False),
    )
    await attempt(notifier.sender(smtp_sink.port, parallel=1))
    full, brief = (mail.message for mail in smtp_sink.delivered)
    assert [part.get_content() for part in full.iter_attachments()] == [b"%PDF-1.7 about Ana Brook"]
    assert not list(brief.iter_attachments())
    assert b"Ana Brook" not in smtp_sink.delivered[1].raw


async def test_urgent_notices_leave_first(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await notifier.hear(*(notifier.notice("act_not_taken", number=number, urgent=number == 3) for number in (1, 2, 3)))
    await attempt(notifier.sender(smtp_sink.port, parallel=1))
    assert smtp_sink.delivered[0].message["X-Concord-Notice"] == f"{samples.CASE}.3"


async def test_two_processes_share_the_work_and_send_nothing_twice(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await notifier.hear(*(notifier.notice("act_not_taken", number=number) for number in range(1, 41)))
    one, other = notifier.sender(smtp_sink.port, parallel=4), notifier.sender(smtp_sink.port, parallel=4)
    await asyncio.gather(attempt(one), attempt(other))
    sent = [mail.message["X-Concord-Notice"] for mail in smtp_sink.delivered]
    assert sorted(sent) == sorted(f"{samples.CASE}.{number}" for number in range(1, 41))
    assert await notifier.outcomes() == ["sent"] * 40


async def test_two_claims_at_one_moment_never_get_one_notice(notifier: Notifier) -> None:
    await notifier.hear(notifier.notice(number=1), notifier.notice(number=2))
    async with notifier.database.transaction() as one, notifier.database.transaction() as other, asyncio.timeout(10):
        claims = [await claim(session, process, notifier.clock()) for process, session in enumerate((one, other, other))]
    assert [found.notice.notice_id if found else None for found in claims] == [f"{samples.CASE}.1", f"{samples.CASE}.2", None]


async def test_what_a_living_process_has_in_hand_is_left_to_it(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    smtp_sink.silent = True
    await notifier.hear(notifier.notice())
    living = notifier.sender(smtp_sink.port)
    await living.start_due()
    await smtp_sink.wait_for(1)
    await attempt(notifier.sender(smtp_sink.port))
    assert (await notifier.row()).state == State.HANDED_OVER
    await smtp_sink.stop()
    await living.finish()
    assert await notifier.outcomes() == ["uncertain"]


async def test_what_a_dead_process_had_handed_over_is_taken_over_and_its_late_answer_ignored(
    notifier: Notifier, smtp_sink: SmtpSink
) -> None:
    smtp_sink.silent = True
    await notifier.hear(notifier.notice())
    dead = notifier.sender(smtp_sink.port)
    await dead.start_due()
    await smtp_sink.wait_for(1)
    await dead.stop()

    smtp_sink.silent = False
    heir = notifier.sender(smtp_sink.port)
    await attempt(heir)
    assert (await notifier.row()).state == State.UNCERTAIN
    notifier.clock.move(minutes=1)
    await attempt(heir)
    await smtp_sink.stop()
    await dead.finish()
    assert (await notifier.row()).state == State.SENT
    assert await notifier.outcomes() == ["uncertain", "sent"]
    assert len(smtp_sink.delivered) == 2


async def test_what_a_dead_process_had_not_handed_over_is_simply_sent(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    with socket.socket() as mute:  # takes connections and says nothing
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        await notifier.hear(notifier.notice())
        dead = notifier.sender(mute.getsockname()[1])
        await dead.start_due()
        assert (await notifier.row()).state == State.SENDING
        await dead.stop()
        heir = notifier.sender(smtp_sink.port)
        await attempt(heir)
        assert (await notifier.row()).state == State.RETRYING
        notifier.clock.move(minutes=1)
        await attempt(heir)
    await dead.finish()
    (mail,) = smtp_sink.delivered
    assert AGAIN_HEADER not in mail.message
    assert await notifier.outcomes() == ["sent"]


async def test_the_end_of_an_attempt_is_written_down_when_the_database_is_back(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    smtp_sink.silent = True
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await sender.start_due()
    await smtp_sink.wait_for(1)
    notifier.database.away = 1
    await smtp_sink.stop()
    await sender.finish()
    assert notifier.database.away == 0
    assert (await notifier.row()).state == State.UNCERTAIN


async def test_a_database_that_is_away_just_before_the_mail_is_given_stops_it(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await notifier.hear(notifier.notice())
    sender = notifier.sender(smtp_sink.port)
    await sender.start_due()
    notifier.database.away = 1
    await sender.finish()
    assert not smtp_sink.delivered
    await attempt(sender)  # finds what it dropped itself
    assert (await notifier.row()).state == State.RETRYING
    notifier.clock.move(minutes=1)
    await attempt(sender)
    assert await notifier.outcomes() == ["sent"]
    assert len(smtp_sink.delivered) == 1


async def test_counts_name_every_state(notifier: Notifier) -> None:
    await notifier.hear(notifier.notice())
    async with notifier.database.transaction() as session:
        found = await counts(session)
    assert found == {state: int(state is State.QUEUED) for state in State}


async def test_messages_about_one_attempt_have_one_id_for_ever(notifier: Notifier, smtp_sink: SmtpSink) -> None:
    await notifier.hear(notifier.notice())
    await attempt(notifier.sender(smtp_sink.port))
    (said,) = await notifier.said()
    assert said.message_id == UUID("ce55b6e6-c0ba-521d-ba4c-09e806937d48")
