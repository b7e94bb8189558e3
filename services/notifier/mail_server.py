"""The mail server that mail is handed to: one connection and one recipient per mail, and an exact account of how it ended."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

from services.kit.errors import SignInRefused, Unavailable
from services.kit.logs import redact
from services.kit.oauth import AppTokens
from services.notifier.domain import End
from services.notifier.mail import Mail

ANSWER_SECONDS = 30.0
TAKING_SECONDS = 600.0
"""How long a server may take over a mail it was given (RFC 5321, 4.5.3.2.6): giving up earlier makes copies."""

_ADDRESS = re.compile(r"[^\s<>\"',;:]+@[^\s<>\"',;:]+")
_AWAY = (aiosmtplib.SMTPException, OSError, TimeoutError)
_NOT_LET_IN = (*_AWAY, Unavailable)


@dataclass(frozen=True)
class Account:
    """How an attempt ended, and a phrase that says why."""

    end: End
    detail: str = ""


class MailServer:
    """Where mail is handed over. `tls` is how the connection is protected; `hostname` is how we name ourselves. With `tokens` we sign
    in by XOAUTH2, else with the password, else not at all."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        tls: Literal["none", "starttls", "tls"] = "none",
        username: str = "",
        password: str = "",
        tokens: AppTokens | None = None,
        hostname: str,
        answer_seconds: float = ANSWER_SECONDS,
        taking_seconds: float = TAKING_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._username = username
        self._password = password
        self._tokens = tokens
        self._hostname = hostname
        self._answer_seconds = answer_seconds
        self._taking_seconds = taking_seconds

    async def send(self, mail: Mail, before_data: Callable[[], Awaitable[None]]) -> Account:
        """Hand over one mail. `before_data` runs when the server is ready for it; what it raises stops the mail from being sent."""
        client = self._client()
        try:
            await self._connect(client)
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()
        except _NOT_LET_IN as error:  # whatever it says now is about us, not about this mail
            client.close()
            return Account(End.LATER, f"the mail server could not be used: {_said(error)}")
        try:
            try:
                await client.mail(mail.sender)
                await client.rcpt(mail.recipient)
            except _AWAY as error:
                return _not_taken(error)
            await before_data()
            try:
                await client.data(mail.content, timeout=self._taking_seconds)
            except aiosmtplib.SMTPResponseException as error:
                return _not_taken(error)
            except _AWAY as error:
                return Account(End.UNANSWERED, f"the mail server did not say whether it took the mail: {_said(error)}")
            return Account(End.TAKEN)
        finally:
            await _leave(client)

    async def check(self) -> None:
        """Raise Unavailable when the mail server does not answer, SignInRefused when it does not let us in."""
        client = self._client()
        try:
            await self._connect(client)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise SignInRefused(f"the mail server does not let us in: {_said(error)}") from error
        except _AWAY as error:
            raise Unavailable(f"the mail server could not be used: {_said(error)}") from error
        finally:
            await _leave(client)

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError:
            if self._tokens is not None:  # refused before its time: the next is a new one
                self._tokens.forget()
            raise

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            local_hostname=self._hostname,
            username=self._username or None,
            password=self._password or None,
            oauth_token_generator=self._tokens.token if self._tokens is not None else None,
            use_tls=self._tls == "tls",
            start_tls=self._tls == "starttls",
            timeout=self._answer_seconds,
        )


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Part politely where the server still listens; how the mail ended is decided already."""
    with suppress(*_AWAY):
        if client.is_connected:
            await client.quit(timeout=2)
    client.close()


def _not_taken(error: Exception) -> Account:
    """The server said no, or went away, while it had nothing of the mail yet or had answered for it."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code < 600:
        return Account(End.REFUSED, f"the mail server refused it: {_said(error)}")
    return Account(End.LATER, f"the mail server did not take it: {_said(error)}")


def _said(error: Exception) -> str:
    """The server's words as one short line, with mail addresses redacted: they go into messages and logs. Our own say it all."""
    if isinstance(error, Unavailable):
        return str(error)
    if not isinstance(error, aiosmtplib.SMTPResponseException):
        return type(error).__name__
    words = _ADDRESS.sub(lambda address: redact(address.group()), " ".join(str(error.message).split()))
    return f"{error.code} {words}"[:200]
