"""One-time codes and sessions, on a real database."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from services.contracts.content import CodeContent
from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.intake.web import codes as module
from services.intake.web.codes import COOKIE, Codes
from services.intake.web.tables import CodeRow, SessionRow
from services.kit import clock
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.web import posted
from tests.unit.intake.boards import small

ADDRESS = "asha@school.demo.example"


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Moves the clock of the codes."""
    moved = {"by": timedelta()}

    def at() -> datetime:
        return clock.now() + moved["by"]

    monkeypatch.setattr(module, "now", at)

    def move(by: timedelta) -> None:
        moved["by"] += by

    return move


def pages(database: Database, sealer: Sealer, *, secure: bool = False) -> FastAPI:
    """An application of nothing but the codes."""
    app = FastAPI()
    codes = Codes(database, sealer, b"a key for tests", secure=secure)

    @app.get("/")
    async def here(request: Request) -> Response:
        visit = await codes.visit(request)
        answer = JSONResponse({"csrf": visit.csrf, "address": visit.address, "was": visit.was})
        codes.remember(answer, visit)
        return answer

    @app.post("/send")
    async def send(request: Request) -> Response:
        visit, fields = await codes.visit(request), await posted(request)
        codes.check_form(visit, fields)
        return JSONResponse(await codes.send(request, visit, small(), fields["address"], name="Asha Rees"))

    @app.post("/prove")
    async def prove(request: Request) -> Response:
        visit, fields = await codes.visit(request), await posted(request)
        codes.check_form(visit, fields)
        proof = await codes.prove(visit, fields["code"])
        answer = JSONResponse([proof.right, proof.may_try])
        codes.remember(answer, proof.visit)
        return answer

    @app.post("/end")
    async def end(request: Request) -> Response:
        visit = await codes.visit(request)
        await codes.end(visit)
        return JSONResponse(None)

    return app


class Browser:
    """A browser at those pages."""

    def __init__(self, database: Database, sealer: Sealer, *, secure: bool = False, host: str = "192.0.2.1") -> None:
        app = pages(database, sealer, secure=secure)
        transport = httpx.ASGITransport(app, client=(host, 1))
        self.client = httpx.AsyncClient(transport=transport, base_url="https://intake.test")
        self._database = database
        self._sealer = sealer

    async def who(self) -> tuple[str | None, str | None]:
        """The address it has proved, and the one it had."""
        seen = (await self.client.get("/")).json()
        return seen["address"], seen["was"]

    async def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form from a page."""
        csrf = (await self.client.get("/")).json()["csrf"]
        return await self.client.post(path, data={"csrf": csrf, **fields})

    async def ask(self, address: str = ADDRESS) -> bool:
        """Ask for a code."""
        sent: bool = (await self.post("/send", address=address)).json()
        return sent

    async def type(self, code: str) -> tuple[bool, bool]:
        """Type a code: whether it was right, and whether another may be typed."""
        right, may_try = (await self.post("/prove", code=code)).json()
        return right, may_try

    async def mailed(self) -> list[tuple[SendNotice, str]]:
        """Every notice that waits to go out, with its code."""
        async with self._database.transaction() as session:
            rows = (await session.execute(outbox.select().order_by(outbox.c.id))).all()
        notices = [SendNotice.model_validate_json(row.body) for row in rows]
        return [(one, self._sealer.open(one.case_id, one.sealed["code"], CodeContent).code) for one in notices]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_code_proves_the_address_it_was_mailed_to(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    assert await browser.who() == (None, None)
    assert await browser.ask("Asha@School.demo.example")
    ((notice, code),) = await browser.mailed()
    assert (notice.kind, notice.to.address, notice.to.name, notice.urgent) == ("sign_in_code", ADDRESS, "Asha Rees", True)
    assert notice.facts == {"minutes": 15}
    assert code not in notice.model_dump_json()
    assert code.isdigit()
    assert len(code) == 6
    before = browser.client.cookies[COOKIE]
    assert await browser.type(f" {code[:3]}-{code[3:]} ") == (True, False)
    assert browser.client.cookies[COOKIE] != before
    assert await browser.who() == (ADDRESS, ADDRESS)
    assert await browser.type(code) == (False, False), "a code works once"


async def test_a_code_works_in_the_browser_that_asked_for_it(database: Database, sealer: Sealer) -> None:
    browser, other = Browser(database, sealer), Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    await other.who()
    assert await other.type(code) == (False, False)
    assert await browser.type(code) == (True, False)


async def test_five_codes_may_be_typed(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    assert [await browser.type(wrong(code)) for _ in range(5)] == [(False, True)] * 4 + [(False, False)]
    assert await browser.type(code) == (False, False)


async def test_a_code_works_for_a_quarter_of_an_hour(
    database: Database, sealer: Sealer, later: Callable[[timedelta], None]
) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    later(timedelta(minutes=14))
    await browser.ask()
    (_, first), (_, second) = await browser.mailed()
    later(timedelta(minutes=1))
    assert await browser.type(first) == (False, True)
    assert await browser.type(second) == (True, False)


async def test_mails_may_overtake_each_other(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    await browser.ask("jo@school.demo.example")
    (_, first), _ = await browser.mailed()
    assert await browser.type(first) == (True, False)
    assert (await browser.who())[0] == ADDRESS


async def test_an_address_is_mailed_five_codes_in_a_quarter_of_an_hour(
    database: Database, sealer: Sealer, later: Callable[[timedelta], None]
) -> None:
    browser = Browser(database, sealer)
    assert [await browser.ask() for _ in range(6)] == [True] * 5 + [False]
    assert not await Browser(database, sealer, host="192.0.2.2").ask()
    assert await browser.ask("jo@school.demo.example")
    assert len(await browser.mailed()) == 6
    later(timedelta(minutes=15))
    assert await browser.ask()


async def test_a_network_may_ask_for_sixty(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    assert [await browser.ask(f"p{number}@school.demo.example") for number in range(61)] == [True] * 60 + [False]
    assert await Browser(database, sealer, host="192.0.2.2").ask()


async def test_a_quiet_session_is_known_and_shows_nothing(
    database: Database, sealer: Sealer, later: Callable[[timedelta], None]
) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    await browser.type(code)
    for _ in range(2):
        later(timedelta(minutes=119))
        assert await browser.who() == (ADDRESS, ADDRESS)
    later(timedelta(minutes=121))
    assert await browser.who() == (None, ADDRESS)
    later(timedelta(days=14))
    assert await browser.who() == (None, None)


async def test_a_session_ends_after_twelve_hours_and_when_somebody_says_so(
    database: Database, sealer: Sealer, later: Callable[[timedelta], None]
) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    await browser.type(code)
    for _ in range(7):
        later(timedelta(minutes=100))
        await browser.who()
    assert (await browser.who())[0] == ADDRESS
    later(timedelta(minutes=30))
    assert await browser.who() == (None, ADDRESS)
    await browser.client.post("/end")
    assert await browser.who() == (None, None)


async def test_a_form_of_anybody_elses_is_refused(database: Database, sealer: Sealer) -> None:
    browser, other = Browser(database, sealer), Browser(database, sealer)
    stranger = (await other.client.get("/")).json()["csrf"]
    fields = {"csrf": stranger, "address": ADDRESS}
    assert (await browser.client.post("/send", data=fields)).status_code == 403
    await browser.who()
    assert (await browser.client.post("/send", data=fields)).status_code == 403
    assert await browser.mailed() == []


async def test_the_cookie_is_out_of_reach(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer, secure=True)
    cookie = (await browser.client.get("/")).headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "secure", "samesite=lax", "path=/"))
    assert "secure" not in (await Browser(database, sealer).client.get("/")).headers["set-cookie"].lower()


async def test_a_cookie_made_up_is_nobodys(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    await browser.type(code)
    token, _, signature = browser.client.cookies[COOKIE].rpartition(".")
    cookie = {b"cookie": f"{COOKIE}={token}.{signature}".encode()}
    assert (await Browser(database, sealer).client.get("/", headers=cookie)).json()["address"] == ADDRESS
    for made_up in (token, f"{token}.{'0' * 64}", f"x{token}.{signature}", ".", "\u00e9.x"):
        cookie = {b"cookie": f"{COOKIE}={made_up}".encode("latin-1")}
        answer = await Browser(database, sealer).client.get("/", headers=cookie)
        assert answer.json()["address"] is None


async def test_nothing_kept_can_be_used(database: Database, sealer: Sealer) -> None:
    browser = Browser(database, sealer)
    await browser.ask()
    ((_, code),) = await browser.mailed()
    tokens = [browser.client.cookies[COOKIE].partition(".")[0]]
    await browser.type(code)
    tokens.append(browser.client.cookies[COOKIE].partition(".")[0])
    async with database.transaction() as session:
        kept = [(await session.execute(table.__table__.select())).all() for table in (CodeRow, SessionRow)]
    assert all(kept)
    assert [secret for secret in (code, *tokens, "192.0.2.1") if secret in str(kept)] == []
