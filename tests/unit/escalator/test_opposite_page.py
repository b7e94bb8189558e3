"""Opposite numbers on a page: titles and how sure they are, never people, and a person confirms (BED-24, A-18 to A-20)."""

import httpx
import pytest

from tests.unit.escalator.test_pages import app, client, read

__all__ = ["app", "client"]

PAGE = "/protocols/bedfordshire/opposite-numbers"


async def test_the_page_prints_the_table_and_asks(client: httpx.AsyncClient) -> None:
    page = await read(client, PAGE)
    assert "Head teacher" in page
    assert "Blank" in page
    assert "There is a problem" not in page


@pytest.mark.parametrize(
    ("role", "other", "said"),
    [
        ("Team Manager", "bbc_social_care", "beside"),
        ("Head of Service", "bbc_adult", "Head of Service"),
        ("Team Manager", "bedford_hospital", "separate tables"),
        ("Team Manager", "housing", "No equivalent on file"),
    ],
)
async def test_what_is_found_says_how_sure_it_is_and_waits_for_a_person(
    client: httpx.AsyncClient, role: str, other: str, said: str
) -> None:
    answer = await client.get(PAGE, params={"agency": "cbc_social_care", "role": role, "other": other})
    assert said in answer.text
    assert "To be confirmed by a person" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"agency": "cbc_social_care"}, "Enter your role"),
        ({"agency": "cbc_social_care", "role": "Wizard", "other": "housing"}, "We do not know"),
        ({"agency": "cbc_social_care", "role": "Team Manager", "other": "cbc_social_care"}, "other than your own"),
        ({"agency": "narnia", "role": "Team Manager", "other": "housing"}, "We do not know"),
    ],
)
async def test_a_mistake_is_told_at_the_top(client: httpx.AsyncClient, typed: dict[str, str], said: str) -> None:
    answer = await client.get(PAGE, params=typed)
    assert "There is a problem" in answer.text
    assert said in answer.text


async def test_a_board_without_a_table_has_no_such_page(client: httpx.AsyncClient) -> None:
    assert (await client.get("/protocols/barnsley/opposite-numbers")).status_code == 404
