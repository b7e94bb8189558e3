"""The application every service serves."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import HTTPException

from services.kit.errors import Unavailable
from services.kit.web import create_app


async def works() -> None:
    """A check that passes."""


async def fails() -> None:
    raise Unavailable("postgresql://concord:secret@db is away")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("records", {"database": works})

    @app.get("/away")
    async def away() -> None:
        await fails()

    @app.get("/broken")
    async def broken() -> None:
        raise KeyError("Jamie Example")

    @app.get("/number/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/forbidden")
    async def forbidden() -> None:
        raise HTTPException(403)

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://concord.test") as http:
        yield http


async def test_health_is_ok_when_every_check_passes(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"service": "records", "ok": True, "checks": {"database": "ok"}}


async def test_health_names_what_is_away_and_tells_no_secrets() -> None:
    app = create_app("records", {"database": fails, "broker": works})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://concord.test") as http:
        answer = await http.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"service": "records", "ok": False, "checks": {"database": "Unavailable", "broker": "ok"}}


@pytest.mark.parametrize("path", ["/health", "/nowhere", "/away", "/broken", "/number/x", "/forbidden", "/static/concord.js"])
async def test_every_answer_carries_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers.get_list("content-security-policy")) == 1


async def test_pages_are_never_kept_by_a_browser_and_shared_files_are(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).headers["cache-control"] == "no-store"
    assert (await client.get("/static/nothing.js")).headers["cache-control"] == "no-store"
    assert "max-age" in (await client.get("/static/concord.js")).headers["cache-control"]


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "Page not found"),
        ("/away", 503, "Sorry, the service is not available"),
        ("/broken", 500, "Sorry, there is a problem with the service"),
        ("/number/x", 422, "There is a problem with what was sent"),
        ("/forbidden", 403, "You cannot see this page"),
    ],
)
async def test_errors_are_pages_in_our_layout(client: httpx.AsyncClient, path: str, status: int, heading: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in answer.text
    assert '<html lang="en"' in answer.text
    assert "Skip to main content" in answer.text
    assert "Jamie Example" not in answer.text


async def test_a_program_gets_errors_as_json(client: httpx.AsyncClient) -> None:
    answer = await client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["error"] == "Page not found"


async def test_the_layout_needs_nothing_from_elsewhere_and_no_inline_code(client: httpx.AsyncClient) -> None:
    page = (await client.get("/nowhere")).text
    assert "http://" not in page
    assert "https://" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


async def test_service_unavailable_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    assert (await client.get("/away")).headers["retry-after"] == "30"
