"""The readers, on a real database: poison is held and never stops the mail behind it, and only trusted mail is believed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import select, update

from services.contracts.sealed import Sealer
from services.intake import repository
from services.intake.answering.sending import Sending
from services.intake.collector import HELD, TAKEN, Collector
from services.intake.imap import Account, ImapMailbox
from services.intake.incoming import Incoming, Parts, Trust
from services.intake.notices import Notices
from services.intake.readers import MOST_STARTS, Readers
from services.intake.reception import Reception
from services.intake.sandbox import Sandbox
from services.intake.submissions import Submissions
from services.intake.tables import HeldItem, MailboxMail, RawMessage, Submission
from services.intake.understanding import Understanding, understand
from services.kit import migrate
from services.kit.clock import now
from services.kit.database import Database
from services.kit.store import Store
from tests.dovecot import Dovecot
from tests.integration.intake.running import BOARD, FORM, MAIL_DOMAIN, RAISER, mail, published


def treacherous(
    raw: bytes, recipients: tuple[str, ...], mail_from: str | None, at: datetime, *, open_files: bool = True
) -> Understanding:
    """Reads a mail, unless it says to hang or to die."""
    if b"Subject: hang" in raw:
        time.sleep(600)
    if b"Subject: die" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return understand(raw, recipients, mail_from, at, open_files=open_files)


@pytest.fixture
async def database(make_database: Callable[[str], str]) -> AsyncIterator[Database]:
    url = make_database("intake")
    await asyncio.to_thread(migrate.upgrade, url, "services.intake")
    database = Database(url)
    async with database.transaction() as session:
        await repository.keep_board(session, published())
    yield database
    await database.close()


@pytest.fixture
async def reception(database: Database, store: Store) -> Reception:
    return Reception(database, store)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(workers=1, seconds=2, read=treacherous)
    yield sandbox
    sandbox.close()


@pytest.fixture
def make_readers(database: Database, store: Store, sealer: Sealer, sandbox: Sandbox) -> Callable[[str | None], Readers]:
    """Readers that believe this receiving mail server, or any mail."""

    def make(authserv_id: str | None) -> Readers:
        notices = Notices(sealer)
        submissions = Submissions(sealer, notices, b"key")
        parts = Parts.of(sealer, submissions, notices)
        trust = Trust(b"key", MAIL_DOMAIN, authserv_id)
        return Readers(
            database,
            store,
            sandbox,
            Incoming(sealer, parts, trust, "http://intake.demo.example"),
            Sending(database, store, sealer, submissions, parts.flow),
        )

    return make


@pytest.fixture
def readers(make_readers: Callable[[str | None], Readers]) -> Readers:
    return make_readers(None)


async def outcomes(database: Database) -> list[str | None]:
    async with database.transaction() as session:
        return list(await session.scalars(select(RawMessage.outcome).order_by(RawMessage.id)))


async def test_poison_is_held_and_the_mail_behind_it_is_read(
    database: Database, reception: Reception, readers: Readers
) -> None:
    for poison in (b"Subject: hang\r\n\r\n", b"Subject: die\r\n\r\n"):
        await reception.keep(b"From: " + RAISER.encode() + b"\r\n" + poison, RAISER, [BOARD])
    await reception.keep(mail(FORM), RAISER, [BOARD])
    while await readers.read_one():
        pass
    assert await outcomes(database) == ["held: unreadable", "held: unreadable", "form"]
    async with database.transaction() as session:
        held = (await session.scalars(select(HeldItem))).all()
    assert {item.from_address for item in held} == {RAISER}


async def test_poison_in_a_mailbox_is_moved_aside_and_the_mail_behind_it_is_read(
    database: Database, reception: Reception, readers: Readers, dovecot: Dovecot, user: str
) -> None:
    poison, good = f"From: {RAISER}\r\nSubject: die\r\n\r\n".encode(), mail(FORM)
    dovecot.deliver(user, poison, good)
    mailbox = ImapMailbox(Account("127.0.0.1", dovecot.port, user, "none", dovecot.password), 200_000)
    collector = Collector(database, reception, mailbox, [BOARD])
    async with mailbox.open() as session:
        await collector.round(session)
        assert dovecot.mails(user, "INBOX") == [poison, good], "nothing is put away before it has been read"
        while await readers.read_one():
            pass
        async with database.transaction() as transaction:
            await transaction.execute(update(MailboxMail).values(next_at=now()))
        await collector.round(session)
    assert await outcomes(database) == ["held: unreadable", "form"]
    assert (dovecot.mails(user, HELD), dovecot.mails(user, TAKEN), dovecot.mails(user, "INBOX")) == ([poison], [good], [])


async def test_a_mail_that_ends_the_service_each_time_is_held_in_the_end(
    database: Database, reception: Reception, readers: Readers
) -> None:
    await reception.keep(mail(FORM), RAISER, [BOARD])
    for _ in range(MOST_STARTS):  # each time the reading begins, and the service ends before it is done
        async with database.transaction() as session:
            await session.execute(update(RawMessage).values(next_at=now()))
        async with database.transaction() as session:
            assert await repository.begin_reading(session, now()) is not None
            assert await repository.begin_reading(session, now()) is None, "it waits longer each time"
    async with database.transaction() as session:
        await session.execute(update(RawMessage).values(next_at=now()))
    await readers.read_one()
    assert await outcomes(database) == ["held: unreadable"]


async def test_a_mail_whose_original_is_gone_is_held(
    database: Database, readers: Readers, reception: Reception, store: Store
) -> None:
    document = await reception.keep(mail(FORM), RAISER, [BOARD])
    path = store._path(document)
    await asyncio.to_thread(path.unlink)
    await readers.read_one()
    assert await outcomes(database) == ["held: unreadable"]


async def test_a_mail_is_read_by_one_reader_at_a_time(database: Database, readers: Readers, reception: Reception) -> None:
    await reception.keep(mail(FORM), RAISER, [BOARD])
    async with database.transaction() as session:
        identity = await repository.begin_reading(session, now())
        assert identity is not None
    async with database.transaction() as session:
        assert await repository.lock_unread(session, identity) is not None
        async with database.transaction() as other:
            assert await repository.lock_unread(other, identity) is None


async def test_only_mail_that_our_receiving_server_vouches_for_is_believed(
    database: Database, reception: Reception, make_readers: Callable[[str | None], Readers]
) -> None:
    readers = make_readers("mx.board.demo.example")
    vouched = "mx.board.demo.example; dmarc=pass header.from=school.demo.example"
    for header in (vouched, vouched.replace("pass", "fail"), vouched.replace("mx.", "mx2.")):
        await reception.keep(mail(FORM, Authentication_Results=header), RAISER, [BOARD])
    while await readers.read_one():
        pass
    assert await outcomes(database) == ["form", "held: unclear_sender", "held: unclear_sender"]


async def test_a_form_sent_to_two_boards_is_a_case_at_each(database: Database, readers: Readers, reception: Reception) -> None:
    async with database.transaction() as session:
        await repository.keep_board(session, published(board="another", reference_prefix="ANO"))
    await reception.keep(mail(FORM), RAISER, [BOARD, f"another@{MAIL_DOMAIN}"])
    await readers.read_one()
    async with database.transaction() as session:
        cases = sorted(await session.scalars(select(Submission.case_id)))
    assert [case.split("-")[0] for case in cases] == ["ANO", "DEMO"]
