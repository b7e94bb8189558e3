"""A real SMTP server that keeps what it is sent, and can be told to misbehave as mail servers do."""

import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Delivered:
    """One mail as it was handed over."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.raw, policy=policy.default)


class SmtpSink:
    """Collects mail in `delivered`, in order of arrival.

    `replies` are answers to give after DATA instead of taking the mail, first one first (`"451 4.7.1 Try again later"`,
    `"550 5.1.1 No such user"`); `recipient_replies` are the same at RCPT. `dropping` mails are taken, and the connection cut
    without an answer. While `silent`, mails are taken and never answered. `stop` and `start` make the server go away and come back.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.delivered: list[Delivered] = []
        self.replies: list[str] = []
        self.recipient_replies: list[str] = []
        self.dropping = 0
        self.silent = False
        self.attempts = 0
        self.port = 0
        self._arrived = asyncio.Condition()
        self._sessions: set[SMTP] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; after a stop, on the same port."""
        self._server = await asyncio.get_running_loop().create_server(self._session, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening, and cut every connection."""
        if self._server is None:
            return
        self._server.close()
        for session in self._sessions:
            if isinstance(session.transport, asyncio.Transport):
                session.transport.abort()
        self._sessions.clear()
        await self._server.wait_closed()
        self._server = None

    async def wait_for(self, number: int, seconds: float = 20) -> list[Delivered]:
        """The mail delivered so far, once there are `number`. Raises TimeoutError, which says how many there were."""
        try:
            async with asyncio.timeout(seconds), self._arrived:
                await self._arrived.wait_for(lambda: len(self.delivered) >= number)
        except TimeoutError as error:
            raise TimeoutError(f"{len(self.delivered)} of {number} mails arrived in {seconds} seconds") from error
        return list(self.delivered)

    def _session(self) -> SMTP:
        session = SMTP(_Handler(self), hostname="sink.test", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self._sessions.add(session)
        return session

    async def take(self, session: SMTP, envelope: Envelope) -> str:
        """Keep one mail, or do as told; the answer to give."""
        self.attempts += 1
        if self.replies:
            return self.replies.pop(0)
        async with self._arrived:
            raw = envelope.original_content or b""
            self.delivered.append(Delivered(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
            self._arrived.notify_all()
        if self.dropping and isinstance(session.transport, asyncio.Transport):
            self.dropping -= 1
            session.transport.abort()
            await _end_of_connection()
        if self.silent:
            await _end_of_connection()
        return "250 OK"


async def _end_of_connection() -> None:
    """Wait until aiosmtpd cancels the session, which it does when the connection is gone."""
    await asyncio.Event().wait()


class _Handler:
    """aiosmtpd's hooks."""

    def __init__(self, sink: SmtpSink) -> None:
        self._sink = sink

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd's arguments
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        if self._sink.recipient_replies:
            return self._sink.recipient_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        return await self._sink.take(server, envelope)
