"""What a page's form sent, read with a limit."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import Request

from services.kit.web import create_app, posted


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = create_app("records", {})

    @app.post("/form")
    async def form(request: Request) -> dict[str, str]:
        return await posted(request, most_bytes=1000)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://concord.test") as http:
        yield http


async def test_fields_are_read_with_what_was_left_empty(client: httpx.AsyncClient) -> None:
    answer = await client.post("/form", data={"name": "Zoë & co", "empty": ""})
    assert answer.json() == {"name": "Zoë & co", "empty": ""}


async def test_the_last_of_a_name_counts(client: httpx.AsyncClient) -> None:
    assert (await client.post("/form", content=b"a=1&a=2")).json() == {"a": "2"}


async def test_more_than_anybody_types_is_refused_before_it_is_all_here(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"a" * 100

    assert (await client.post("/form", content=endless())).status_code == 413
    assert sent < 1000


async def test_more_fields_than_any_form_has_are_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/form", content=b"&".join(b"a=1" for _ in range(101)))).status_code == 400


async def test_bytes_that_are_no_text_break_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.post("/form", content=b"a=\xff\xfe%ff")).status_code == 200
