"""What a mail server in front of us is answered, by SMTP and by LMTP."""

import asyncio
import contextlib
import smtplib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from services.intake.listener import Listener, Protocol
from services.intake.reception import Reception
from services.kit.errors import Unavailable
from tests.certificates import Certificates

MAIL = b"From: a@school.example\r\nTo: county@board.example\r\nSubject: x\r\n\r\nHello\r\n"
LARGE = MAIL + (b"y" * 70 + b"\r\n") * 200
BOTH = ["county@board.example", "city@board.example"]


class Kept:
    """A reception that keeps in memory, or says that it cannot."""

    def __init__(self) -> None:
        self.mails: list[tuple[bytes, str, list[str]]] = []
        self.away = False

    async def keep(self, raw: bytes, mail_from: str, recipients: list[str]) -> str:
        if self.away:
            raise Unavailable("the database is away")
        self.mails.append((raw, mail_from, list(recipients)))
        return "0" * 64


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture(params=["smtp", "lmtp"])
async def listener(request: pytest.FixtureRequest, kept: Kept) -> AsyncIterator[tuple[Protocol, int]]:
    protocol: Protocol = request.param
    made = Listener(cast(Reception, kept), "127.0.0.1", 0, "board.example", 10_000, protocol=protocol)
    await made.start()
    yield protocol, made.port
    made.stop()


def client_of(listener: tuple[Protocol, int]) -> smtplib.SMTP:
    """A mail server's side of a connection."""
    protocol, port = listener
    return (smtplib.LMTP if protocol == "lmtp" else smtplib.SMTP)("127.0.0.1", port, timeout=10)


async def hand_over(
    listener: tuple[Protocol, int],
    to: list[str],
    mail: bytes = MAIL,
    *,
    declared: int | None = None,
    sender: str = "a@school.example",
) -> list[tuple[int, str]]:
    """Hand a mail over as a mail server does; every answer after the mail itself, or the first refusal."""
    protocol, _ = listener

    def talk() -> list[tuple[int, str]]:
        with client_of(listener) as client:
            client.ehlo_or_helo_if_needed()
            client.mail(sender, [f"SIZE={declared or len(mail)}"])
            answers = [client.rcpt(address) for address in to]
            if all(code != 250 for code, _ in answers):
                return [(code, answer.decode()) for code, answer in answers]
            client.putcmd("data")
            client.getreply()
            client.send(mail + b".\r\n")
            taken = [1 for code, _ in answers if code == 250]
            replies = [client.getreply() for _ in (taken if protocol == "lmtp" else [1])]
            return [(code, answer.decode()) for code, answer in replies]

    return await asyncio.to_thread(talk)


async def test_each_recipient_is_answered_by_lmtp_and_all_at_once_by_smtp(listener: tuple[Protocol, int], kept: Kept) -> None:
    answers = await hand_over(listener, BOTH)
    assert [code for code, _ in answers] == [250] * (2 if listener[0] == "lmtp" else 1)
    assert kept.mails == [(MAIL, "a@school.example", BOTH)]


async def test_mail_that_cannot_be_kept_is_asked_for_again(listener: tuple[Protocol, int], kept: Kept) -> None:
    kept.away = True
    assert {code for code, _ in await hand_over(listener, BOTH)} == {451}


async def test_mail_for_somewhere_else_is_refused(listener: tuple[Protocol, int], kept: Kept) -> None:
    assert [code for code, _ in await hand_over(listener, ["a@else.example"])] == [550]
    assert not kept.mails


async def test_mail_that_says_it_is_too_large_is_refused(listener: tuple[Protocol, int], kept: Kept) -> None:
    answers = await hand_over(listener, BOTH, LARGE)
    assert all(code >= 500 for code, _ in answers)
    assert not kept.mails


async def test_mail_that_turns_out_to_be_too_large_is_refused_for_each_recipient(
    listener: tuple[Protocol, int], kept: Kept
) -> None:
    answers = await hand_over(listener, BOTH, LARGE, declared=100)
    assert [code for code, _ in answers] == [552] * (2 if listener[0] == "lmtp" else 1)
    assert not kept.mails


async def test_the_size_taken_is_advertised(listener: tuple[Protocol, int]) -> None:
    def ask() -> str:
        with client_of(listener) as client:
            client.ehlo_or_helo_if_needed()
            return client.esmtp_features["size"]

    assert await asyncio.to_thread(ask) == "10000"


async def test_mail_of_nobody_is_taken(listener: tuple[Protocol, int], kept: Kept) -> None:
    """A bounce has no sender."""
    assert {code for code, _ in await hand_over(listener, BOTH, sender="")} == {250}
    assert [mail_from for _, mail_from, _ in kept.mails] == [""]


async def test_one_connection_too_many_is_asked_to_come_back(kept: Kept) -> None:
    made = Listener(cast(Reception, kept), "127.0.0.1", 0, "board.example", 10_000, most_connections=1)
    await made.start()
    listener: tuple[Protocol, int] = ("smtp", made.port)

    def second_while_first() -> int:
        with client_of(listener), pytest.raises(smtplib.SMTPConnectError) as raised:
            client_of(listener)
        return raised.value.smtp_code

    assert await asyncio.to_thread(second_while_first) == 421
    assert {code for code, _ in await hand_over(listener, BOTH)} == {250}
    made.stop()


async def test_a_connection_that_never_comes_to_an_end_is_cut(kept: Kept) -> None:
    """So that nobody takes the room of others with a byte now and then."""
    made = Listener(cast(Reception, kept), "127.0.0.1", 0, "board.example", 10_000, most_connections=1, longest_seconds=0.5)
    await made.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", made.port)
    writer.write(b"EHLO slow\r\nMAIL FROM:<a@school.example>\r\nRCPT TO:<county@board.example>\r\nDATA\r\nSubject: x")
    async with asyncio.timeout(20):
        with contextlib.suppress(ConnectionError):
            while await reader.read(1024):
                writer.write(b"y")
    writer.close()
    assert {code for code, _ in await hand_over(("smtp", made.port), BOTH)} == {250}
    assert [raw for raw, _, _ in kept.mails] == [MAIL]
    made.stop()


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\n\x00.\r\n"], ids=repr
)
async def test_a_mail_ends_where_smtp_says_and_nowhere_else(listener: tuple[Protocol, int], kept: Kept, end: bytes) -> None:
    """Or whoever writes a mail could put a second one behind it, in anybody's name."""
    second = b"MAIL FROM:<b@school.example>\r\nRCPT TO:<county@board.example>\r\nDATA\r\nFrom: b@school.example\r\n\r\nx\r\n"
    assert {code for code, _ in await hand_over(listener, BOTH, MAIL + end + second)} == {250}
    assert [raw for raw, _, _ in kept.mails] == [(MAIL + end + second).replace(b"\r\n.", b"\r\n")]


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
async def test_with_a_certificate_mail_comes_over_tls(kept: Kept, protocol: Protocol, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates.certificate, certificates.key)
    made = Listener(cast(Reception, kept), "127.0.0.1", 0, "board.example", 10_000, protocol=protocol, tls=context)
    await made.start()

    def talk() -> int:
        with client_of((protocol, made.port)) as client:
            client.ehlo_or_helo_if_needed()
            assert protocol == "lmtp" or client.mail("a@school.example")[0] == 530
            client.starttls(context=ssl.create_default_context(cafile=str(certificates.certificate)))
            client.ehlo_or_helo_if_needed()
            client.mail("a@school.example")
            client.rcpt(BOTH[0])
            return client.data(MAIL)[0]

    assert await asyncio.to_thread(talk) == 250
    assert [raw for raw, _, _ in kept.mails] == [MAIL]
    made.stop()
