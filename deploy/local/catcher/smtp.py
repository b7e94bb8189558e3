"""The catcher's SMTP side."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.catcher.mails import Mails


class _Handler:
    def __init__(self, mails: Mails) -> None:
        self._mails = mails

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's names
        number = self._mails.add(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.original_content or b"")
        return f"250 2.0.0 Caught as {number}"


async def listen(mails: Mails, host: str, port: int) -> asyncio.Server:
    """Take mail for anybody, from anybody who can reach this port."""
    loop = asyncio.get_running_loop()
    handler = _Handler(mails)
    return await loop.create_server(
        lambda: SMTP(handler, hostname="catcher.localhost", ident="Concord mail catcher", enable_SMTPUTF8=True, loop=loop),
        host,
        port,
    )
