"""What a person sees when a page cannot be shown: the same layout, what happened, and what to do now."""

import logging
from typing import Final, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from services.kit.errors import Unavailable
from services.kit.web.headers import SECURITY_HEADERS
from services.kit.web.pages import templates

_LATER: Final = "Nothing that was accepted before is lost. Try again in a few minutes."
_PAGES: Final = {
    400: ("There is a problem with what was sent", "Go back, reload the page and try again."),
    403: ("You cannot see this page", "Sign in with the work address your board knows, or ask your board's staff."),
    404: ("Page not found", "Check the web address. If you followed a link, the page may have moved."),
    405: ("Page not found", "Check the web address. If you followed a link, the page may have moved."),
    413: ("What you sent is too large", "Send it in smaller parts, or leave out attachments."),
    422: ("There is a problem with what was sent", "Go back, reload the page and try again."),
    429: ("There have been too many tries", "Wait a few minutes, then try again."),
    500: ("Sorry, there is a problem with the service", _LATER),
    503: ("Sorry, the service is not available", _LATER),
}
_log = logging.getLogger(__name__)
_pages = templates()


def error_page(request: Request, status: int) -> Response:
    """The page for `status`; JSON for a program, which asked for it or called `/api/`."""
    heading, advice = _PAGES.get(status, _PAGES[500 if status >= 500 else 400])
    if request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": heading, "advice": advice}, status_code=status)
    return _pages.TemplateResponse(request, "error.html", {"heading": heading, "advice": advice}, status_code=status)


def add_error_pages(app: FastAPI) -> None:
    """Answer every error with a page of ours. What a visitor typed is never repeated in it."""

    async def refused(request: Request, error: Exception) -> Response:
        refusal = cast("HTTPException", error)
        page = error_page(request, refusal.status_code)
        page.headers.update(refusal.headers or {})
        return page

    async def unprocessable(request: Request, _error: Exception) -> Response:
        return error_page(request, 422)

    async def away(request: Request, error: Exception) -> Response:
        _log.warning("answered 503: %s", type(error).__name__)
        page = error_page(request, 503)
        page.headers["Retry-After"] = "30"
        return page

    async def failed(request: Request, _error: Exception) -> Response:
        page = error_page(request, 500)
        page.headers.update(SECURITY_HEADERS)  # this answer is given outside the middleware
        return page

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, unprocessable)
    app.add_exception_handler(Unavailable, away)
    app.add_exception_handler(Exception, failed)
