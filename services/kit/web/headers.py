"""The headers every answer carries: nothing from elsewhere, never in a frame, never in a cache."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_STATIC_CACHE = "public, max-age=300"


class SecurityHeaders:
    """Adds the headers to every HTTP answer. Files under `/static` may be cached for five minutes; nothing else may be.

    A plain ASGI wrapper, so that a visitor who goes away in the middle does not leave a task and its database connection behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                if scope["path"].startswith("/static/") and message["status"] in (200, 206, 304):
                    headers["Cache-Control"] = _STATIC_CACHE
            await send(message)

        await self._app(scope, receive, with_headers)
