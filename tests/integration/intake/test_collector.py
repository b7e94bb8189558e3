"""What is looked for in a mailbox and what becomes of it, on the real database, with a mailbox that answers as a test wants it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from services.contracts.notifier import SendNotice
from services.contracts.sealed import Sealer
from services.intake.collector import HELD, MOST_TRIES, SURELY_GONE, TAKEN, Collector, Fetched, News, Session
from services.intake.errors import Busy, NotGiven
from services.intake.notices import Notices
from services.intake.partial import Part
from services.intake.reception import Reception
from services.intake.watch import SAID_AGAIN, Watch
from services.kit.clock import now
from services.kit.database import Database
from services.kit.delivery import outbox
from services.kit.errors import SignInRefused
from services.kit.store import Store
from tests.integration.intake import web_world
from tests.integration.intake.running import until
from tests.unit.intake.boards import small

RAW = b"Subject: one\r\n\r\nHello\r\n"


class Shelf:
    """A mailbox that is a dictionary. `answers` are what to raise or give for a key, first one first, before the mail itself."""

    kind = "shelf"
    name = "shelf:test"

    def __init__(self) -> None:
        self.mails: dict[str, bytes] = {"a": RAW, "b": b"Subject: two\r\n\r\nHello\r\n"}
        self.listed: list[str] = ["a", "b"]
        self.answers: dict[str, list[Exception | None]] = {}
        self.asked: list[str] = []
        self.put: list[tuple[str, str]] = []
        self.refused: set[str] = set()
        self.closed: Exception | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Session]:
        if self.closed is not None:
            raise self.closed
        yield self

    async def look(self, mark: str | None) -> News:
        number = int(mark or 0)
        return News(str(number + 1), self.listed, more=False)

    async def fetch(self, key: str) -> Fetched | None:
        self.asked.append(key)
        if self.answers.get(key):
            answer = self.answers[key].pop(0)
            if answer is not None:
                raise answer
            return None
        return Fetched(self.mails[key]) if key in self.mails else None

    async def fetch_headers(self, key: str) -> bytes | None:
        return self.mails[key].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"

    async def put_away(self, keys: Sequence[str], folder: str) -> None:
        for key in keys:
            if key in self.refused:
                raise NotGiven("the mailbox may only be read")
            self.put.append((key, folder))

    async def wait(self, seconds: float) -> None:
        raise AssertionError(f"nobody waits {seconds} s here")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([Fernet.generate_key().decode()])


@pytest.fixture
def collector(database: Database, shelf: Shelf, sealer: Sealer, tmp_path: Path) -> Collector:
    return Collector(database, Reception(database, Store(tmp_path, sealer)), shelf, ("demonstration@mail.example",))


async def rows(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.transaction() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def soon(database: Database) -> None:
    """Let whatever waits for its next try be tried now."""
    async with database.transaction() as session:
        await session.execute(text("UPDATE mailbox_mails SET next_at = now() WHERE next_at IS NOT NULL"))


async def read(database: Database, outcome: str = "form") -> None:
    """Let every mail that is kept have been read."""
    async with database.transaction() as session:
        await session.execute(text("UPDATE raw_messages SET read_at = now(), outcome = :outcome"), {"outcome": outcome})


async def said(database: Database) -> list[SendNotice]:
    """The notices that wait to be said."""
    async with database.transaction() as session:
        rows = (await session.execute(outbox.select().order_by(outbox.c.id))).all()
    return [SendNotice.model_validate_json(row.body) for row in rows if row.topic == SendNotice.topic]


async def undone(database: Database) -> list[tuple[object, ...]]:
    return await rows(database, "SELECT key FROM mailbox_mails WHERE next_at IS NOT NULL ORDER BY id")


async def test_a_mail_is_put_away_when_it_has_been_read_and_not_before(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    await collector.round(shelf)
    await soon(database)
    await collector.round(shelf)
    assert shelf.put == []
    await read(database)
    await soon(database)
    await collector.round(shelf)
    assert shelf.put == [("a", TAKEN), ("b", TAKEN)]
    assert await undone(database) == []


async def test_a_mail_that_nobody_could_read_goes_where_a_person_looks(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    await collector.round(shelf)
    await read(database, "held: unreadable")
    await soon(database)
    await collector.round(shelf)
    assert {folder for _, folder in shelf.put} == {HELD}


async def test_a_mail_not_found_at_first_is_taken_later(collector: Collector, shelf: Shelf, database: Database) -> None:
    shelf.answers["a"] = [None] * (SURELY_GONE - 1)
    for _ in range(SURELY_GONE):
        await collector.round(shelf)
        await soon(database)
    assert await rows(database, "SELECT count(*) FROM raw_messages") == [(2,)]


async def test_a_mail_that_is_surely_gone_is_let_go_until_it_is_there_again(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    shelf.listed = ["a"]
    shelf.answers["a"] = [None] * SURELY_GONE
    await collector.round(shelf)
    shelf.listed = []
    for _ in range(SURELY_GONE):
        await soon(database)
        await collector.round(shelf)
    assert await undone(database) == []
    shelf.listed = ["a"]
    await collector.round(shelf)
    assert await rows(database, "SELECT count(*) FROM raw_messages") == [(1,)]


async def test_a_mail_put_back_into_the_inbox_is_put_away_again_and_has_no_second_effect(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    shelf.listed = ["a"]
    await collector.round(shelf)
    await read(database)
    shelf.listed = []
    for _ in range(2):
        await soon(database)
        await collector.round(shelf)
    shelf.listed = ["a"]
    await collector.round(shelf)
    assert shelf.put == [("a", TAKEN)] * 2
    assert shelf.asked == ["a"]


async def test_one_mail_the_server_is_always_too_busy_for_stops_none_behind_it(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    """As when it takes too long over one large mail (504)."""
    shelf.answers["a"] = [Busy(0, everybody=False) for _ in range(MOST_TRIES)]
    for _ in range(MOST_TRIES + 1):
        try:
            await collector.round(shelf)
        except Busy:
            await soon(database)
    assert await rows(database, "SELECT part FROM raw_messages ORDER BY id") == [(None,), (Part.NOT_GIVEN.value,)]


async def test_that_too_much_is_asked_counts_against_no_mail(collector: Collector, shelf: Shelf, database: Database) -> None:
    shelf.answers["a"] = [Busy(0) for _ in range(3 * MOST_TRIES)]
    for _ in range(3 * MOST_TRIES + 1):
        try:
            await collector.round(shelf)
        except Busy:
            await soon(database)
    assert await rows(database, "SELECT part FROM raw_messages ORDER BY id") == [(None,), (None,)]


async def test_a_long_first_look_is_no_trouble_and_its_progress_is_told(
    collector: Collector, shelf: Shelf, database: Database, sealer: Sealer
) -> None:
    shelf.listed = [f"k{number}" for number in range(3_000)]
    shelf.mails = {key: f"Subject: {key}\r\n\r\n".encode() for key in shelf.listed}
    shelf.answers["k2"] = [Busy(5)]
    with pytest.raises(Busy):
        await collector.round(shelf)
    assert shelf.asked == ["k0", "k1", "k2"]
    state = await Watch(database, Notices(sealer), {"imap": collector}, timedelta(minutes=15)).state()
    ((at,),) = await rows(database, "SELECT looked_at FROM mailboxes")
    assert state["imap"] == {
        "looked_at": cast(datetime, at).isoformat(),
        "problem": None,
        "waiting": 2_998,
        "not_put_away": 2,
    }
    await collector.check()


async def test_a_mail_that_cannot_be_put_away_is_told_of_and_tried_further_and_further_apart(
    collector: Collector, shelf: Shelf, database: Database, sealer: Sealer
) -> None:
    shelf.refused = {"a", "b"}
    await collector.round(shelf)
    await read(database)
    for _ in range(12):
        await soon(database)
        await collector.round(shelf)
    ((shortest,),) = await rows(database, "SELECT min(next_at - now()) > interval '50 minutes' FROM mailbox_mails")
    assert shortest is True
    state = await Watch(database, Notices(sealer), {"imap": collector}, timedelta(minutes=15)).state()
    assert state["imap"]["not_put_away"] == 2


@pytest.mark.parametrize("hangs", ["open", "look", "fetch", "put_away", "wait"])
async def test_a_server_that_never_ends_an_answer_is_left(
    collector: Collector, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch, hangs: str
) -> None:
    monkeypatch.setattr("services.intake.collector.ANSWER_SECONDS", 0.2)
    monkeypatch.setattr("services.intake.collector.LONGEST_WAIT", 0.2)
    if hangs == "put_away":
        await collector.round(shelf)
        await read(database)
        await soon(database)

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    @asynccontextmanager
    async def never_open() -> AsyncIterator[Session]:
        await never()
        yield shelf

    monkeypatch.setattr(shelf, hangs, never_open if hangs == "open" else never)
    running = asyncio.create_task(collector.run())
    await until(lambda: isinstance(collector.trouble, TimeoutError))
    running.cancel()


async def test_one_mail_that_cannot_be_put_away_keeps_no_other_where_it_is(
    collector: Collector, shelf: Shelf, database: Database
) -> None:
    shelf.refused = {"a"}
    await collector.round(shelf)
    await read(database)
    await soon(database)
    await collector.round(shelf)
    assert await undone(database) == [("a",)]
    assert shelf.put == [("b", TAKEN)]


async def test_mail_is_taken_before_any_is_put_away_and_before_too_long_somebody_looks_again(
    collector: Collector, shelf: Shelf, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await collector.round(shelf)
    await read(database)
    await soon(database)
    shelf.listed = ["c", "d"]
    shelf.mails |= {"c": RAW + b"c", "d": RAW + b"d"}
    monkeypatch.setattr("services.intake.collector.ROUND_SECONDS", 0)
    await collector.round(shelf)
    assert shelf.asked == ["a", "b"]
    monkeypatch.undo()
    await collector.round(shelf)
    assert shelf.asked == ["a", "b", "c", "d"]
    assert shelf.put == [("a", TAKEN), ("b", TAKEN)]


async def test_boards_are_told_of_a_mailbox_that_is_not_looked_into_and_not_again_at_once(
    collector: Collector, shelf: Shelf, database: Database, sealer: Sealer
) -> None:
    await web_world.published(database, small())
    watch = Watch(database, Notices(sealer), {"imap": collector}, timedelta(minutes=15))
    start = collector.started_at
    await watch.tell(start + timedelta(minutes=14))
    assert await said(database) == []
    shelf.closed = SignInRefused("no")
    running = asyncio.create_task(collector.run())
    await until(lambda: collector.trouble is shelf.closed)
    running.cancel()
    await watch.tell(start + timedelta(minutes=16))
    await watch.tell(start + timedelta(minutes=30))
    (notice,) = await said(database)
    assert (notice.kind, notice.to.address, notice.urgent) == ("told", small().inbox, True)
    assert "refuses the name, password, token or permission" in str(notice.facts["lines"])
    await watch.tell(start + timedelta(minutes=16) + SAID_AGAIN)
    assert len(await said(database)) == 2


async def test_what_another_copy_looks_into_is_no_trouble_and_what_none_did_before_a_restart_is(
    collector: Collector, shelf: Shelf, database: Database, sealer: Sealer, tmp_path: Path
) -> None:
    await web_world.published(database, small())
    await collector.round(shelf)
    restarted = Collector(database, Reception(database, Store(tmp_path, sealer)), shelf)
    watch = Watch(database, Notices(sealer), {"imap": restarted}, timedelta(minutes=15))
    await watch.tell(now() + timedelta(minutes=14))
    assert await said(database) == []
    async with database.transaction() as session:
        await session.execute(text("UPDATE mailboxes SET looked_at = now() - interval '2 hours'"))
    await watch.tell(now())
    assert len(await said(database)) == 1


async def test_only_the_board_whose_mail_waits_is_told(
    shelf: Shelf, database: Database, sealer: Sealer, tmp_path: Path
) -> None:
    await web_world.published(database, small(), small().model_copy(update={"board": "other", "inbox": "inbox@other.example"}))
    reception = Reception(database, Store(tmp_path, sealer))
    theirs = Collector(database, reception, shelf, ("other@mail.example",))
    await Watch(database, Notices(sealer), {"imap": theirs}, timedelta(0)).tell(now())
    assert [notice.board for notice in await said(database)] == ["other"]
    everybodys = Collector(database, reception, shelf)
    await Watch(database, Notices(sealer), {"imap": everybodys}, timedelta(0)).tell(now() + SAID_AGAIN)
    assert {notice.board for notice in (await said(database))[1:]} == {"other", "demonstration"}
