"""Somebody in front of the form's pages, with a real browser: what they do, and what is wrong with what they see."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import Page

from deploy.local.part import CHECKOUT
from services.contracts.notifier import SendNotice
from tests.integration.intake.web_world import ADDRESS, ANSWERS, FORM, Practitioner

_AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Site(NamedTuple):
    """The pages' address, and who reads the mail that they send."""

    address: str
    mail: Practitioner


class Visitor:
    """A person at `page`."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self._site = site

    @property
    def where(self) -> str:
        """The last part of the page's address."""
        return self.page.url.partition("?")[0].rpartition("/")[2]

    async def fill(self, answers: Mapping[str, str]) -> None:
        """Fill in fields by their names, as a person does: text is typed, one answer of several is chosen."""
        for name, value in answers.items():
            field = self.page.locator(f'[name="{name}"]')
            if await field.first.get_attribute("type") in ("radio", "checkbox"):
                await self.page.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                await field.fill(value)

    async def go_on(self) -> None:
        """Press the page's first button."""
        async with self.page.expect_navigation():
            await self.page.locator("main button").first.click()

    async def press(self, name: str) -> None:
        """Press the button that people see with this name, and wait for the page it leads to."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name).first.click()

    async def answer(self, answers: Mapping[str, str]) -> None:
        """Fill in the page and go on to another."""
        before = self.page.url
        await self.fill(answers)
        await self.go_on()
        assert self.page.url != before, await self.page.inner_text("main")

    async def begin(self, danger: str = "No") -> None:
        """As far as the first question after the code."""
        await self.page.goto(FORM)
        await self.press("Start now")
        await self.answer({"immediate_danger": danger})
        if danger == "Yes":
            await self.press("I have called 999")
        await self.answer({"email": ADDRESS})
        await self.answer({"code": await self.code()})

    async def code(self) -> str:
        """The code that was mailed last."""
        return await self._site.mail.code()

    async def code_when_it_comes(self) -> str:
        """The same, where it is mailed after the page has gone out."""
        async with asyncio.timeout(20):
            while True:
                if await self._coded():
                    return await self.code()
                await asyncio.sleep(0.05)

    async def _coded(self) -> bool:
        return any(notice.kind == "sign_in_code" for notice in await self._site.mail.said(SendNotice))

    async def answer_all(self) -> None:
        """Page after page, to the last."""
        for answers in ANSWERS.values():
            await self.answer(answers)
        assert self.where == "check"

    async def violations(self) -> list[str]:
        """What axe-core finds wrong with this page."""
        found: dict[str, Any] = await self.page.evaluate(
            "async ([source, rules]) => { if (!window.axe) (0, eval)(source); return await window.axe.run(document, rules); }",
            [_axe(), _RULES],
        )
        return [f"{wrong['id']}: {wrong['help']}: {node['html']}" for wrong in found["violations"] for node in wrong["nodes"]]

    async def too_wide(self) -> list[str]:
        """What sticks out of the page to the right."""
        script = """() => [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .filter(one => !one.closest('.govuk-visually-hidden, .govuk-skip-link'))
            .map(one => one.outerHTML.slice(0, 120))"""
        found: list[str] = await self.page.evaluate(script)
        words = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return [*found, *(["the words of the page"] if await self.page.evaluate(words) else [])]

    async def picture(self, name: str) -> None:
        """Keep a picture of the page where CONCORD_PICTURES names a folder."""
        folder = os.environ.get("CONCORD_PICTURES")
        if folder:
            await self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _axe() -> str:
    return _AXE.read_text()
