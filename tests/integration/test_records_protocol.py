"""A board's protocol on its pages, and on a case's page the steps it keeps."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest

from services.contracts.escalator import BoardPublished
from services.contracts.outline import ChoiceInForce, Redirect
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.records_world import browser, enter, migrated, take_in
from tests.unit.records.further import OUTLINE, Further
from tests.unit.records.story import BOARD, CASE, PUBLISHED

CHOICE = ChoiceInForce(
    id="A-02",
    question="Does the time count for each step, or for all of them together?",
    value="for each step",
    by_board=True,
    reason="The table states a time beside each step.",
)
REDIRECT = Redirect(
    area="complaint",
    name="A complaint about a professional",
    case_stages=("contact_referral",),
    instead=("The agency’s complaints procedure",),
    paragraph="1.2",
)
BOARD_NOW: BoardPublished = PUBLISHED.model_copy(
    update={
        "ladders": (OUTLINE,),
        "choices": (CHOICE,),
        "redirects": (REDIRECT,),
        "protocol": "Demonstration protocol",
        "protocol_version": "March 2027",
    }
)


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


@pytest.fixture
async def client(database: Database, store: Store, sealer: Sealer) -> AsyncIterator[httpx.AsyncClient]:
    await take_in(database, [BOARD_NOW])
    async with browser(database, store, sealer) as opened:
        await enter(opened, database, sealer)
        yield opened


async def test_the_protocol_says_what_leads_where_and_what_was_chosen_and_why(client: httpx.AsyncClient) -> None:
    assert (await client.get("/protocol")).headers["location"] == f"/protocol/{BOARD}"
    page = (await client.get(f"/protocol/{BOARD}")).text
    for words in (
        "Demonstration protocol, version March 2027",
        OUTLINE.name,
        CHOICE.reason,
        REDIRECT.instead[0],
        "the board’s choice",
    ):
        assert words in page


async def test_a_ladder_is_there_as_text_and_as_a_flowchart(client: httpx.AsyncClient) -> None:
    """A-17, BAR-07."""
    page = (await client.get(f"/protocol/{BOARD}/{OUTLINE.id}")).text
    assert 'class="concord-flowchart"' in page
    for step in OUTLINE.steps:
        assert f"Step {step.number}: {step.name}</h2>" in page
    assert " style=" not in page  # the page's own rules would not let it through
    for missing in (f"/protocol/{BOARD}/nothing", "/protocol/elsewhere", f"/protocol/elsewhere/{OUTLINE.id}"):
        assert (await client.get(missing)).status_code == 404


async def test_a_case_shows_the_steps_it_keeps_where_it_is_and_that_the_protocol_has_changed(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    story = Further(sealer)
    await take_in(database, [story.form(), story.opened(), story.step(1), story.step(2, why="not_resolved")])
    page = (await client.get(f"/cases/{CASE}")).text
    assert "This case runs under Demonstration protocol, version July 2010, as it was when the case began." in page
    assert "The board’s protocol is now version March 2027. It holds for new cases; this one keeps its own." in page
    assert "Done: step 1, Stage One: Prevention." in page
    assert "Now: step 2, Stage Two: Managers." in page
    assert "Now: step 3" not in page
    same = BOARD_NOW.model_copy(update={"protocol_version": "July 2010", "message_id": UUID(int=77)})
    await take_in(database, [same])
    assert "is now version" not in (await client.get(f"/cases/{CASE}")).text
