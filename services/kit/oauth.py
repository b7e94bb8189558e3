"""Tokens for Microsoft 365: a service signs in as itself (client credentials), for a mailbox an administrator has given it."""

import asyncio
import threading
from typing import Any

import msal
from requests import RequestException, Response, Session
from requests.adapters import HTTPAdapter

from services.kit.errors import SignInRefused, Unavailable

SECONDS = 20
EXCHANGE_SCOPE = "https://outlook.office365.com/.default"
"""What a token for IMAP and SMTP at Exchange Online is asked for; Graph has a scope of its own."""

_PASSING = {"temporarily_unavailable", "server_error"}


class _Asking(Session):
    """Asks and hangs up: the next question is an hour away."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["Connection"] = "close"
        for scheme in ("https://", "http://"):
            self.mount(scheme, HTTPAdapter(max_retries=1))

    def request(self, method: str, url: str, **more: Any) -> Response:  # type: ignore[override] # as msal calls it
        """As ever, and not for longer than `SECONDS`."""
        return super().request(method, url, timeout=SECONDS, **more)


class AppTokens:
    """Tokens of one registered application for one `scope`, asked for when needed and kept until shortly before they expire."""

    def __init__(self, authority: str, tenant: str, client_id: str, client_secret: str, scope: str) -> None:
        self._authority = f"{authority.rstrip('/')}/{tenant}"
        self._client_id = client_id
        self._client_secret = client_secret
        self._scope = scope
        self._application: msal.ConfidentialClientApplication | None = None
        self._one_at_a_time = threading.Lock()

    async def token(self) -> str:
        """A token that has not expired. Raises Unavailable when there is none to be had, SignInRefused when we are not known there."""
        return await asyncio.to_thread(self._token)

    def forget(self) -> None:
        """Use a new token next time: this one was refused before its time."""
        if self._application is not None:  # not behind our lock, which may be held for as long as an answer takes
            self._application.remove_tokens_for_client()

    def _token(self) -> str:
        try:
            with self._one_at_a_time:
                if self._application is None:
                    self._application = msal.ConfidentialClientApplication(
                        self._client_id,
                        client_credential=self._client_secret,
                        authority=self._authority,
                        instance_discovery=False,  # the authority is our operator's own setting: nobody else need vouch for it
                        http_client=_Asking(),
                    )
                answer = self._application.acquire_token_for_client([self._scope])
        except (RequestException, ValueError) as error:  # ValueError: an answer that is none, or no authority there
            raise Unavailable(f"the sign-in service did not answer: {type(error).__name__}") from error
        token = answer.get("access_token")
        if not token:
            why = answer.get("error", "no reason given")
            numbers = " ".join(f"AADSTS{number}" for number in answer.get("error_codes", ()))
            kind = Unavailable if why in _PASSING else SignInRefused
            raise kind(f"the sign-in service gave no token: {why} {numbers}".rstrip())
        return str(token)
