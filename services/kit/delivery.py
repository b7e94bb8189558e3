"""The two tables every service with a database has: messages already taken in, and messages still to go out."""

from alembic.operations import Operations
from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData, Table, Text, Uuid, func

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("message_id", Uuid, primary_key=True),
    Column("taken_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("message_id", Uuid, nullable=False, unique=True),
    Column("topic", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("claimed_until", DateTime(timezone=True)),
)


def create_tables(op: Operations) -> None:
    """Create both, for a service's first migration."""
    for table in metadata.sorted_tables:
        op.create_table(table.name, *(column._copy() for column in table.columns))
