"""The board's pages on a real PostgreSQL: who gets in, what they see, and what nobody else does."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi.routing import APIRoute

from services.contracts.escalator import BoardPublished
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Person
from services.kit.database import Database
from services.kit.store import Store
from services.records.api import create_api
from services.records.board import sign_in
from tests.integration.records_world import KEY, Form, browser, code_for, connect, enter, migrated, rows, said, submit, take_in
from tests.unit.records.story import CASE, DEMONSTRATION, PUBLISHED, STAFF, Story

ELSEWHERE = PUBLISHED.model_copy(
    update={
        "board": "elsewhere",
        "name": "Another board",
        "demonstration": "",
        "message_id": Story(Sealer(["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]))._id("elsewhere"),
        "staff": (Person(name="Ann Other", address="Ann.Other@elsewhere.example"),),
    }
)
BEHIND = [
    "/",
    "/cases/closed",
    f"/cases/{CASE}",
    f"/cases/{CASE}/confirmations/1",
    "/held",
    "/held/X/original",
    "/notices",
    "/contacts",
    "/contacts/demonstration",
    "/contacts/demonstration/file",
    "/contacts/demonstration/upload",
    "/protocol",
    "/protocol/demonstration",
    f"/cases/{CASE}/do/withdraw",
    "/api/cases",
]


@pytest.fixture
async def database(make_migrated: Callable[[str], str], sealer: Sealer, store: Store) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    source = await store.put(b"From: somebody\r\n\r\n<script>alert(1)</script>")
    story = Story(sealer)
    await take_in(made, [PUBLISHED, ELSEWHERE, story.form(), story.opened(), story.step(1, 24), story.held(source, CASE)])
    await take_in(made, [story.notice("1"), story.failed("1")])
    yield made
    await made.close()


@pytest.fixture
async def client(database: Database, store: Store, sealer: Sealer) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(database, store, sealer) as opened:
        yield opened


@pytest.mark.parametrize("path", BEHIND)
async def test_without_signing_in_there_is_nothing(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    if path.startswith("/api/"):
        assert answer.status_code == 401
    else:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert "Sam Oduya" not in answer.text


async def test_every_route_there_is_refuses_a_stranger(database: Database, store: Store, sealer: Sealer) -> None:
    app = create_api(database, store, sealer, session_key=KEY, public_url="http://board.test", checks={})
    open_to_all = {"/health", "/sign-in", "/sign-in/code", "/sign-out"}
    described: dict[str, dict[str, object]] = app.openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    routes |= {(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods or ()}
    closed = {(method, path) for method, path in routes if path not in open_to_all}
    assert len(closed) >= len(BEHIND)
    assert {method for method, _ in closed} == {"GET", "POST"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://board.test") as stranger:
        for method, path in closed:
            answer = await stranger.request(method, re.sub(r"{\w+}", "1", path))
            assert answer.status_code in (303, 401), path
        assert (await stranger.post("/sign-out")).status_code == 403


async def test_staff_sign_in_with_the_code_and_see_their_cases(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    answer = await enter(client, database, sealer, "Jo.Bright@Board.demo.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("concord_session"))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = (await client.get("/")).text
    assert CASE in page
    assert "Step 1 of 3" in page
    assert "24 hours from the start of the step" in page
    assert DEMONSTRATION in page
    assert "Robin Sample" not in page


async def test_cookies_are_secure_where_the_board_is_served_over_https(
    database: Database, store: Store, sealer: Sealer
) -> None:
    async with browser(database, store, sealer, "https://board.test") as client:
        answer = await client.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_stranger_gets_the_same_answer_and_no_mail(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    known = await submit(client, "/sign-in", email=STAFF.address)
    shown = await client.get("/sign-in/code")
    client.cookies.clear()
    unknown = await submit(client, "/sign-in", email="nobody@elsewhere.example")
    assert (unknown.status_code, unknown.headers["location"]) == (known.status_code, known.headers["location"])

    def plain(page: str) -> str:
        return re.sub(r'name="csrf" value="\w+"', "", page)

    assert plain((await client.get("/sign-in/code")).text) == plain(shown.text)
    assert await code_for(database, sealer, "nobody@elsewhere.example") is None
    assert (await submit(client, "/sign-in/code", code="123456")).status_code == 422


async def test_a_code_works_once(client: httpx.AsyncClient, database: Database, store: Store, sealer: Sealer) -> None:
    await submit(client, "/sign-in", email=STAFF.address)
    visit = client.cookies["concord_visit"]
    code = await code_for(database, sealer, STAFF.address) or ""
    assert (await submit(client, "/sign-in/code", code=f" {code[:3]} {code[3:]} ")).status_code == 303
    async with browser(database, store, sealer) as thief:
        thief.cookies.set("concord_visit", visit)
        assert (await submit(thief, "/sign-in/code", code=code)).status_code == 422


async def test_a_code_works_only_in_the_browser_that_asked(
    client: httpx.AsyncClient, database: Database, store: Store, sealer: Sealer
) -> None:
    await submit(client, "/sign-in", email=STAFF.address)
    code = await code_for(database, sealer, STAFF.address) or ""
    async with browser(database, store, sealer) as other:
        assert (await submit(other, "/sign-in/code", code=code)).status_code == 422


async def test_five_wrong_codes_end_it(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await submit(client, "/sign-in", email=STAFF.address)
    code = await code_for(database, sealer, STAFF.address) or ""
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert (await submit(client, "/sign-in/code", code=wrong)).status_code == 422
    assert (await submit(client, "/sign-in/code", code=code)).status_code == 422


async def test_a_code_is_too_old_after_ten_minutes(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await submit(client, "/sign-in", email=STAFF.address)
    code = await code_for(database, sealer, STAFF.address) or ""
    assert await rows(database, "SELECT expires_at - asked_at = interval '10 minutes' FROM sign_ins") == [(True,)]
    connection = await connect(database)
    await connection.execute("UPDATE sign_ins SET expires_at = now() - interval '1 second'")
    await connection.close()
    assert (await submit(client, "/sign-in/code", code=code)).status_code == 422


async def test_an_address_gets_few_codes(client: httpx.AsyncClient, database: Database) -> None:
    for _ in range(8):
        assert (await submit(client, "/sign-in", email=STAFF.address)).status_code == 303
    assert len(await said(database)) == 5


async def test_what_is_kept_about_a_code_and_a_session_opens_nothing(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await submit(client, "/sign-in", email=STAFF.address)
    code = await code_for(database, sealer, STAFF.address) or ""
    kept = str(await rows(database, "SELECT * FROM sign_ins"))
    assert code not in kept
    assert client.cookies["concord_visit"].partition(".")[0] not in kept
    await submit(client, "/sign-in/code", code=code)
    assert client.cookies["concord_session"].partition(".")[0] not in str(await rows(database, "SELECT * FROM sessions"))
    assert all(code not in body for _, body in await said(database))


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code", "/sign-out"])
async def test_a_form_from_another_site_is_refused(
    client: httpx.AsyncClient, database: Database, sealer: Sealer, path: str
) -> None:
    await enter(client, database, sealer)
    await client.get("/sign-in")
    for csrf in ({}, {"csrf": "0" * 64}):
        answer = await client.post(path, data={"email": STAFF.address, "code": "1", **csrf})
        assert answer.status_code == 403
    assert (await client.get("/")).status_code == 200


async def test_signing_out_ends_the_session_for_good(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await enter(client, database, sealer)
    token = client.cookies["concord_session"]
    page = (await client.get("/")).text
    assert (await client.post("/sign-out", data=Form(page).hidden)).status_code == 303
    client.cookies.set("concord_session", token)
    assert (await client.get("/")).status_code == 303


async def test_a_session_ends_when_nobody_is_there_though_the_page_refreshes_itself(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await enter(client, database, sealer)
    connection = await connect(database)
    await connection.execute("UPDATE sessions SET seen_at = now() - interval '59 minutes'")
    assert (await client.get("/", headers={sign_in.LIVE_HEADER: "1"})).status_code == 200
    assert await connection.fetchval("SELECT seen_at < now() - interval '58 minutes' FROM sessions")
    assert (await client.get("/")).status_code == 200
    assert await connection.fetchval("SELECT seen_at > now() - interval '1 minute' FROM sessions")
    await connection.execute("UPDATE sessions SET seen_at = now() - interval '61 minutes'")
    await connection.close()
    assert (await client.get("/")).status_code == 303


async def test_who_leaves_the_staff_is_out_at_once(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await enter(client, database, sealer)
    left: BoardPublished = PUBLISHED.model_copy(update={"staff": (), "message_id": Story(sealer)._id("left")})
    await take_in(database, [left])
    assert (await client.get("/")).status_code == 303


async def test_staff_of_another_board_see_nothing_of_this_one(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await enter(client, database, sealer, "ann.other@elsewhere.example")
    item = (await rows(database, "SELECT item_id FROM held"))[0][0]
    for path in ("/", "/held", "/notices", "/cases/closed", "/api/cases"):
        answer = await client.get(path)
        assert answer.status_code == 200
        assert CASE not in answer.text
        assert "asha.rees" not in answer.text
    for path in (f"/cases/{CASE}", f"/cases/{CASE}/confirmations/1", f"/held/{item}/original"):
        assert (await client.get(path)).status_code == 404


async def test_the_case_page_tells_the_story_and_opens_what_was_written(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await enter(client, database, sealer)
    page = (await client.get(f"/cases/{CASE}")).text
    title = re.search("<title>(.*)</title>", page)
    assert title is not None
    assert title[1] == f"{CASE} - Concord"
    assert "Asha Rees (Head teacher, Demo Lower School) sent the Escalation Form by email." in page
    assert "Robin Sample" in page
    assert "did not go as it should" in page
    assert "1 item about this case waits for board staff." in page


async def test_an_original_is_a_file_to_keep_and_never_a_page(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await enter(client, database, sealer)
    assert "There is no Escalation Form in" in (await client.get("/held")).text
    item = (await rows(database, "SELECT item_id FROM held"))[0][0]
    answer = await client.get(f"/held/{item}/original")
    assert answer.content.startswith(b"From: somebody")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_failed_notices_are_listed_with_why(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await enter(client, database, sealer)
    page = (await client.get("/notices")).text
    assert "The mail server refused it" in page
    assert "550 5.1.1 no such user here" in page


async def test_cases_as_data(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    await enter(client, database, sealer)
    answer = json.loads((await client.get("/api/cases")).text)
    assert answer["total"] == 1
    assert (answer["cases"][0]["reference"], answer["cases"][0]["step"]) == (CASE, 1)


async def test_after_signing_in_the_page_asked_for_comes_and_only_ours(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    asked = await client.get(f"/cases/{CASE}")
    assert asked.headers["location"] == f"/sign-in?next=/cases/{CASE}"
    answer = await submit(client, asked.headers["location"], email=STAFF.address)
    code = await code_for(database, sealer, STAFF.address) or ""
    inside = await submit(client, answer.headers["location"], code=code)
    assert inside.headers["location"] == f"/cases/{CASE}"
    client.cookies.clear()
    for evil in ("//evil.example/cases", "https://evil.example/", "/cases/../sign-out", "/held\r\nSet-Cookie: x=1"):
        answer = await client.get("/sign-in", params={"next": evil})
        assert "evil" not in answer.text
        assert 'name="next" value=""' in answer.text


async def test_many_cases_come_in_pages(client: httpx.AsyncClient, database: Database, sealer: Sealer) -> None:
    for number in range(55):
        story = Story(sealer, f"DEMO-{number:08}")
        await take_in(database, [story.form(), story.opened()])
    await enter(client, database, sealer)
    first, second = (await client.get("/")).text, (await client.get("/?page=2")).text
    assert "56 open cases" in first
    shown = re.findall(r'href="/cases/(DEMO-\w{8})"', first + second)
    assert len(set(shown)) == 56
    assert (await client.get("/?page=0")).status_code == 422


async def test_visitors_who_go_away_leave_no_connection_behind(
    client: httpx.AsyncClient, database: Database, sealer: Sealer
) -> None:
    await enter(client, database, sealer)
    visits = [asyncio.create_task(client.get("/")) for _ in range(60)]
    for number, visit in enumerate(visits):
        for _ in range(number):  # so that they go at different moments of their request
            await asyncio.sleep(0)
        visit.cancel()
    await asyncio.gather(*visits, return_exceptions=True)
    assert database._engine.pool.checkedout() == 0  # type: ignore[attr-defined] # a queue pool
    assert (await client.get("/")).status_code == 200
