"""Intake as a process of its own, on the real broker and database, and everybody who hears it."""

import asyncio
import os
import smtplib
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import httpx
import psycopg
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from deploy.local.part import CHECKOUT
from services.contracts.catalogue import heard_by
from services.contracts.escalator import BoardPublished
from services.contracts.message import Message
from services.contracts.outline import AreaChoice, Choice
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person
from services.kit.bus import Bus
from services.kit.clock import now
from services.kit.store import Store
from tests.servers import Broker, Databases

MAIL_DOMAIN = "concord.demo.example"
TOKEN_KEY = "a key for the tests of intake"
BOARD = f"demonstration@{MAIL_DOMAIN}"
RAISER = "asha.rees@school.demo.example"
OTHER = "sam.oduya@social-care.demo.example"

Heard = TypeVar("Heard", bound=Message)

FORM = """\
Date: 7 December 2026

From:
(Practitioner) Asha Rees, head teacher

To:
(Manager) Morgan Ellis

Name of Child: Robin Example

DOB: 31/03/2015

Social Worker/Practitioner: Sam Oduya

Agency/Team: Demonstration Social Care

Summary of Concern(s):
Robin came to school with bruises twice. The referral was closed without a visit.

Requested Action: A strategy meeting this week.

Response:

Date:

Resolution of Issues: (If not resolved, progress as per the flowchart)

Date:

Stage of the case: Contact or referral
Area of disagreement: No further action
Is a child in immediate danger? No
"""


def published(**changes: object) -> BoardPublished:
    """The demonstration board, as the escalator publishes it."""
    facts: dict[str, object] = {
        "message_id": uuid4(),
        "at": now(),
        "board": "demonstration",
        "name": "Demonstration board",
        "reference_prefix": "DEMO",
        "inbox": "inbox@board.demo.example",
        "demonstration": "One second stands for one hour.",
        "case_stages": (
            Choice(key="contact_or_referral", name="Contact or referral"),
            Choice(key="initial_assessment", name="Section 17: Initial Assessment"),
            Choice(key="core_assessment", name="Section 17: Core Assessment"),
        ),
        "areas": (
            AreaChoice(key="nfa", name="No further action", case_stage="contact_or_referral", ladder="BED-S4"),
            AreaChoice(key="case_closure", name="Case closure", case_stage="initial_assessment", ladder="BED-S6"),
            AreaChoice(key="case_closure", name="Case closure", case_stage="core_assessment", ladder="BED-S7"),
        ),
        "known_domains": ("school.demo.example", "social-care.demo.example"),
        "secure_domains": ("social-care.demo.example",),
        "staff": (Person(name="Board staff", address="staff@board.demo.example"),),
    }
    return BoardPublished.model_validate(facts | changes)


def mail(text: str, sender: str = f"Asha Rees <{RAISER}>", to: str = BOARD, **headers: str) -> bytes:
    """A mail with this text; a header's name may be written with underscores."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = "Escalation form"
    message["Message-ID"] = f"<{uuid4()}@school.demo.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes().replace(b"\n", b"\r\n")


@dataclass
class Intake:
    """The process, and what was heard from it."""

    environment: dict[str, str]
    store: Store
    sealer: Sealer
    escalator: Bus
    records: Bus
    notifier: Bus
    heard: list[Message] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None

    @property
    def _database(self) -> str:
        url = make_url(self.environment["CONCORD_DATABASE_URL"]).set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    @property
    def http(self) -> httpx.AsyncClient:
        """A browser at its pages."""
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.environment['CONCORD_HTTP_PORT']}", timeout=30)

    async def start(self, *, broker: bool = True) -> None:
        """Start it; returns when it takes mail, and hears what is said unless the broker is away."""
        command = [sys.executable, "-m", "services.intake"]
        self.process = await asyncio.to_thread(subprocess.Popen, command, env=self.environment, cwd=CHECKOUT)
        await until(self._takes_mail, self.process)
        await until(lambda: bool(checks := self.checks()) and (not broker or checks["broker"] == "ok"), self.process)

    def checks(self) -> dict[str, str]:
        """What its health page says of each of its parts."""
        try:
            answer = _http().get(f"http://127.0.0.1:{self.environment['CONCORD_HTTP_PORT']}/health", timeout=10)
        except httpx.TransportError:
            return {}
        checks: dict[str, str] = answer.json()["checks"]
        return checks

    def stop(self) -> None:
        """End it, as a supervisor does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    async def forget(self) -> None:
        """Forget every mail and form there was, so that a test begins with none."""
        await self.settled()
        with psycopg.connect(self._database) as connection:
            connection.execute(
                "TRUNCATE raw_messages, submissions, fingerprints, held_items, notice_numbers, told, sent_notices CASCADE"
            )
        self.heard.clear()

    @contextmanager
    def without_a_store(self) -> Iterator[None]:
        """While this lasts, no document can be kept."""
        folder = Path(self.environment["CONCORD_STORE_DIR"])
        folder.mkdir(exist_ok=True)
        aside = folder.rename(folder.with_name("aside"))
        folder.write_text("a file where the store's folder should be")
        yield
        folder.unlink()
        aside.rename(folder)

    async def publish(self, board: BoardPublished) -> None:
        """Publish a board, as the escalator does."""
        await self.escalator.publish(board)
        await until(lambda: board in self.heard, self.process)

    async def send(self, raw: bytes, to: str = BOARD, sender: str = RAISER) -> str:
        """Hand a mail over by SMTP; the answer to its content. Raises smtplib.SMTPException when it is refused."""
        return await asyncio.to_thread(self._send, raw, to, sender)

    async def wait_for(self, kind: type[Heard], times: int = 1) -> list[Heard]:
        """What was said of one kind, once it was said so often."""
        await until(lambda: len(self.of(kind)) >= times, self.process)
        return self.of(kind)

    def of(self, kind: type[Heard]) -> list[Heard]:
        """What was said of one kind so far."""
        return [message for message in self.heard if isinstance(message, kind)]

    async def wait_for_boards(self, number: int) -> None:
        """Wait until it knows so many boards."""
        await until(lambda: len(self.rows("SELECT board FROM boards")) >= number, self.process)

    async def heard_the_board(self) -> None:
        """Wait until it knows the board as it was last published."""
        at = max(message.at for message in self.heard if isinstance(message, BoardPublished))
        await until(lambda: self.rows("SELECT max(at) FROM boards") == [(at,)], self.process)

    async def settled(self) -> None:
        """Wait until no mail is unread and nothing waits to be said: what has not been heard then was not said."""
        await until(lambda: self.rows("SELECT 1 FROM raw_messages WHERE read_at IS NULL UNION ALL SELECT 1 FROM outbox") == [])
        await self.escalator.publish(published(at=(at := now())))
        await until(lambda: any(isinstance(m, BoardPublished) and m.at == at for m in self.heard))

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The answer of intake's own database."""
        with psycopg.connect(self._database) as connection:
            return connection.execute(query).fetchall()

    def hurry(self, *, killed: bool = False) -> bool:
        """Let mail that waits in a mailbox for its next try be tried now; with `killed` also whatever a copy that was killed had
        claimed for a minute."""
        with psycopg.connect(self._database) as connection:
            soon = "60 seconds" if killed else "55 seconds"
            connection.execute("UPDATE mailbox_mails SET next_at = now() WHERE next_at <= now() + %s::interval", [soon])
            if killed:
                connection.execute("UPDATE outbox SET claimed_until = NULL")
        return True

    def copy(self, **environment: str) -> "Intake":
        """Another copy of the service, not started, on the same database and broker."""
        return replace(self, environment=self.environment | environment, process=None)

    async def take(self, message: Message) -> None:
        """Hear a message, as records does."""
        self.heard.append(message)

    def _send(self, raw: bytes, to: str, sender: str) -> str:
        with smtplib.SMTP("127.0.0.1", int(self.environment["CONCORD_SMTP_PORT"]), timeout=30) as server:
            server.ehlo()
            _accepted(*server.mail(sender))
            _accepted(*server.rcpt(to))
            return _accepted(*server.data(raw))

    def _takes_mail(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", int(self.environment["CONCORD_SMTP_PORT"])), timeout=1):
                return True
        except OSError:
            return False


def environment(database_url: str, amqp_url: str, seal_key: str, store: Path) -> dict[str, str]:
    """What a deployment tells intake."""
    return os.environ | {
        "CONCORD_DATABASE_URL": database_url,
        "CONCORD_AMQP_URL": amqp_url,
        "CONCORD_HTTP_PORT": str(free_port()),
        "CONCORD_SMTP_PORT": str(free_port()),
        "CONCORD_MAIL_DOMAIN": MAIL_DOMAIN,
        "CONCORD_TOKEN_KEY": TOKEN_KEY,
        "CONCORD_SEAL_KEYS": seal_key,
        "CONCORD_STORE_DIR": str(store),
        "CONCORD_PUBLIC_URL": "http://intake.demo.example",
        "CONCORD_MAX_BYTES": "200000",
        "CONCORD_CHASE_AFTER": "[3600, 7200, 10800]",
        "CONCORD_MOST_FROM_ONE_ADDRESS": "1000",
    }


@asynccontextmanager
async def made(folder: Path, broker: Broker, databases: Databases) -> AsyncIterator[Intake]:
    """Intake on a database and a virtual host of its own, not started yet; everybody else is there."""
    vhost = broker.vhost()
    name, database_url = databases.make("intake")
    buses = {service: Bus(broker.url(service, vhost), service) for service in ("escalator", "notifier", "records")}
    for bus in buses.values():
        await bus.connect()
    seal_key = Fernet.generate_key().decode()
    sealer = Sealer([seal_key])
    settings = environment(database_url, broker.url("intake", vhost), seal_key, folder)
    intake = Intake(settings, Store(folder, sealer), sealer, buses["escalator"], buses["records"], buses["notifier"])
    await buses["records"].listen(dict.fromkeys(heard_by("records"), intake.take))
    try:
        yield intake
    finally:
        await asyncio.to_thread(intake.stop)
        for bus in buses.values():
            await bus.close()
        databases.part.drop_database(name)


async def until(true: Callable[[], bool], process: subprocess.Popen[bytes] | None = None, seconds: float = 60) -> None:
    """Wait until something is so; at once an error when the process has ended."""
    async with asyncio.timeout(seconds):
        while not true():
            assert process is None or process.poll() is None, "intake has ended"
            await asyncio.sleep(0.05)


def _accepted(code: int, answer: bytes) -> str:
    if code >= 400:
        raise smtplib.SMTPResponseException(code, answer)
    return answer.decode()


@cache
def _http() -> httpx.Client:
    """One for all: each new one reads every certificate authority there is, which takes longer than what it asks."""
    return httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
