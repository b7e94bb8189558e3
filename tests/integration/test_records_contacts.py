"""A board's contact list on its pages: shown, kept as a file, changed after a look at what changes, and asked for once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from services.contracts.contact_list import ContactLine, read_csv, write_csv
from services.contracts.escalator import ContactsPublished
from services.contracts.outline import Role
from services.contracts.records import ContactsChanged
from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.store import Store
from tests.integration.records_world import Form, browser, enter, migrated, said, submit, take_in
from tests.unit.records.story import BOARD, PUBLISHED, STAFF, START

ROLES = (
    Role(key="duty_social_worker", name="Duty social worker"),
    Role(key="team_manager", name="Team manager"),
    Role(key="head_of_service", name="Head of service"),
)
WORKER = ContactLine(
    agency="Demo Social Care", role="duty_social_worker", name="Sam Oduya", address="sam.oduya@care.demo.example", rank=6
)
MANAGER = ContactLine(
    agency="Demo Social Care", role="team_manager", name="Maria Kowalska", address="maria.kowalska@care.demo.example", rank=4
)
LINES = (WORKER, MANAGER)
PAGE = f"/contacts/{BOARD}"


def published(lines: tuple[ContactLine, ...], hours: int = 0) -> ContactsPublished:
    return ContactsPublished(
        message_id=UUID(int=100 + hours), at=START + timedelta(days=-60, hours=hours), board=BOARD, lines=lines
    )


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


@pytest.fixture
async def client(database: Database, store: Store, sealer: Sealer) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the board's staff, signed in."""
    await take_in(database, [PUBLISHED.model_copy(update={"roles": ROLES}), published(LINES)])
    async with browser(database, store, sealer) as opened:
        await enter(opened, database, sealer)
        yield opened


async def asked(database: Database) -> list[ContactsChanged]:
    return [ContactsChanged.model_validate_json(body) for topic, body in await said(database) if topic == ContactsChanged.topic]


async def send(client: httpx.AsyncClient, content: bytes) -> httpx.Response:
    """Upload a file."""
    hidden = Form((await client.get(f"{PAGE}/upload")).text).hidden
    return await client.post(f"{PAGE}/upload", data=hidden, files={"list": ("list.csv", content, "text/csv")})


async def test_the_list_in_force_is_shown_with_what_people_call_the_roles(client: httpx.AsyncClient) -> None:
    assert (await client.get("/contacts")).headers["location"] == PAGE
    page = (await client.get(PAGE)).text
    for words in ("Demo Social Care", "Team manager", "Maria Kowalska", "1 role that nobody holds", "Head of service"):
        assert words in page
    assert "team_manager" not in page
    assert page.index("Maria Kowalska") < page.index("Sam Oduya")


async def test_the_file_is_what_would_be_read_back(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{PAGE}/file")
    assert answer.headers["content-disposition"] == f'attachment; filename="contacts-{BOARD}.csv"'
    assert read_csv(answer.content.decode("utf-8-sig"), [role.key for role in ROLES]) == (list(LINES), [])


async def test_a_file_says_what_it_changes_before_anybody_confirms_it(client: httpx.AsyncClient, database: Database) -> None:
    head = ContactLine(
        agency="Demo Social Care", role="head_of_service", name="Rüth Ellis", address="ruth.ellis@care.demo.example"
    )
    changed = MANAGER.model_copy(update={"deputy": head.address})
    preview = await send(client, write_csv([changed, head]).encode("cp1252"))
    for words in ("3 lines change", "Taken off", "Sam Oduya", "Added", "Rüth Ellis", "Deputy: nothing becomes ruth.ellis@care"):
        assert words in preview.text
    assert await asked(database) == []
    form = Form(preview.text).hidden
    answers = await asyncio.gather(*(client.post(f"{PAGE}/confirm", data=form) for _ in range(4)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, PAGE)}
    (change,) = await asked(database)
    assert (change.by, change.lines) == (STAFF, (changed, head))
    assert "asked for a new list of 2 lines" in (await client.get(PAGE)).text
    await take_in(
        database,
        [published(change.lines).model_copy(update={"at": change.at + timedelta(seconds=1), "message_id": UUID(int=9)})],
    )
    page = (await client.get(PAGE)).text
    assert "asked for a new list" not in page
    assert "Rüth Ellis" in page


async def test_mistakes_are_said_row_by_row(client: httpx.AsyncClient, database: Database) -> None:
    answer = await send(client, b"agency,role,name,address\nDemo,team_manager,Ann,ann@a.example\nDemo,wizard,,nobody\n")
    assert answer.status_code == 422
    for words in (
        "Correct the file: 3 mistakes in it",
        "This board has no such role.",
        "Write the name of the person",
        ">Line 3</th>",
    ):
        assert words in answer.text
    empty = await client.post(f"{PAGE}/upload", data=Form(answer.text).hidden, files={"list": ("", b"", "text/csv")})
    assert (empty.status_code, "Choose the CSV file of the contact list" in empty.text) == (422, True)
    same = await send(client, write_csv(LINES).encode("utf-8-sig"))
    assert (same.status_code, "nothing would change" in same.text) == (422, True)
    assert await asked(database) == []


async def test_a_change_is_looked_at_again_when_somebody_else_was_faster(client: httpx.AsyncClient, database: Database) -> None:
    preview = await send(client, write_csv([MANAGER]).encode())
    await take_in(database, [published((WORKER,), 1)])
    again = await client.post(f"{PAGE}/confirm", data=Form(preview.text).hidden)
    assert again.status_code == 200
    assert "Somebody else changed the list after you began." in again.text
    assert await asked(database) == []
    assert (await client.post(f"{PAGE}/confirm", data=Form(again.text).hidden)).status_code == 303
    assert [change.lines for change in await asked(database)] == [(MANAGER,)]


async def test_an_absence_is_put_on_the_list_with_the_deputy(client: httpx.AsyncClient, database: Database) -> None:
    page = (await client.get(PAGE)).text
    ref = page.rpartition("/absence/")[2].partition('"')[0]
    assert "@" not in ref
    where = f"{PAGE}/absence/{ref}"
    for dates, message in (
        ({"from-day": "31", "from-month": "2", "from-year": "2027"}, "Enter the first day away as a real date"),
        ({"until-day": "3", "until-month": "2", "until-year": "2027"}, "Enter the first day away"),
        (
            {
                "from-day": "3",
                "from-month": "2",
                "from-year": "2027",
                "until-day": "1",
                "until-month": "2",
                "until-year": "2027",
            },
            "The last day away must be the first day or after it",
        ),
        ({}, "Change something, or go back to the list"),
    ):
        wrong = await submit(client, where, **dates)
        assert (wrong.status_code, message in wrong.text) == (422, True)
    days = {
        "from-day": "24",
        "from-month": "12",
        "from-year": "2026",
        "until-day": "3",
        "until-month": "1",
        "until-year": "2027",
    }
    preview = await submit(client, where, deputy=MANAGER.address, **days)
    assert "First day away: nothing becomes 24 December 2026" in preview.text
    await client.post(f"{PAGE}/confirm", data=Form(preview.text).hidden)
    (change,) = await asked(database)
    absent = WORKER.model_copy(
        update={"away_from": date(2026, 12, 24), "away_until": date(2027, 1, 3), "deputy": MANAGER.address}
    )
    assert change.lines == (absent, MANAGER)


@pytest.mark.parametrize("path", ["upload", "confirm"])
async def test_a_form_from_another_site_is_refused(client: httpx.AsyncClient, database: Database, path: str) -> None:
    preview = await send(client, write_csv([MANAGER]).encode())
    form = Form(preview.text).hidden | {"csrf": "0" * 64}
    files = {"list": ("list.csv", b"agency", "text/csv")} if path == "upload" else None
    assert (await client.post(f"{PAGE}/{path}", data=form, files=files)).status_code == 403
    assert await asked(database) == []


async def test_too_large_and_not_a_form_are_refused(client: httpx.AsyncClient) -> None:
    assert (await send(client, b"x" * 2_000_001)).status_code == 413
    assert (await client.post(f"{PAGE}/upload", data={"list": "text"})).status_code == 400


async def test_another_boards_list_does_not_exist_here(client: httpx.AsyncClient, database: Database) -> None:
    elsewhere = published(LINES).model_copy(update={"board": "elsewhere", "message_id": UUID(int=11)})
    board = PUBLISHED.model_copy(update={"board": "elsewhere", "staff": (), "message_id": UUID(int=12)})
    await take_in(database, [elsewhere, board])
    for path in ("", "/file", "/upload"):
        assert (await client.get(f"/contacts/elsewhere{path}")).status_code == 404
