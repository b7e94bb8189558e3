"""The catcher's pages, for people, and its API, for the demonstration and the tests."""

from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

from deploy.local.catcher import reading
from deploy.local.catcher.mails import Mail, Mails
from deploy.local.catcher.reading import Reading, Summary

_templates = Jinja2Templates(Path(__file__).parent / "templates")

# A mail's own HTML may carry styles and data images; it runs nothing, fetches nothing, and opens its links in another tab.
_SANDBOX = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_OWN = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'"


def make_app(mails: Mails) -> FastAPI:
    """The application that shows `mails`."""
    app = FastAPI(title="Concord mail catcher", docs_url=None, redoc_url=None, openapi_url=None)

    async def find(number: int) -> Mail:
        mail = mails.get(number)
        if mail is None:
            raise HTTPException(404, f"There is no mail {number}.")
        return mail

    Found = Annotated[Mail, Depends(find)]  # noqa: N806 - a type

    @app.get("/")
    async def list_page(request: Request) -> HTMLResponse:
        caught = [reading.summary(mail) for mail in reversed(mails.after(0))]
        return _templates.TemplateResponse(request, "list.html", {"mails": caught}, headers={"Content-Security-Policy": _OWN})

    @app.get("/list.js")
    async def script() -> Response:
        return Response((Path(__file__).parent / "templates" / "list.js").read_bytes(), media_type="text/javascript")

    @app.get("/mails/{number}")
    async def mail_page(request: Request, mail: Found) -> HTMLResponse:
        facts = {"mail": reading.reading(mail)}
        return _templates.TemplateResponse(request, "mail.html", facts, headers={"Content-Security-Policy": _OWN})

    @app.get("/mails/{number}/html")
    async def mail_html(mail: Found) -> HTMLResponse:
        html = reading.reading(mail).html
        linked = html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(linked, headers={"Content-Security-Policy": _SANDBOX})

    @app.get("/mails/{number}/raw")
    async def mail_raw(mail: Found) -> Response:
        return Response(mail.raw, media_type="message/rfc822", headers={"X-Content-Type-Options": "nosniff"})

    @app.get("/mails/{number}/attachments/{attachment}")
    async def mail_attachment(mail: Found, attachment: int) -> Response:
        parts = reading.attached(mail)
        if not 1 <= attachment <= len(parts):
            raise HTTPException(404, f"Mail {mail.number} has no attachment {attachment}.")
        part = parts[attachment - 1]
        headers = {"Content-Security-Policy": _SANDBOX, "X-Content-Type-Options": "nosniff"}
        return Response(reading.content(part), media_type=part.get_content_type(), headers=headers)

    @app.get("/api/mails")
    async def mails_after(after: int = 0, to: str | None = None) -> list[Summary]:
        """Mails with a greater number than `after`, oldest first; with `to`, only those for that address."""
        return [reading.summary(mail) for mail in mails.after(after, to)]

    @app.get("/api/mails/{number}")
    async def one_mail(mail: Found) -> Reading:
        """One mail, read. Its bytes as they came are at its `raw` address."""
        return reading.reading(mail)

    @app.get("/health")
    async def health() -> dict[str, str | bool]:
        return {"service": "catcher", "ok": True}

    return app
