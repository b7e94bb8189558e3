"""The SMTP or LMTP listener: takes mail for our own domain, from the mail server in front of us or from this machine."""

import asyncio
import logging
from functools import partial
from typing import Literal

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.intake.reception import Reception
from services.kit.errors import Unavailable
from services.kit.logs import redact

log = logging.getLogger(__name__)

IDLE_SECONDS = 300
STORE_SECONDS = 60
MOST_RECIPIENTS = 100


LONGEST_LINE = 1024 * 1024
"""Longer lines than SMTP's thousand bytes occur, and are kept as they are."""

Protocol = Literal["smtp", "lmtp"]
"""What the mail server in front speaks. LMTP answers for each recipient; SMTP once for all of them."""


class _Smtp(SMTP):
    line_length_limit = LONGEST_LINE


class _Lmtp(LMTP):
    line_length_limit = LONGEST_LINE


class Listener:
    """Listens at `host` and `port` for mail to `domain`; mail larger than `max_bytes` is refused."""

    def __init__(
        self, reception: Reception, host: str, port: int, domain: str, max_bytes: int, *, protocol: Protocol = "smtp"
    ) -> None:
        self._protocol = protocol
        self._reception = reception
        self._host = host
        self._port = port
        self._domain = domain.lower()
        self._max_bytes = max_bytes
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
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        self._server = await loop.create_server(make, self._host, self._port)

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
        """Answer 250 once the mail is on disk and committed, 451 when it is not; for each recipient where LMTP asks for that."""
        answer = await self._keep(envelope)
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self._protocol == "lmtp" else answer

    async def _keep(self, envelope: Envelope) -> str:
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
