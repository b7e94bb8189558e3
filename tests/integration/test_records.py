"""records on a real PostgreSQL: the history, what can be done to it and what is noticed, and what the messages leave behind."""

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from services.contracts.catalogue import heard_by
from services.contracts.sealed import Sealer
from services.contracts.vocabulary import Side
from services.kit.database import Database
from services.kit.delivery import metadata
from services.records.case import State
from services.records.handlers import HANDLERS
from services.records.repository import cases, notices
from services.records.tables import Base
from services.records.verify import check
from tests.contracts.samples import SAMPLES
from tests.integration.records_world import connect, environment, migrated, rows, take_in
from tests.unit.records.story import BOARD, CASE, MANAGER, PUBLISHED, RAISER, Story


@pytest.fixture
async def database(make_migrated: Callable[[str], str]) -> AsyncIterator[Database]:
    made = await migrated(make_migrated)
    yield made
    await made.close()


async def test_the_migrations_make_the_tables_the_code_expects(database: Database) -> None:
    engine = create_async_engine(database.url)
    async with engine.connect() as connection:
        wanted = [Base.metadata, metadata]
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), wanted))  # type: ignore[arg-type] # takes several
    await engine.dispose()
    assert found == []


def test_every_message_has_a_handler() -> None:
    assert set(HANDLERS) == set(heard_by("records"))


async def test_every_kind_of_message_is_recorded(database: Database) -> None:
    samples = [message.model_copy(update={"message_id": UUID(int=number)}) for number, message in enumerate(SAMPLES, start=1)]
    await take_in(database, samples)
    recorded = await rows(database, "SELECT topic FROM history ORDER BY seq")
    assert [topic for (topic,) in recorded] == [message.topic for message in samples]
    assert (await check(database.url, {}))["ok"]


async def test_a_message_taken_in_again_changes_nothing(database: Database, sealer: Sealer) -> None:
    whole = Story(sealer).whole()
    await take_in(database, [*whole, *whole])
    assert await rows(database, "SELECT count(*) FROM history") == [(len(whole),)]
    assert await rows(database, "SELECT count(*) FROM confirmations") == [(1,)]


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_the_order_the_case_ends_the_same(database: Database, sealer: Sealer, seed: int) -> None:
    messages = [PUBLISHED, *Story(sealer).whole()]
    random.Random(seed).shuffle(messages)  # noqa: S311 - an order, not a secret
    await take_in(database, messages)
    async with database.transaction() as session:
        listed = await cases.one(session, [BOARD], CASE, messages[0].at)
    assert listed is not None
    assert (listed.case.state, listed.case.step, listed.case.number) == (State.CLOSED, 2, 10)
    assert listed.case.other_side == (MANAGER,)
    assert (await check(database.url, {}))["ok"]


async def test_messages_of_one_case_at_once_are_all_in_the_case_and_in_one_chain(database: Database, sealer: Sealer) -> None:
    stories = [Story(sealer, f"DEMO-0000000{number}") for number in range(4)]
    messages = [message for story in stories for message in story.whole()]
    await asyncio.gather(*(take_in(database, [message]) for message in messages))
    found = await check(database.url, {})
    assert (found["ok"], found["entries"]) == (True, len(messages))
    closed = await rows(database, "SELECT case_id FROM cases WHERE state = 'closed' ORDER BY case_id")
    assert closed == [(story.case_id,) for story in stories]


@pytest.mark.parametrize(
    "statement", ["UPDATE history SET body = '{}'", "DELETE FROM history", "TRUNCATE history", "UPDATE history SET hash = hash"]
)
async def test_the_database_itself_refuses_to_change_the_history(database: Database, sealer: Sealer, statement: str) -> None:
    await take_in(database, Story(sealer).until(3))
    connection = await connect(database)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await connection.execute(statement)
    await connection.close()
    assert (await check(database.url, {}))["ok"]


TAMPERINGS = {
    "body": ("UPDATE history SET body = replace(body, 'Asha', 'Otto') WHERE seq = 2", 2, "changed"),
    "time": ("UPDATE history SET at = at + interval '1 second' WHERE seq = 3", 3, "changed"),
    "recorded": ("UPDATE history SET recorded_at = recorded_at - interval '1 day' WHERE seq = 3", 3, "changed"),
    "topic": ("UPDATE history SET topic = 'escalator.case_closed' WHERE seq = 4", 4, "changed"),
    "case": ("UPDATE history SET case_id = 'DEMO-00000000' WHERE seq = 4", 4, "changed"),
    "hash": ("UPDATE history SET hash = repeat('0', 64) WHERE seq = 4", 4, "changed"),
    "link": ("UPDATE history SET prev_hash = repeat('0', 64) WHERE seq = 4", 4, "unlinked"),
    "removed": ("DELETE FROM history WHERE seq = 3", 3, "missing"),
    "first": ("DELETE FROM history WHERE seq = 1", 1, "missing"),
    "cut": ("DELETE FROM history WHERE seq >= 5", 5, "cut"),
    "emptied": ("TRUNCATE history", 1, "cut"),
    "head": ("UPDATE history_head SET hash = repeat('0', 64)", 6, "headless"),
    "no head": ("DELETE FROM history_head", 6, "headless"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
async def test_somebody_who_gets_past_the_trigger_is_found_out(database: Database, sealer: Sealer, name: str) -> None:
    statement, seq, what = TAMPERINGS[name]
    await take_in(database, Story(sealer).until(6))
    connection = await connect(database)
    await connection.execute("ALTER TABLE history DISABLE TRIGGER ALL")
    assert await connection.execute(statement) != "UPDATE 0"
    await connection.close()
    found = await check(database.url, {})
    assert not found["ok"]
    assert (found["first_break"]["seq"], found["first_break"]["what"]) == (seq, what)


async def test_a_chain_made_anew_from_a_lie_does_not_fit_what_was_printed(database: Database, sealer: Sealer) -> None:
    await take_in(database, Story(sealer).until(4))
    printed = await check(database.url, {})
    connection = await connect(database)
    await connection.execute("ALTER TABLE history DISABLE TRIGGER ALL")
    await connection.execute("TRUNCATE history")
    await connection.execute("DELETE FROM inbox")
    await connection.execute("UPDATE history_head SET seq = 0, hash = repeat('0', 64)")
    await connection.close()
    await take_in(database, Story(sealer).until(6))
    assert (await check(database.url, {}))["ok"]
    found = await check(database.url, {printed["entries"]: printed["head"]})
    assert (found["ok"], found["first_break"]["what"], found["first_break"]["seq"]) == (False, "rewritten", 4)


async def test_verify_says_where_the_history_breaks(database: Database, sealer: Sealer) -> None:
    await take_in(database, Story(sealer).until(4))

    async def verify() -> tuple[int | None, dict[str, object]]:
        command = (sys.executable, "-m", "services.records", "verify", "--json")
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, env=environment(CONCORD_DATABASE_URL=database.url), stdout=pipe
        )
        output, _ = await process.communicate()
        return process.returncode, json.loads(output)

    status, found = await verify()
    assert (status, found["ok"], found["entries"], found["first_break"]) == (0, True, 4, None)
    connection = await connect(database)
    await connection.execute("ALTER TABLE history DISABLE TRIGGER ALL")
    await connection.execute("UPDATE history SET body = replace(body, 'Asha', 'Otto') WHERE seq = 2")
    await connection.close()
    status, found = await verify()
    assert (status, found["ok"], found["entries"]) == (1, False, 1)
    broken = found["first_break"]
    assert isinstance(broken, dict)
    assert (broken["seq"], broken["what"]) == (2, "changed")
    assert broken["expected"] != broken["found"]


async def test_a_case_in_trouble_says_so_and_comes_first(database: Database, sealer: Sealer) -> None:
    late, fine, stuck = (Story(sealer, f"DEMO-0000000{number}") for number in range(3))
    await take_in(database, [late.form(), late.opened(), late.step(1, 1)])
    await take_in(database, [fine.form(), fine.opened(), fine.step(1, 400)])
    await take_in(database, [stuck.form(), stuck.opened(), stuck.step(3, 400), stuck.last_tier()])
    at = fine.at + timedelta(days=1)
    async with database.transaction() as session:
        listed, total = await cases.listed(session, [BOARD], ended=False, now=at, limit=50, offset=0)
    assert total == 3
    assert [(found.case.case_id, found.overdue, found.in_trouble) for found in listed] == [
        (late.case_id, True, True),
        (stuck.case_id, False, True),
        (fine.case_id, False, False),
    ]


@pytest.mark.parametrize("turned", [False, True])
async def test_a_notice_is_where_it_was_last_whatever_is_heard_first(
    database: Database, sealer: Sealer, *, turned: bool
) -> None:
    story = Story(sealer)
    messages = [story.notice("1"), story.failed("1"), story.sent("1")]
    await take_in(database, [story.form(), *(reversed(messages) if turned else messages)])
    found = await rows(database, "SELECT state, name, kind, address, board FROM notices")
    assert found == [("sent", "Sam Oduya", "step_reached", "sam.oduya@care.demo.example", BOARD)]


async def test_failed_bounced_and_late_notices_are_in_trouble(database: Database, sealer: Sealer) -> None:
    story = Story(sealer)
    await take_in(database, [story.form(), story.opened(), *(story.notice(str(number)) for number in range(1, 5))])
    await take_in(database, [story.sent("1"), story.failed("2", "550 \x00 no"), story.sent("3"), story.bounced("3")])
    async with database.transaction() as session:
        soon = await notices.troubled(session, [BOARD], story.at, 50)
        later = await notices.troubled(session, [BOARD], story.at + timedelta(minutes=11), 50)
        elsewhere = await notices.troubled(session, ["another"], story.at, 50)
    assert {row.notice_id for row in soon} == {f"{CASE}.2", f"{CASE}.3"}
    assert {row.notice_id for row in later} == {f"{CASE}.2", f"{CASE}.3", f"{CASE}.4"}
    assert list(elsewhere) == []


async def test_an_older_board_message_does_not_bring_back_staff_who_left(database: Database) -> None:
    newer = PUBLISHED.model_copy(
        update={"at": PUBLISHED.at + timedelta(days=1), "staff": (), "message_id": SAMPLES[0].message_id}
    )
    await take_in(database, [newer, PUBLISHED])
    assert await rows(database, "SELECT * FROM staff") == []


async def test_an_outcome_waits_for_the_side_that_has_not_confirmed(database: Database, sealer: Sealer) -> None:
    story = Story(sealer)
    await take_in(database, story.until(8))
    await take_in(database, [story.confirmed(Side.OTHER, MANAGER), story.disputed("Nobody agreed to that.")])
    assert await rows(database, "SELECT state FROM cases") == [("open",)]
    again = [story.proposed(2), story.confirmed(Side.OTHER, MANAGER, 1), story.confirmed(Side.RAISING, RAISER, 2)]
    await take_in(database, again)
    async with database.transaction() as session:
        listed = await cases.one(session, [BOARD], CASE, story.at)
    assert listed is not None
    assert (listed.case.state, listed.case.confirmed_by) == (State.TO_CONFIRM, (Side.RAISING,))
