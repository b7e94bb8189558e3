"""What a database holds stays what it is when the tables change."""

import asyncio
from collections.abc import Callable
from importlib.resources import files

from alembic import command
from alembic.config import Config

from services.contracts.sealed import Sealer
from services.kit.database import Database
from services.kit.migrate import upgrade
from services.records.chain import GENESIS, Head, follow
from services.records.repository import cases, confirmations
from services.records.verify import check
from tests.integration.records_world import connect
from tests.unit.records.story import BOARD, CASE, Story

FIRST = "0001"


def begin(url: str) -> None:
    """The tables as they were at first."""
    config = Config()
    config.set_main_option("script_location", str(files("services.records") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, FIRST)


async def test_a_record_issued_before_is_that_of_its_closing(make_database: Callable[[str], str], sealer: Sealer) -> None:
    url = make_database("records")
    await asyncio.to_thread(begin, url)
    database = Database(url)
    closed = Story(sealer).whole()[-1]
    entry = follow(Head(0, GENESIS), closed, CASE, closed.at)
    connection = await connect(database)
    await connection.execute(
        "INSERT INTO history VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *(getattr(entry, name) for name in entry.__dataclass_fields__),
    )
    await connection.execute("UPDATE history_head SET seq = $1, hash = $2", entry.seq, entry.hash)
    await connection.execute(
        "INSERT INTO confirmations (case_id, outcome, state, asked_at, due_at, tries, problem, filename, chain_seq, chain_hash)"
        " VALUES ($1, 1, 'issued', $2, $2, 0, '', 'kept.pdf', $3, $4)",
        CASE,
        closed.at,
        entry.seq,
        entry.hash,
    )
    await connection.execute(
        "INSERT INTO cases (case_id, board, state, immediate_danger, view) VALUES ($1, $2, 'last_tier_passed', false, $3)",
        CASE,
        BOARD,
        f'{{"case_id": "{CASE}", "board": "{BOARD}", "state": "last_tier_passed", "past_last_tier": true}}',
    )
    await asyncio.to_thread(upgrade, url, "services.records")
    async with database.transaction() as session:
        (row,) = await confirmations.of_case(session, CASE)
        listed = await cases.one(session, [BOARD], CASE, closed.at)
    assert (row.number, row.outcome, row.filename) == (10, 1, "kept.pdf")
    assert listed is not None
    assert listed.case.needs_staff
    assert await connection.fetchval("SELECT needs_staff FROM cases")
    await connection.close()
    assert (await check(url, {}))["ok"]
    await database.close()
