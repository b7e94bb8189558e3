"""What an IMAP server can do to us: say nothing, refuse, change its mind. Real mail by a real server is in the integration tests."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from imapclient import SocketTimeout

from services.intake.collector import TAKEN, Session
from services.intake.errors import NotGiven
from services.intake.imap import Account, ImapMailbox
from services.kit.errors import SignInRefused, Unavailable
from services.kit.oauth import AppTokens
from tests.certificates import Certificates
from tests.imap_server import ImapServer

RAW = b"Subject: x\r\n\r\nHello\r\n"
SOON = SocketTimeout(connect=5, read=0.3)
SECRET = "a secret password"


class Tokens:
    """One token, and whether it was forgotten."""

    forgotten = False

    async def token(self) -> str:
        return "one-token"

    def forget(self) -> None:
        self.forgotten = True


@pytest.fixture
def server() -> ImapServer:
    server = ImapServer()
    server.mails = {1: RAW}
    return server


@asynccontextmanager
async def looked_into(server: ImapServer, **changes: Any) -> AsyncIterator[Session]:
    """The server's inbox, signed in to without TLS unless the changes say so."""
    account = Account("127.0.0.1", server.port, "board", "none", SECRET)._replace(**changes)
    async with ImapMailbox(account, 1000, SOON).open() as session:
        yield session


async def refused(server: ImapServer, **changes: Any) -> Exception:
    """What comes of looking into an inbox that cannot be."""
    with pytest.raises((Unavailable, NotGiven)) as raised:
        async with server.served(), looked_into(server, **changes):
            pass
    return raised.value


async def test_an_inbox_is_read_and_a_mail_moved(server: ImapServer) -> None:
    async with server.served(), looked_into(server) as session:
        news = await session.look(None)
        fetched = await session.fetch("7.1")
        await session.put_away(["7.1"], TAKEN)
    assert (news.keys, news.mark) == (["7.1"], "7.1")
    assert fetched is not None
    assert fetched.raw == RAW
    assert 'UID MOVE 1 "Concord taken"' in server.said


@pytest.mark.parametrize("silent_at", ["greeting", "LOGIN", "SELECT"])
async def test_a_server_that_says_nothing_is_left(server: ImapServer, silent_at: str) -> None:
    server.silent = {silent_at}
    error = await refused(server)
    assert type(error) is Unavailable


async def test_a_server_that_falls_silent_is_left(server: ImapServer) -> None:
    async with server.served(), looked_into(server) as session:
        server.silent = {"FETCH"}
        with pytest.raises(Unavailable):
            await session.fetch("7.1")


async def test_a_server_that_says_goodbye_is_away(server: ImapServer) -> None:
    server.greeting = "* BYE too many connections"
    assert type(await refused(server)) is Unavailable


async def test_a_goodbye_while_we_wait_is_noticed(server: ImapServer) -> None:
    async with server.served(), looked_into(server) as session:
        server.answers["IDLE"] = ["+ idling", "* BYE going down", "OK done"]
        await session.wait(0.1)
        server.silent = {"SEARCH"}
        with pytest.raises(Unavailable):
            await session.look("7.1")


@pytest.mark.parametrize("capabilities", ["IMAP4rev1", "IMAP4rev1 STARTTLS"], ids=["not offered", "refused"])
async def test_no_password_is_said_in_clear_where_tls_is_wanted(server: ImapServer, capabilities: str) -> None:
    server.capabilities = capabilities
    server.answers["STARTTLS"] = ["NO not now"]
    assert type(await refused(server, tls="starttls")) is Unavailable
    assert not [said for said in server.said if SECRET in said]


async def test_a_server_that_knows_us_before_tls_is_not_believed(server: ImapServer) -> None:
    server.greeting = "* PREAUTH welcome"
    await refused(server, tls="starttls")
    assert not [said for said in server.said if said.startswith("SELECT")]


@pytest.mark.parametrize("wrong", ["vouched for by nobody", "of another name", "expired"])
async def test_a_certificate_that_is_not_right_ends_it(
    server: ImapServer, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "192.0.2.1" if wrong == "of another name" else "127.0.0.1"
    certificates = Certificates(tmp_path, address=address, days=0.5 if wrong == "expired" else 2)
    if wrong != "vouched for by nobody":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    with pytest.raises(Unavailable, match="SSLCertVerificationError"):
        async with server.served(context), looked_into(server, tls="tls"):
            pass
    assert server.said == []


async def test_a_refused_token_is_answered_with_nothing_and_forgotten(server: ImapServer) -> None:
    """The server says why in a challenge of its own, which wants an empty answer before it says no."""
    why = base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode()
    server.answers["AUTHENTICATE"] = ["+ ", f"+ {why}", "NO AUTHENTICATE failed."]
    tokens = Tokens()
    error = await refused(server, password=None, tokens=cast(AppTokens, tokens))
    assert type(error) is SignInRefused
    assert tokens.forgotten
    first, second = server.said[server.said.index("AUTHENTICATE XOAUTH2") + 1 :][:2]
    assert base64.b64decode(first) == b"user=board\x01auth=Bearer one-token\x01\x01"
    assert second == ""


async def test_a_server_that_cannot_tell_who_we_are_is_away_and_has_not_refused_us(server: ImapServer) -> None:
    server.answers["LOGIN"] = ["NO [UNAVAILABLE] the directory is away"]
    assert type(await refused(server)) is Unavailable
    server.answers["LOGIN"] = ["NO [AUTHENTICATIONFAILED] no"]
    assert type(await refused(server)) is SignInRefused


async def test_an_alert_is_no_answer(server: ImapServer) -> None:
    server.answers["LOGIN"] = ["* OK [ALERT] the mailbox is nearly full", "OK welcome"]
    async with server.served(), looked_into(server) as session:
        assert (await session.look(None)).keys == ["7.1"]


async def test_what_may_only_be_read_is_read_and_stays(server: ImapServer) -> None:
    server.selected = "OK [READ-ONLY] selected"
    server.answers["MOVE"] = ["NO [NOPERM] the mailbox is read-only"]
    async with server.served(), looked_into(server) as session:
        assert await session.fetch("7.1") is not None
        with pytest.raises(NotGiven):
            await session.put_away(["7.1"], TAKEN)


@pytest.mark.parametrize("why", ["[TRYCREATE] no such folder", "[OVERQUOTA] the mailbox is full"])
async def test_a_mail_that_cannot_be_moved_is_tried_with_a_folder_made_anew(server: ImapServer, why: str) -> None:
    async with server.served(), looked_into(server) as session:
        await session.put_away(["7.1"], TAKEN)
        server.answers["MOVE"] = [f"NO {why}"]
        with pytest.raises(NotGiven):
            await session.put_away(["7.1"], TAKEN)
        del server.answers["MOVE"]
        await session.put_away(["7.1"], TAKEN)
    assert server.said.count('CREATE "Concord taken"') == 2


@pytest.mark.parametrize(("permanent", "marks"), [(r"\Seen \*", r"(\Seen Concordtaken)"), (r"\Seen", r"(\Seen)")])
async def test_without_move_a_mail_is_marked_as_far_as_marks_are_kept(server: ImapServer, permanent: str, marks: str) -> None:
    server.capabilities, server.permanent_flags = "IMAP4rev1", permanent
    async with server.served(), looked_into(server) as session:
        await session.put_away(["7.1"], TAKEN)
    assert f"UID STORE 1 +FLAGS.SILENT {marks}" in [said.replace("+FLAGS ", "+FLAGS.SILENT ") for said in server.said]


async def test_a_mail_somebody_deletes_first_is_gone(server: ImapServer) -> None:
    async with server.served(), looked_into(server) as session:
        server.mails.clear()
        assert await session.fetch("7.1") is None
        assert await session.fetch_headers("7.1") is None


async def test_many_arrivals_at_once_wake_once(server: ImapServer) -> None:
    server.answers["IDLE"] = ["+ idling", *(f"* {number} EXISTS" for number in range(2, 500)), "OK done"]
    async with server.served(), looked_into(server) as session, asyncio.timeout(10):
        await session.wait(0.2)
        server.mails |= dict.fromkeys(range(2, 500), RAW)
        assert len((await session.look("7.1")).keys) == 498
