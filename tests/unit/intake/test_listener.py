"""What a mail server in front of us is answered, by SMTP and by LMTP."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from typing import cast

import pytest

from services.intake.listener import Listener, Protocol
from services.intake.reception import Reception
from services.kit.errors import Unavailable

MAIL = b"From: a@school.example\r\nTo: county@board.example\r\nSubject: x\r\n\r\nHello\r\n"
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


async def hand_over(listener: tuple[Protocol, int], to: list[str], mail: bytes = MAIL) -> list[tuple[int, str]]:
    """Hand a mail over as a mail server does; every answer after the mail itself, or the first refusal."""
    protocol, port = listener

    def talk() -> list[tuple[int, str]]:
        with (smtplib.LMTP if protocol == "lmtp" else smtplib.SMTP)("127.0.0.1", port, timeout=10) as client:
            client.ehlo_or_helo_if_needed()
            client.mail("a@school.example", [f"SIZE={len(mail)}"])
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


async def test_mail_that_is_too_large_is_refused(listener: tuple[Protocol, int], kept: Kept) -> None:
    answers = await hand_over(listener, BOTH, MAIL + (b"y" * 70 + b"\r\n") * 200)
    assert all(code >= 500 for code, _ in answers)
    assert not kept.mails
