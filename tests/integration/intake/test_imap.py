"""Mail fetched by IMAP from a real Dovecot: each mail is taken once, put away only when it is safe, and never lost or deleted."""

import asyncio
import hashlib
import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.contracts.intake import FormReceived, ItemHeld
from services.contracts.notifier import SendNotice
from services.contracts.vocabulary import HeldReason
from services.intake.collector import HELD, TAKEN, Session
from services.intake.errors import NotGiven
from services.intake.imap import Account, ImapMailbox
from tests.certificates import Certificates
from tests.dovecot import PREFIX, Dovecot
from tests.entra import CLIENT, SECRET, TENANT, Entra
from tests.integration.intake.running import BOARD, FORM, RAISER, Intake, free_port, mail, published, until
from tests.web_server import served


@pytest.fixture
async def intake(stopped: Intake, dovecot: Dovecot, certificates: Certificates, user: str) -> Intake:
    """An intake that is told to look into the user's mailbox by TLS and password; not started yet."""
    stopped.environment |= certificates.believed | {
        "CONCORD_IMAP_HOST": "localhost",
        "CONCORD_IMAP_PORT": str(dovecot.tls_port),
        "CONCORD_IMAP_USERNAME": user,
        "CONCORD_IMAP_PASSWORD": dovecot.password,
    }
    return stopped


async def started(intake: Intake) -> Intake:
    """Start it; it knows its board and looks into the mailbox."""
    await intake.start()
    await intake.publish(published())
    await until(lambda: intake.checks().get("imap") == "ok", intake.process)
    return intake


def form(child: str) -> bytes:
    """A form about this child."""
    return mail(FORM.replace("Robin Example", child))


def identified(raw: bytes, line: bytes) -> bytes:
    """A mail with this line for its Message-ID."""
    return re.sub(rb"Message-ID: .*\r\n", line, raw, count=1)


async def in_folder(dovecot: Dovecot, user: str, folder: str, number: int) -> list[bytes]:
    """The mails in a folder, once there are so many."""
    await until(lambda: len(dovecot.mails(user, folder)) >= number)
    return dovecot.mails(user, folder)


async def test_a_form_in_the_mailbox_is_a_case_and_is_put_away(intake: Intake, dovecot: Dovecot, user: str) -> None:
    before, after = form("Robin Example"), form("Alex Example")
    dovecot.deliver(user, before)
    await started(intake)
    (first,) = await intake.wait_for(FormReceived)
    assert await in_folder(dovecot, user, TAKEN, 1) == [before]
    dovecot.deliver(user, after)
    _, second = await intake.wait_for(FormReceived, 2)
    assert await intake.store.get(first.source) == before
    assert await intake.store.get(second.source) == after
    assert await in_folder(dovecot, user, TAKEN, 2) == [before, after]
    assert dovecot.mails(user, "INBOX") == []


@pytest.fixture
async def session(
    dovecot: Dovecot, certificates: Certificates, user: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Session]:
    """The user's mailbox, with one mail in it, looked into from this process by STARTTLS."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.certificate))
    dovecot.deliver(user, form("Robin Example"))
    account = Account("localhost", dovecot.port, user, "starttls", dovecot.password)
    async with ImapMailbox(account, 200_000).open() as session:
        yield session


async def test_a_connection_that_begins_in_clear_goes_on_by_tls(session: Session) -> None:
    news = await session.look(None)
    (key,) = news.keys
    fetched = await session.fetch(key)
    assert fetched is not None
    assert b"Robin Example" in fetched.raw


async def test_a_folder_somebody_removes_meanwhile_is_made_again(session: Session, dovecot: Dovecot, user: str) -> None:
    (first,) = (await session.look(None)).keys
    await session.put_away([first], TAKEN)
    with dovecot.client(user) as client:
        client.delete_folder(PREFIX + TAKEN)
    dovecot.deliver(user, form("Alex Example"))
    await session.wait(0.1)
    (second,) = (await session.look(None)).keys
    with pytest.raises(NotGiven):
        await session.put_away([second], TAKEN)
    await session.put_away([second], TAKEN)
    assert dovecot.mails(user, "INBOX") == []
    assert len(dovecot.mails(user, TAKEN)) == 1


async def test_the_service_signs_in_as_itself_by_oauth(
    intake: Intake, dovecot: Dovecot, user: str, entra: Entra, certificates: Certificates
) -> None:
    del intake.environment["CONCORD_IMAP_PASSWORD"]
    entra.subject = user
    async with served(entra.app, certificates) as address:
        intake.environment |= {
            "CONCORD_OAUTH_AUTHORITY": address,
            "CONCORD_IMAP_OAUTH_TENANT": TENANT,
            "CONCORD_IMAP_OAUTH_CLIENT_ID": CLIENT,
            "CONCORD_IMAP_OAUTH_CLIENT_SECRET": SECRET,
        }
        dovecot.deliver(user, form("Robin Example"))
        await started(intake)
        await intake.wait_for(FormReceived)
        assert entra.asked == ["https://outlook.office365.com/.default"]


async def test_a_refused_sign_in_is_on_the_health_page_and_mail_by_smtp_goes_on(intake: Intake, user: str) -> None:
    intake.environment["CONCORD_IMAP_PASSWORD"] = "not the password"
    await intake.start()
    await until(lambda: intake.checks().get("imap") == "SignInRefused", intake.process)
    async with intake.http as browser:
        assert (await browser.get("/health")).status_code == 503
    await intake.publish(published())
    await intake.send(form("Robin Example"))
    await intake.wait_for(FormReceived)


async def test_a_connection_cut_while_it_waits_is_made_again(intake: Intake, dovecot: Dovecot, user: str) -> None:
    await started(intake)
    await until(lambda: len(dovecot.connections(user)) == 1)
    dovecot.kick(user)
    await until(lambda: intake.checks().get("imap") == "Unavailable", intake.process)
    dovecot.deliver(user, form("Robin Example"))
    await intake.wait_for(FormReceived)
    await until(lambda: intake.checks().get("imap") == "ok", intake.process)


async def test_all_uids_changed_and_every_mail_there_twice_has_no_effect_twice(
    intake: Intake, basic_dovecot: Dovecot, user: str
) -> None:
    """On a server without MOVE (and without IDLE) taken mail stays in the inbox, marked."""
    dovecot = basic_dovecot
    intake.environment |= {"CONCORD_IMAP_PORT": str(dovecot.tls_port), "CONCORD_IMAP_PASSWORD": dovecot.password}
    dovecot.deliver(user, form("Robin Example"), form("Alex Example"))
    await started(intake)
    await intake.wait_for(FormReceived, 2)
    await until(lambda: all({"\\Seen", "Concordtaken"} <= flags for flags in dovecot.flags(user)))
    validity = dovecot.uid_validity(user)
    dovecot.recreate(user, again=2)
    dovecot.deliver(user, form("Sam Example"))
    assert dovecot.uid_validity(user) != validity
    await intake.wait_for(FormReceived, 3)
    await until(lambda: all({"\\Seen", "Concordtaken"} <= flags for flags in dovecot.flags(user)))
    await intake.settled()
    assert len(intake.of(FormReceived)) == 3
    assert intake.rows("SELECT count(*) FROM raw_messages") == [(3,)]
    assert len(dovecot.mails(user, "INBOX")) == 5
    assert intake.rows("SELECT mark FROM mailboxes") == [(f"{dovecot.uid_validity(user)}.5",)]


async def test_message_ids_that_are_shared_or_missing_lose_no_mail(intake: Intake, dovecot: Dovecot, user: str) -> None:
    same, other = (identified(form(child), b"Message-ID: <one@example>\r\n") for child in ("Robin Example", "Alex Example"))
    without = [identified(form(child), b"") for child in ("Sam Example", "Kim Example")]
    dovecot.deliver(user, same, same, other, *without)
    await started(intake)
    await intake.wait_for(FormReceived, 4)
    assert sorted(await in_folder(dovecot, user, TAKEN, 5)) == sorted([same, same, other, *without])
    await intake.settled()
    assert len(intake.of(FormReceived)) == 4


async def test_a_mail_that_cannot_be_kept_stays_where_it_is(intake: Intake, dovecot: Dovecot, user: str) -> None:
    await started(intake)
    with intake.without_a_store():
        raw = form("Robin Example")
        dovecot.deliver(user, raw)
        await until(lambda: intake.checks().get("imap") not in ("ok", None), intake.process)
        assert dovecot.mails(user, "INBOX") == [raw]
    await intake.wait_for(FormReceived)
    assert intake.rows("SELECT part FROM raw_messages") == [(None,)]
    assert await in_folder(dovecot, user, TAKEN, 1) == [raw]


async def test_a_mail_that_is_too_large_is_held_with_its_headers_and_told(intake: Intake, dovecot: Dovecot, user: str) -> None:
    raw = mail(FORM + "x" * 70 + "\n" + ("y" * 70 + "\n") * 4000)
    dovecot.deliver(user, raw)
    await started(intake)
    (item,) = await intake.wait_for(ItemHeld)
    assert (item.reason, item.from_address, item.board) == (HeldReason.TOO_LARGE, RAISER, "demonstration")
    assert HELD in item.detail
    told = ("item_held", RAISER)
    await until(lambda: told in [(notice.kind, notice.to.address) for notice in intake.of(SendNotice)], intake.process)
    assert await intake.store.get(item.source) == raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert await in_folder(dovecot, user, HELD, 1) == [raw]


async def test_a_mail_the_server_cannot_give_is_held_and_stops_none_behind_it(
    intake: Intake, dovecot: Dovecot, user: str
) -> None:
    """As after a disk failure: the server knows the mail, and ends the connection whenever somebody asks for it."""
    dovecot.deliver(user, form("Robin Example"))
    break_first_mail(dovecot, user)
    dovecot.deliver(user, form("Alex Example"), form("Sam Example"))
    await started(intake)
    await intake.wait_for(FormReceived, 2)
    await until(lambda: intake.hurry() and bool(intake.of(ItemHeld)), intake.process)
    (item,) = intake.of(ItemHeld)
    assert HELD in item.detail
    await until(lambda: intake.rows("SELECT 1 FROM mailbox_mails WHERE next_at IS NOT NULL") == [], intake.process)
    assert len(dovecot.mails(user, TAKEN)) == 2
    assert len(intake.of(FormReceived)) == 2


async def test_two_copies_of_the_service_take_each_mail_once(intake: Intake, dovecot: Dovecot, user: str) -> None:
    raws = [form(f"Child {number}") for number in range(30)]
    await started(intake)
    other = intake.copy(CONCORD_HTTP_PORT=str(free_port()), CONCORD_SMTP_PORT=str(free_port()))
    try:
        await other.start()
        await until(lambda: other.checks().get("imap") == "ok", other.process)
        dovecot.deliver(user, *raws)
        await intake.wait_for(FormReceived, len(raws))
        taken = await in_folder(dovecot, user, TAKEN, len(raws))
    finally:
        other.stop()
    await intake.settled()
    assert sorted(taken) == sorted(raws)
    assert dovecot.mails(user, "INBOX") == []
    assert len(intake.of(FormReceived)) == len(raws)
    assert {row[0] for row in intake.rows("SELECT sha256 FROM mailbox_mails")} == {
        hashlib.sha256(raw).hexdigest() for raw in raws
    }


async def test_a_copy_that_is_killed_loses_nothing_and_does_nothing_twice(intake: Intake, dovecot: Dovecot, user: str) -> None:
    raws = [form(f"Child {number}") for number in range(20)]
    await started(intake)
    dovecot.deliver(user, *raws)
    await intake.wait_for(FormReceived)
    assert intake.process is not None
    os.kill(intake.process.pid, signal.SIGKILL)
    await asyncio.to_thread(intake.process.wait)
    intake.hurry(killed=True)
    await intake.start()
    await intake.wait_for(FormReceived, len(raws))
    assert sorted(await in_folder(dovecot, user, TAKEN, len(raws))) == sorted(raws)
    await intake.settled()
    assert len({received.case_id for received in intake.of(FormReceived)}) == len(raws)


async def test_a_mailbox_of_one_board_takes_mail_whoever_it_was_sent_to(intake: Intake, dovecot: Dovecot, user: str) -> None:
    dovecot.deliver(user, mail(FORM, to="escalations@board.demo.example"))
    intake.environment["CONCORD_IMAP_BOARD"] = BOARD.partition("@")[0]
    await started(intake)
    (received,) = await intake.wait_for(FormReceived)
    assert received.board == "demonstration"


def break_first_mail(dovecot: Dovecot, user: str) -> None:
    """Let the file of the only mail be shorter than its name says."""
    maildir = dovecot.maildir(user)
    (file,) = [file for place in ("cur", "new") for file in (maildir / place).iterdir()]
    whole, end, flags = file.name.partition(":2,")
    broken = file.with_name(f"{whole.partition(',S=')[0]},S=9000,W=9200{end}{flags}")
    file.rename(broken)
    for index in maildir.glob("dovecot*"):
        if isinstance(index, Path) and index.is_file() and "uidvalidity" not in index.name:
            index.unlink()
