"""The pages on which anybody may read a board's protocol: what they say, and that every address on them leads somewhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI

from services.escalator.boards import Board
from services.escalator.loader import load_boards, packaged_protocols
from services.escalator.pages import make_pages
from services.escalator.pictures import draw, pictures
from services.kit.web import create_app

ROOT = Path(__file__).parents[3]
BOARDS = {
    key: Board(
        key=key,
        name=protocol.name,
        reference_prefix="EX",
        inbox=f"{key}@board.example",
        staff=(),
        known_domains=("demo.example",),
        protocol=protocol,
    )
    for key, protocol in packaged_protocols().items()
} | load_boards(ROOT / "deploy/local/boards")


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = create_app("escalator", {})
    app.include_router(make_pages(BOARDS))
    return app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://concord.test") as http:
        yield http


async def read(client: httpx.AsyncClient, address: str) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


async def test_the_way_in_is_the_list_of_boards(client: httpx.AsyncClient) -> None:
    assert (await client.get("/")).headers["location"] == "/protocols"
    page = await read(client, "/protocols")
    assert [key for key in BOARDS if f'href="/protocols/{key}"' not in page] == []


@pytest.mark.parametrize("key", BOARDS)
async def test_a_boards_page_has_every_ladder_area_rule_and_choice_with_its_paragraph(
    client: httpx.AsyncClient, key: str
) -> None:
    board, protocol = BOARDS[key], BOARDS[key].protocol
    page = unescaped(await read(client, f"/protocols/{key}"))
    said = [
        protocol.danger.text,
        *(protocol.areas[area] for ladder in protocol.ladders for area in ladder.areas),
        *(place for redirect in protocol.redirects for place in redirect.instead),
        *(words for choice in protocol.choices for words in (choice.question, choice.reason)),
        *(words for rule in protocol.guidance for words in (rule.text, f"Source: {rule.source}")),
        *([protocol.closing.learning.to] if protocol.closing.learning else []),
    ]
    assert [words for words in said if words not in page] == []
    assert board.demonstration in page
    links = set(re.findall(rf'href="/protocols/{key}/([^"]+)"', page))
    assert links - {"opposite-numbers"} == {ladder.id for ladder in protocol.ladders}


EVERY = [(key, ladder.id) for key, board in BOARDS.items() for ladder in board.protocol.ladders]


@pytest.mark.parametrize(("key", "ladder"), EVERY, ids=[f"{key}-{ladder}" for key, ladder in EVERY])
async def test_every_ladder_has_its_picture_its_table_and_its_timeline(
    client: httpx.AsyncClient, key: str, ladder: str
) -> None:
    steps = BOARDS[key].protocol.ladder(ladder).steps
    page = unescaped(await read(client, f"/protocols/{key}/{ladder}"))
    assert [step.number for step in steps if step.action not in page] == []
    assert page.count('scope="row"') == len(steps)
    assert "Drawn by Concord from the protocol" in page
    svg = await client.get(f"/protocols/{key}/{ladder}.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(svg.text).tag.endswith("svg")  # noqa: S314 - our own markup
    tried = await read(client, f"/protocols/{key}/{ladder}/what-if")
    assert tried.count('<li class="concord-timeline__item">') == len(steps) + 1


def unescaped(page: str) -> str:
    return page.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')


async def test_no_two_things_on_a_page_have_one_name(client: httpx.AsyncClient) -> None:
    for address in ("/protocols/bedfordshire", "/protocols/bedfordshire/BED-S6", "/protocols/bedfordshire/BED-S6/what-if"):
        page = await read(client, address)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert [target for target in re.findall(r'href="#([^"]+)"', page) if target not in ids] == []
        assert [name for name in re.findall(r'<label[^>]* for="([^"]+)"', page) if name not in ids] == []


async def test_what_was_not_understood_is_a_summary_that_leads_to_its_field(client: httpx.AsyncClient) -> None:
    page = await read(client, "/protocols/bedfordshire/BED-S6/what-if?raised-day=40&raised-time=4pm&A-02=x")
    assert "<title>Error: " in page
    assert "There is a problem" in page
    assert 'href="#raised-day"' in page
    assert 'href="#A-02"' in page
    assert "concord-timeline" not in page


async def test_both_readings_stand_side_by_side(client: httpx.AsyncClient) -> None:
    page = await read(client, "/protocols/bedfordshire/BED-S6/what-if?christmas_friday=yes")
    assert "Cumulative (shown above)" in page
    assert "4am on Wednesday" in page


async def test_what_was_typed_is_shown_as_text(client: httpx.AsyncClient) -> None:
    page = await read(client, "/protocols/bedfordshire/BED-S6/what-if?raised-day=%22%3E%3Cscript%3E")
    assert "<script>" not in page


@pytest.mark.parametrize(
    "address", ["/protocols/atlantis", "/protocols/bedfordshire/BED-S99", "/protocols/bedfordshire/BED-S99.svg",
                "/protocols/bedfordshire/BED-S99/what-if", "/protocols/atlantis/BED-S6/what-if"],
)  # fmt: skip
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).status_code == 404


async def test_the_pages_only_read(client: httpx.AsyncClient) -> None:
    assert (await client.post("/protocols/bedfordshire/BED-S6/what-if")).status_code == 405


def test_the_pictures_in_the_docs_are_those_of_the_protocols() -> None:
    """A-17, BAR-07: `make pictures` draws them."""
    folder = ROOT / "docs/pictures/protocols"
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == pictures()


def test_drawing_removes_the_picture_of_a_ladder_that_is_no_longer_there(tmp_path: Path) -> None:
    (tmp_path / "OLD-S1.svg").write_text("<svg/>")
    draw(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(pictures())
