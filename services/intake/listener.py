"""The SMTP or LMTP listener: takes mail for our own domain, from the mail server in front of us or from this machine."""

import asyncio
import logging
import ssl
from functools import partial
from typing import Literal, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.intake.reception import Reception
from services.kit.errors import Unavailable
from services.kit.logs import redact

log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's: below that it repeats what clients say

IDLE_SECONDS = 300
LONGEST_SECONDS = 1800.0
"""After this a connection ends whatever it is doing, so that none is kept open byte by byte."""
STORE_SECONDS = 60
MOST_RECIPIENTS = 100
MOST_CONNECTIONS = 50
"""Each may hold a whole mail in memory. More are asked to come back, which every mail server does."""
LONGEST_LINE = 1024 * 1024
"""Longer lines than SMTP's thousand bytes occur, and are kept as they are."""

Protocol = Literal["smtp", "lmtp"]
"""What the mail server in front speaks. LMTP answers for each recipient; SMTP once for all of them."""


class _Smtp(SMTP):
    line_length_limit = LONGEST_LINE

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        cast(Listener, self.event_handler).left(self)


class _Lmtp(_Smtp, LMTP):
    """Whatever becomes of a mail is answered once for each of its recipients (RFC 2033, 4.2), a mail that is too large as well."""

    _answers = 1

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the name aiosmtpd calls
        recipients = self.envelope.rcpt_tos if self.envelope and not arg else ()
        self._answers = max(len(recipients), 1)
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    async def push(self, status: str | bytes) -> None:
        text = status.decode() if isinstance(status, bytes) else status
        await super().push(text if text.startswith("354") else "\r\n".join([text] * self._answers))


class _Busy(asyncio.Protocol):
    """Says that there is no room just now."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        going = cast(asyncio.Transport, transport)
        going.write(b"421 4.3.2 Too many connections. Try again later\r\n")
        going.close()


def _cut(session: SMTP) -> None:
    """End a connection that has lasted too long. A mail that was being handed over is handed over again."""
    if session.transport is not None:
        cast(asyncio.Transport, session.transport).abort()


class Listener:
    """Listens at `host` and `port` for mail to `domain`; mail larger than `max_bytes` is refused.

    With `tls` STARTTLS is offered, and by SMTP mail is taken no other way.
    """

    def __init__(
        self,
        reception: Reception,
        host: str,
        port: int,
        domain: str,
        max_bytes: int,
        *,
        protocol: Protocol = "smtp",
        tls: ssl.SSLContext | None = None,
        most_connections: int = MOST_CONNECTIONS,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._protocol = protocol
        self._reception = reception
        self._host = host
        self._port = port
        self._domain = domain.lower()
        self._max_bytes = max_bytes
        self._tls = tls
        self._most_connections = most_connections
        self._longest_seconds = longest_seconds
        self._sessions: dict[SMTP, asyncio.TimerHandle] = {}
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port it listens on, also where it was told 0."""
        assert self._server is not None, "start first"  # noqa: S101 - a mistake in a composition root, not an input
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Begin to listen. Raises OSError when it cannot."""
        loop = asyncio.get_running_loop()
        make = partial(
            _Lmtp if self._protocol == "lmtp" else _Smtp,
            self,
            data_size_limit=self._max_bytes,
            enable_SMTPUTF8=True,
            hostname=self._domain,
            ident="Concord",
            tls_context=self._tls,
            require_starttls=self._tls is not None and self._protocol == "smtp",
            timeout=IDLE_SECONDS,
            loop=loop,
        )

        def session() -> asyncio.Protocol:
            if len(self._sessions) >= self._most_connections:
                log.warning("%d connections of mail servers are open: the next is sent away", len(self._sessions))
                return _Busy()
            made = make()
            self._sessions[made] = loop.call_later(self._longest_seconds, _cut, made)
            return made

        self._server = await loop.create_server(session, self._host, self._port)

    async def run(self) -> None:
        """Listen until cancelled."""
        if self._server is None:
            await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            self.stop()

    def stop(self) -> None:
        """Take no new connections."""
        if self._server is not None:
            self._server.close()

    def left(self, session: SMTP) -> None:
        """A connection has ended."""
        if (end := self._sessions.pop(session, None)) is not None:
            end.cancel()

    async def check(self) -> None:
        """Raise RuntimeError when it does not listen."""
        if self._server is None or not self._server.is_serving():
            raise RuntimeError("not listening for mail")

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a recipient of our own domain; there is no other."""
        if address.rpartition("@")[2].lower() != self._domain:
            return "550 5.7.1 We take mail for our own domain only"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Answer 250 once the mail is on disk and committed, 451 when it is not."""
        raw = envelope.original_content or b""
        mail_from = (envelope.mail_from or "").replace("<>", "")  # aiosmtpd hands the null return path over as written
        try:
            async with asyncio.timeout(STORE_SECONDS):
                document = await self._reception.keep(raw, mail_from, envelope.rcpt_tos)
        except (Unavailable, OSError) as error:
            log.warning("cannot keep mail from %s: %s", redact(mail_from), type(error).__name__)
            return "451 4.3.0 We cannot keep mail just now. Try again later"
        except Exception:
            log.exception("cannot keep mail from %s", redact(mail_from))
            return "451 4.3.0 We cannot keep mail just now. Try again later"
        return f"250 2.0.0 Kept as {document[:12]}"
