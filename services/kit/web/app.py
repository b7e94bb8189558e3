"""The application every service serves: health, security headers, shared files and plain error pages."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles

from services.kit.web.errors import add_error_pages
from services.kit.web.headers import SecurityHeaders

Check = Callable[[], Awaitable[None]]
"""Returns when a part of the service works, raises when it does not."""

_STATIC = Path(__file__).parent / "static"
_CHECK_SECONDS = 3.0
_log = logging.getLogger(__name__)


def create_app(service: str, checks: Mapping[str, Check]) -> FastAPI:
    """An application with `/health`, `/static` and error pages, and nothing that needs another host (CSP: self only).

    `/health` answers 200 when every check returns within three seconds, else 503; it names the kind of error and never its
    text, which could carry an address.
    """
    app = FastAPI(title=f"Concord {service}", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(SecurityHeaders)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    add_error_pages(app)

    @app.get("/health", include_in_schema=False)
    async def health() -> JSONResponse:
        found = dict(zip(checks, await asyncio.gather(*(_outcome(name, check) for name, check in checks.items())), strict=True))
        ok = all(outcome == "ok" for outcome in found.values())
        return JSONResponse({"service": service, "ok": ok, "checks": found}, status_code=200 if ok else 503)

    return app


async def _outcome(name: str, check: Check) -> str:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            await check()
    except Exception as error:  # whatever a check raises is its answer
        _log.warning("health check %s failed: %s: %s", name, type(error).__name__, error)
        return type(error).__name__
    return "ok"
