"""The Escalation Form in a real browser: nothing for axe-core to find, by keyboard alone, on a phone, and without JavaScript."""

from collections.abc import Awaitable, Callable

import pytest

from services.contracts.contact_list import ContactLine
from services.contracts.intake import FormReceived
from services.kit.database import Database
from tests.browser.keyboard import Keyboard
from tests.browser.visitor import Site, Visitor
from tests.integration.intake.web_world import ADDRESS, ANSWERS, FORM, LINES, board, contacts, published

Visit = Callable[..., Awaitable[Visitor]]
OPTIONAL = {"other-agencies", "views", "support", "safe-by", "decision"}
MISTAKES = {"safe-by": {"needed_by": "soon"}, "decision": {"decided_at": "soon"}}


async def look(visitor: Visitor, name: str) -> None:
    """Nothing is wrong with this page, and nothing sticks out of it."""
    await visitor.picture(f"{await visitor.page.evaluate('innerWidth')}-{name}")
    assert await visitor.violations() == [], name
    assert await visitor.too_wide() == [], name


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
async def test_axe_finds_nothing_on_any_page_whether_filled_in_right_or_wrong(visit: Visit, site: Site, width: int) -> None:
    visitor = await visit(width=width)
    page = visitor.page
    await page.goto("/")
    await look(visitor, "start")
    await visitor.press("Start now")
    await look(visitor, "danger")
    await visitor.go_on()
    await look(visitor, "danger-wrong")
    await visitor.answer({"immediate_danger": "Yes"})
    await look(visitor, "call-999")
    await visitor.press("I have called 999")
    await look(visitor, "email")
    await visitor.go_on()
    await look(visitor, "email-wrong")
    await visitor.answer({"email": ADDRESS})
    await look(visitor, "code")
    await visitor.fill({"code": "x"})
    await visitor.go_on()
    await look(visitor, "code-wrong")
    await visitor.answer({"code": await visitor.code()})
    for name, answers in ANSWERS.items():
        assert visitor.where == name
        await look(visitor, name)
        if name not in OPTIONAL or name in MISTAKES:
            await visitor.fill(MISTAKES.get(name, {}))
            await visitor.go_on()
            assert await page.get_by_role("alert").count() == 1
            await look(visitor, f"{name}-wrong")
        if name == "area":
            await visitor.answer({"area": "plan_not_carried_out"})
            await look(visitor, "not-a-disagreement")
            await visitor.press("Choose something else")
        await visitor.answer(answers)
    await look(visitor, "check")
    await visitor.press("Continue")
    await look(visitor, "declaration")
    await visitor.go_on()
    await look(visitor, "sent")
    assert len(await site.mail.said(FormReceived)) == 1
    await page.goto(f"{FORM}/forms")
    await look(visitor, "forms")
    await page.goto(f"{FORM}/xxxxxxxxxxxxxxxx/check")
    await look(visitor, "not-found")


async def test_axe_finds_nothing_on_answers_that_are_missing_and_on_what_was_put_aside(visit: Visit) -> None:
    visitor = await visit(width=320)
    await visitor.begin()
    await visitor.page.goto(visitor.page.url.replace("/stage", "/declaration"))
    await look(visitor, "declaration-missing")
    await visitor.page.get_by_role("link", name="Enter your name").click()
    assert visitor.where == "you"
    await visitor.press("Save and come back later")
    await look(visitor, "kept")
    await visitor.page.get_by_role("link", name="come back to this form").click()
    assert visitor.where == "email"


async def test_axe_finds_nothing_where_a_board_is_chosen(visit: Visit, web_database: Database) -> None:
    await published(web_database, board().model_copy(update={"board": "another", "name": "Another board"}))
    visitor = await visit(width=320)
    await visitor.page.goto("/")
    await look(visitor, "boards")
    await visitor.page.get_by_role("link", name="Another board").click()
    assert visitor.page.url.endswith("/boards/another/form")


async def test_the_whole_form_by_keyboard_alone(visit: Visit, site: Site) -> None:
    visitor = await visit()
    keyboard = Keyboard(visitor.page)
    await visitor.page.goto(FORM)
    await visitor.page.keyboard.press("Tab")
    assert await visitor.page.evaluate("() => document.activeElement.textContent.trim()") == "Skip to main content"
    assert await keyboard.sees_where_it_is()
    await keyboard.press_button("Start now")
    await keyboard.answer({"immediate_danger": "No"})
    await keyboard.answer({"email": ADDRESS})
    await keyboard.answer({"code": await visitor.code()})
    for name, answers in ANSWERS.items():
        assert visitor.where == name
        await keyboard.answer(answers)
    await keyboard.press_button("Continue")
    await keyboard.press_button()
    (form,) = await site.mail.said(FormReceived)
    assert form.case_id in await visitor.page.inner_text("main")


async def test_the_whole_form_without_javascript(visit: Visit, site: Site) -> None:
    visitor = await visit(javascript=False)
    await visitor.begin()
    await visitor.answer_all()
    await visitor.press("Continue")
    await visitor.go_on()
    (form,) = await site.mail.said(FormReceived)
    assert form.case_id in await visitor.page.inner_text("main")
    assert (form.other_agency, form.other_worker) == ("Demonstration Social Care", "Sam Oduya, Social Worker, East")


async def test_what_is_wrong_is_read_out_first_and_leads_to_its_field(visit: Visit) -> None:
    visitor = await visit()
    await visitor.begin()
    for name, answers in ANSWERS.items():
        if name == "child":
            break
        await visitor.answer(answers)
    await visitor.fill({"child_name": "Robin Example"})
    await visitor.go_on()
    page = visitor.page
    assert (await page.title()).startswith("Error: ")
    assert await page.evaluate("() => document.activeElement.classList.contains('govuk-error-summary')")
    await page.get_by_role("link", name="Enter the child’s date of birth").click()
    assert await page.evaluate("() => document.activeElement.name") == "child_dob-day"
    assert await page.input_value('[name="child_name"]') == "Robin Example"


async def test_pressing_twice_sends_once(visit: Visit, site: Site) -> None:
    visitor = await visit()
    await visitor.begin()
    await visitor.answer_all()
    await visitor.press("Continue")
    await visitor.page.locator("main button").dblclick()
    await visitor.page.wait_for_url("**/sent/*")
    await visitor.page.go_back()
    await visitor.page.reload()
    assert visitor.where == (await site.mail.said(FormReceived))[0].case_id
    assert len(await site.mail.said(FormReceived)) == 1


async def test_the_back_button_loses_nothing(visit: Visit) -> None:
    visitor = await visit()
    await visitor.begin()
    await visitor.answer(ANSWERS["stage"])
    await visitor.answer(ANSWERS["area"])
    await visitor.page.get_by_role("link", name="Back", exact=True).click()
    assert visitor.where == "area"
    assert await visitor.page.locator('[name="area"][value="nfa"]').is_checked()


async def test_long_words_stay_within_a_phone(visit: Visit, web_database: Database) -> None:
    long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
    line = ContactLine(agency=long, team=long, role="teacher", name=long, address="long@school.demo.example")
    await published(web_database, contacts(*LINES, line))
    visitor = await visit(width=320)
    await visitor.begin()
    while visitor.where != "other-agency":
        await visitor.answer(ANSWERS[visitor.where])
    await look(visitor, "other-agency-long")
    await visitor.answer({"agency": long})
    await look(visitor, "other-person-long")
    await visitor.page.get_by_role("link", name="Back", exact=True).click()
    await visitor.answer({"agency": "other", "agency_other": f"{long}aeth"})
    await look(visitor, "other-person-long-nobody")


async def test_signing_out_leaves_nothing_for_whoever_comes_next(visit: Visit) -> None:
    visitor = await visit(width=320)
    await visitor.begin()
    form = visitor.page.url
    await visitor.press("Sign out")
    assert visitor.page.url.endswith(FORM)
    await visitor.page.go_back()
    await visitor.page.goto(form)
    assert visitor.where == "email"
