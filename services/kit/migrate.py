"""Bring a service's database to the tables its code expects, at its start, one process at a time."""

import asyncio
from collections.abc import Sequence
from importlib.resources import files

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine

_LOCK = 0x636F6E63  # any number of our own: two copies of a service must not migrate at once


def upgrade(url: str, package: str) -> None:
    """Run the migrations of `package` (for example "services.intake") that have not run yet. Call it outside an event loop."""
    config = Config()
    config.set_main_option("script_location", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, "head")


def run_env(metadata: Sequence[MetaData]) -> None:
    """What a service's `migrations/env.py` calls: runs the migrations on the database `upgrade` was given."""
    asyncio.run(_run(context.config.attributes["url"], metadata))


async def _run(url: str, metadata: Sequence[MetaData]) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(_migrate, metadata)
    finally:
        await engine.dispose()


def _migrate(connection: Connection, metadata: Sequence[MetaData]) -> None:
    context.configure(connection=connection, target_metadata=list(metadata))
    context.run_migrations()
