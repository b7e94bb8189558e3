"""The notifier as it runs: a process between a real broker, a real database and a real mail server, and what a SIGKILL leaves."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy.engine import make_url

from deploy.local import ports
from services.contracts.notifier import NoticeFailed, NoticeSent, SendNotice
from services.contracts.sealed import Sealer
from services.kit.bus import Bus
from services.notifier.mail import AGAIN_HEADER
from tests.smtp_sink import SmtpSink
from tests.unit.notifier import samples

PATIENCE = 60


class Notifier:
    """The service in a process of its own, which can be killed and started again."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment = environment
        self.port = int(environment["CONCORD_HTTP_PORT"])
        self._log = log
        self._process: Process | None = None

    async def start(self, **changes: str) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "services.notifier", env=self.environment | changes, stdout=log, stderr=log
            )
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as http:
            while True:
                assert self._process.returncode is None, self._log.read_text()[-3000:]
                try:
                    if (await http.get(f"http://127.0.0.1:{self.port}/health")).json()["checks"]["broker"] == "ok":
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)  # its port is not open yet

    async def end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient() as http:
            return await http.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)

    async def until(self, state: str, number: int) -> None:
        """Until so many notices are in this state."""
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as http:
            while True:
                if (await http.get(f"http://127.0.0.1:{self.port}/notices", timeout=20)).json()["states"][state] == number:
                    return
                await asyncio.sleep(0.05)


@pytest.fixture
async def notifier(
    make_database: Callable[[str], str],
    amqp_url: Callable[[str], str],
    smtp_sink: SmtpSink,
    seal_key: str,
    tmp_path: Path,
) -> AsyncIterator[Notifier]:
    notifier = Notifier(
        {
            "PATH": os.environ["PATH"],
            "CONCORD_DATABASE_URL": make_database("notifier"),
            "CONCORD_AMQP_URL": amqp_url("notifier"),
            "CONCORD_HTTP_PORT": str(ports.find(("http",))["http"]),
            "CONCORD_STORE_DIR": str(tmp_path / "store"),
            "CONCORD_SEAL_KEYS": seal_key,
            "CONCORD_TOKEN_KEY": samples.KEY.decode(),
            "CONCORD_MAIL_DOMAIN": samples.DOMAIN,
            "CONCORD_FROM_ADDRESS": "concord@example.org.uk",
            "CONCORD_BOARD_URL": samples.BOARD_URL,
            "CONCORD_PAGES_URL": samples.PAGES_URL,
            "CONCORD_SMTP_HOST": smtp_sink.host,
            "CONCORD_SMTP_PORT": str(smtp_sink.port),
        },
        tmp_path / "notifier.log",
    )
    yield notifier
    await notifier.end(signal.SIGTERM)


class Escalator:
    """The other end of the broker: says SendNotice, and hears what the notifier says."""

    def __init__(self, bus: Bus, sealer: Sealer) -> None:
        self._bus = bus
        self._sealer = sealer
        self._heard: asyncio.Queue[NoticeSent | NoticeFailed] = asyncio.Queue()

    async def take(self, message: NoticeSent | NoticeFailed) -> None:
        await self._heard.put(message)

    async def send(self, number: int = 1, **changes: Any) -> SendNotice:
        notice = samples.notice("step_reached", number=number, sealer=self._sealer, **changes)
        await self._bus.publish(notice)
        return notice

    async def hear(self) -> NoticeSent | NoticeFailed:
        async with asyncio.timeout(PATIENCE):
            return await self._heard.get()


@pytest.fixture
async def escalator(amqp_url: Callable[[str], str], sealer: Sealer) -> AsyncIterator[Escalator]:
    """Connected as records, which hears both of the notifier's messages, and as the escalator, which says SendNotice."""
    said, heard = Bus(amqp_url("escalator"), "escalator"), Bus(amqp_url("records"), "records")
    await said.connect()
    await heard.connect()
    escalator = Escalator(said, sealer)
    await heard.listen({NoticeSent: escalator.take, NoticeFailed: escalator.take})
    yield escalator
    await said.close()
    await heard.close()


async def test_a_notice_asked_for_twice_is_one_mail_and_one_message(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink
) -> None:
    await notifier.start()
    await escalator.send(1)
    await escalator.send(1)
    await escalator.send(2)
    said = [await escalator.hear(), await escalator.hear()]
    assert {message.notice_id for message in said} == {f"{samples.CASE}.1", f"{samples.CASE}.2"}
    await notifier.until("sent", 2)
    assert len(smtp_sink.delivered) == 2
    health = await notifier.get("/health")
    assert health.json() == {
        "service": "notifier",
        "ok": True,
        "checks": {"database": "ok", "broker": "ok", "mail server": "ok", "notices": "ok"},
    }
    notices = (await notifier.get("/notices")).json()
    assert notices["states"] == dict.fromkeys(notices["states"], 0) | {"sent": 2}
    assert notices["oldest_seconds"] is None


async def test_health_says_when_the_mail_server_is_away_and_when_a_notice_has_waited_too_long(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink
) -> None:
    await notifier.start()
    await smtp_sink.stop()
    await escalator.send(1)
    await notifier.until("retrying", 1)
    health = await notifier.get("/health")
    assert health.status_code == 503
    well = {"database": "ok", "broker": "ok"}
    assert health.json()["checks"] == well | {"mail server": "Unavailable", "notices": "ok"}
    url = make_url(notifier.environment["CONCORD_DATABASE_URL"]).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as database:
        database.execute("UPDATE notices SET queued_at = queued_at - interval '16 minutes'")
    health = await notifier.get("/health")
    assert health.json()["checks"] == well | {"mail server": "Unavailable", "notices": "NoticesWait"}


async def test_killed_before_the_mail_was_given_it_is_simply_sent_by_the_next(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink
) -> None:
    with socket.socket() as mute:  # takes connections and says nothing
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        await notifier.start(CONCORD_SMTP_PORT=str(mute.getsockname()[1]))
        await escalator.send()
        await notifier.until("sending", 1)
        await notifier.end(signal.SIGKILL)
    await notifier.start()
    said = await escalator.hear()
    assert isinstance(said, NoticeSent)
    assert said.attempts == 2
    (mail,) = smtp_sink.delivered
    assert AGAIN_HEADER not in mail.message


async def test_killed_after_the_mail_was_given_it_is_said_and_sent_once_more(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink
) -> None:
    smtp_sink.silent = True
    await notifier.start()
    await escalator.send()
    await smtp_sink.wait_for(1)
    await notifier.end(signal.SIGKILL)
    smtp_sink.silent = False
    await notifier.start()
    uncertain, sent = await escalator.hear(), await escalator.hear()
    assert isinstance(uncertain, NoticeFailed)
    assert uncertain.outcome == "uncertain"
    assert isinstance(sent, NoticeSent)
    first, second = smtp_sink.delivered
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert AGAIN_HEADER in second.message


async def test_told_to_stop_it_lets_a_mail_under_way_come_to_its_end(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink
) -> None:
    await notifier.start()
    for number in range(1, 31):
        await escalator.send(number)
    await smtp_sink.wait_for(1)
    assert await notifier.end(signal.SIGTERM) == 0
    await notifier.start()
    said = [await escalator.hear() for _ in range(30)]
    assert all(isinstance(message, NoticeSent) for message in said)
    assert len(smtp_sink.delivered) == 30


async def test_nothing_about_the_child_is_in_the_log(
    notifier: Notifier, escalator: Escalator, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    smtp_sink.replies = ["550 5.7.1 <sam.lee@bedford.example.gov.uk> says no"]
    await notifier.start(CONCORD_LOG_LEVEL="DEBUG")
    await escalator.send(1)
    await escalator.send(2)
    await escalator.hear()
    await escalator.hear()
    log = (tmp_path / "notifier.log").read_text()
    assert f"{samples.CASE}.1" in log
    for secret in (*samples.SECRETS, "sam.lee@"):
        assert secret not in log, secret
