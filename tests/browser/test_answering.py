"""Answering a notice in a real browser: nothing for axe-core to find, by keyboard alone, on a phone, and without JavaScript."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser

from services.contracts.vocabulary import ReplyAct
from tests.browser.keyboard import Keyboard
from tests.browser.visitor import Site, Visitor
from tests.integration.intake.answering_world import ADDRESS, World, answered_in
from tests.integration.intake.web_world import Practitioner
from tests.unit.notifier import samples
from tests.unit.notifier.variants import RULED
from tests.web_server import served

Visit = Callable[..., Awaitable[Visitor]]
OUTCOME = {
    "agreed": "A strategy meeting is held.",
    "risk": "High until then.",
    "depends_on": "none",
    "actions-0-what": "Convene it",
    "actions-0-owner": "Sam Lee",
    "actions-0-by": "Friday",
    "outstanding-none": "yes",
}


@pytest.fixture
async def world(make_database: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    """The pages, with one case."""
    async with answered_in(make_database, tmp_path / "store") as world:
        yield world


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """The pages, served."""
    async with served(world.app) as address:
        yield address


@pytest.fixture
async def visit(chromium: Browser, world: World, address: str) -> AsyncIterator[Visit]:
    """Makes whoever got a notice: `await visit(javascript=False, width=320)`."""
    contexts = []

    async def make(*, javascript: bool = True, width: int = 1280) -> Visitor:
        context = await chromium.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 800}, base_url=address
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        mail = Practitioner(world.app, world.database, samples.SEALER)
        return Visitor(await context.new_page(), Site(address, mail))

    yield make
    for context in contexts:
        await context.close()


async def mailed(world: World) -> str:
    """The code, once it is on its way: it is mailed after the page has gone out."""
    async with asyncio.timeout(20):
        while True:
            if await world.codes():
                break
            await asyncio.sleep(0.05)
    return await world.code()


async def enter(visitor: Visitor, world: World, link: str) -> None:
    """As far as the page of the notice."""
    await visitor.page.goto(f"/answer/{link}")
    await visitor.fill({"email": ADDRESS})
    await visitor.go_on()
    await visitor.fill({"code": await mailed(world)})
    await visitor.go_on()


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
async def test_axe_finds_nothing_on_any_page_whether_filled_in_right_or_wrong(visit: Visit, world: World, width: int) -> None:
    visitor = await visit(width=width)
    page = visitor.page

    async def look(name: str) -> None:
        await visitor.picture(f"{width}-answer-{name}")
        assert await visitor.violations() == [], name
        assert await visitor.too_wide() == [], name

    link = await world.mailed(facts=samples.FACTS["step_reached"] | RULED)
    await page.goto(f"/answer/{link}")
    await look("start")
    await visitor.go_on()
    await look("start-wrong")
    await visitor.fill({"email": ADDRESS})
    await visitor.go_on()
    await look("code")
    await visitor.fill({"code": "x"})
    await visitor.go_on()
    await look("code-wrong")
    await visitor.fill({"code": await mailed(world)})
    await visitor.go_on()
    await look("notice")
    await visitor.go_on()
    await look("notice-wrong")
    await visitor.answer({"act": "outcome-proposed"})
    await look("outcome")
    await visitor.fill({"actions-0-owner": "Sam Lee"})
    await visitor.press("Continue")
    assert await page.get_by_role("alert").count() == 1
    await look("outcome-wrong")
    await visitor.fill(OUTCOME)
    await visitor.press("Continue")
    await look("check")
    await visitor.press("Send this answer")
    await look("sent")
    async with page.expect_navigation():
        await page.get_by_role("link", name="Back to the notice").click()
    await look("answered")


async def test_axe_finds_nothing_on_the_page_of_any_answer(visit: Visit, world: World) -> None:
    visitor = await visit(width=320)
    words = ("MEETING", "DONE 1", "WRONG PERSON", "STILL AT RISK", "AGREE TIME", "TIME 1 May 2030 at 4pm")
    facts = samples.FACTS["asked"] | {"answers": [{"words": word, "means": "It does something."} for word in words]}
    await enter(visitor, world, await world.mailed("asked", facts=facts, heard=False))
    assert "There is nothing to answer here yet" in await visitor.page.inner_text("main")
    assert await visitor.violations() == []
    link = await world.mailed("asked", facts=facts)
    for act in ("meeting", "done", "wrong-person", "still-at-risk", "time-agreed", "time-proposed"):
        await visitor.page.goto(f"/answer/{link}/{act}")
        await visitor.picture(f"320-answer-{act}")
        assert await visitor.violations() == [], act
        assert await visitor.too_wide() == [], act


async def test_axe_finds_nothing_where_another_notice_is_the_one_to_answer(visit: Visit, world: World) -> None:
    visitor = await visit(width=320)
    await enter(visitor, world, await world.mailed())
    refused = await world.mailed("act_not_taken", number=f"{samples.CASE}.2")
    await visitor.page.goto(f"/answer/{refused}")
    await visitor.picture("320-answer-not-taken")
    assert await visitor.violations() == []
    assert await visitor.too_wide() == []
    await visitor.press("Answer that notice")
    await visitor.page.get_by_text("What do you want to do?").wait_for()
    await world.mailed("outcome_proposed", number=f"{samples.CASE}.3")
    await visitor.page.reload()
    await visitor.picture("320-answer-older")
    assert await visitor.page.get_by_role("link", name="Answer the later notice").count() == 1
    assert await visitor.violations() == []


async def test_an_outcome_is_confirmed_by_keyboard_alone(visit: Visit, world: World) -> None:
    visitor = await visit()
    keyboard = Keyboard(visitor.page)
    await visitor.page.goto(f"/answer/{await world.mailed('outcome_proposed')}")
    await keyboard.answer({"email": ADDRESS})
    await keyboard.answer({"code": await mailed(world)})
    await keyboard.answer({"act": "confirmed"})
    await keyboard.press_button("Send this answer")
    assert "We have your answer" in await visitor.page.inner_text("main")
    assert [reply.act for reply in await world.replies()] == [ReplyAct.CONFIRMED]


async def test_enter_in_a_field_goes_on_and_adds_no_row(visit: Visit, world: World) -> None:
    visitor = await visit()
    await enter(visitor, world, await world.mailed())
    await visitor.answer({"act": "outcome-proposed"})
    await visitor.page.locator("[name=actions-0-what]").press("Enter")
    await visitor.page.get_by_role("alert").wait_for()
    assert await visitor.page.locator("[name=actions-2-what]").count() == 0


async def test_an_outcome_without_javascript(visit: Visit, world: World) -> None:
    visitor = await visit(javascript=False)
    await enter(visitor, world, await world.mailed())
    await visitor.answer({"act": "outcome-proposed"})
    await visitor.fill({"agreed": "Kept."})
    await visitor.press("Add another")
    await visitor.fill({**OUTCOME, "actions-2-what": "A third thing"})
    await visitor.press("Continue")
    await visitor.press("Change it")
    await visitor.press("Continue")
    await visitor.press("Send this answer")
    (reply,) = await world.replies()
    assert [item.owner for item in reply.pursued] == ["Sam Lee", ""]


async def test_pressing_twice_sends_once(visit: Visit, world: World) -> None:
    visitor = await visit(javascript=False)
    await enter(visitor, world, await world.mailed("outcome_proposed"))
    await visitor.answer({"act": "confirmed"})
    await visitor.page.get_by_role("button", name="Send this answer").dblclick()
    await visitor.page.wait_for_url("**/sent/*")
    sent = visitor.page.url
    await visitor.page.go_back()
    await visitor.press("Send this answer")
    assert visitor.page.url == sent
    assert len(await world.replies()) == 1
