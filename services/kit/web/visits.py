"""Who a request comes from, before anybody knows their name: a signed cookie, and the proof that a form came from a page of ours.

Plain mechanism: what a token stands for is for the service to keep, under `fingerprint`, never in clear.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta

from fastapi import Request
from fastapi.responses import Response


class Visits:
    """One kind of cookie. `key` signs it, and what `signed` makes; `secure` where the pages are reached by https."""

    def __init__(self, key: bytes, cookie: str, *, secure: bool) -> None:
        self._key = key
        self._cookie = cookie
        self._secure = secure

    def new(self) -> str:
        """The token of a visit that nobody can guess."""
        return secrets.token_urlsafe(32)

    def token(self, request: Request) -> str | None:
        """The token this browser carries; None where it carries none that we signed."""
        token, _, signature = request.cookies.get(self._cookie, "").rpartition(".")
        right = hmac.compare_digest(signature.encode(), self.signed("cookie", token).encode())
        return token if token and right else None

    def remember(self, response: Response, token: str, age: timedelta) -> None:
        """Set the cookie so that no script reads it and no other site's form sends it."""
        value = f"{token}.{self.signed('cookie', token)}"
        seconds = int(age.total_seconds())
        response.set_cookie(self._cookie, value, max_age=seconds, httponly=True, samesite="lax", secure=self._secure, path="/")

    def forget(self, response: Response) -> None:
        """Remove the cookie."""
        response.delete_cookie(self._cookie, httponly=True, samesite="lax", secure=self._secure, path="/")

    def csrf(self, token: str) -> str:
        """What a form must carry to prove that it came from a page this cookie's owner was shown."""
        return self.signed("form", token)

    def proves(self, token: str, csrf: str) -> bool:
        """Whether a form carries that proof, in a time that tells nothing."""
        return hmac.compare_digest(csrf.encode(errors="replace"), self.csrf(token).encode())

    def signed(self, purpose: str, text: str) -> str:
        """A keyed hash of `text`, of no use for any other purpose."""
        return hmac.new(self._key, f"{purpose} {text}".encode(), hashlib.sha256).hexdigest()


def fingerprint(token: str) -> str:
    """What is kept of a token: whoever reads the database cannot be anybody with it."""
    return hashlib.sha256(token.encode()).hexdigest()
