"""The same pages with nothing but a keyboard: Tab, arrows, Space, Enter and letters."""

from collections.abc import Mapping

from playwright.async_api import Page

_MOST_STOPS = 60
_HERE = "() => { const one = document.activeElement; return [one.name || '', one.value || '', one.textContent.trim()]; }"


class Keyboard:
    """Somebody without a mouse at `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def answer(self, answers: Mapping[str, str]) -> None:
        """Fill in the page's fields in their order, and go on to another page."""
        before = self.page.url
        for name, value in answers.items():
            await self._to(name)
            if await self._is_choice():
                await self._choose(value)
            else:
                for number, line in enumerate(value.split("\r\n")):
                    if number:
                        await self.page.keyboard.press("Enter")
                    await self.page.keyboard.type(line)
        await self.press_button()
        assert self.page.url != before, await self.page.inner_text("main")

    async def press_button(self, words: str = "") -> None:
        """Go to a button, or a link, that says this, else to the first button of the form; and press Enter."""
        for _ in range(_MOST_STOPS):
            await self.page.keyboard.press("Tab")
            _, _, said = await self.page.evaluate(_HERE)
            is_button = await self.page.evaluate("() => document.activeElement.matches('main button')")
            if said == words if words else is_button:
                async with self.page.expect_navigation():
                    await self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"no way by keyboard to the button {words!r}")

    async def sees_where_it_is(self) -> bool:
        """Whether what has the focus looks different from what has not."""
        script = """() => {
            const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
        }"""
        return bool(await self.page.evaluate(script))

    async def _to(self, name: str) -> None:
        for _ in range(_MOST_STOPS):
            await self.page.keyboard.press("Tab")
            if (await self.page.evaluate(_HERE))[0] == name:
                assert await self.sees_where_it_is() or await self._is_choice()
                return
        raise AssertionError(f"no way by keyboard to {name}")

    async def _choose(self, value: str) -> None:
        await self.page.keyboard.press("Space")
        for _ in range(_MOST_STOPS):
            if (await self.page.evaluate(_HERE))[1] == value:
                return
            await self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no way by keyboard to the answer {value}")

    async def _is_choice(self) -> bool:
        return bool(await self.page.evaluate("() => ['radio', 'checkbox'].includes(document.activeElement.type)"))
