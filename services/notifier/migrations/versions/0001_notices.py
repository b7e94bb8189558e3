"""Notices and where each is; the inbox and the outbox."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from services.kit.delivery import create_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_tables(Operations(op.get_context()))
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("command", sa.JSON, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        _moment("queued_at", nullable=False),
        _moment("first_attempt_at"),
        _moment("next_attempt_at"),
        sa.Column("claimed_by", sa.Integer),
        _moment("changed_at", nullable=False),
        sa.Column("document", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
    )
    op.create_index("notices_waiting", "notices", ["next_attempt_at"], postgresql_where=sa.text("next_attempt_at IS NOT NULL"))
    op.create_index("notices_claimed", "notices", ["claimed_by"], postgresql_where=sa.text("claimed_by IS NOT NULL"))


def _moment(name: str, *, nullable: bool = True) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
