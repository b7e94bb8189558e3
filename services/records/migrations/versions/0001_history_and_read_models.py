"""The history and its trigger, the read models, the written confirmations, sign-ins and sessions."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations

from services.kit.delivery import create_tables

revision = "0001"
down_revision = None

_GENESIS = "0" * 64


def upgrade() -> None:
    create_tables(Operations(op.get_context()))
    _history()
    _read_models()
    _confirmations()
    _people()


def _moment(name: str, *, nullable: bool = False) -> "sa.Column[datetime]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=nullable)


def _history() -> None:
    op.create_table(
        "history",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("message_id", sa.Uuid, nullable=False, unique=True),
        _text("topic"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Text, index=True),
        _moment("at"),
        _moment("recorded_at"),
        _text("body"),
        _text("prev_hash"),
        _text("hash"),
    )
    head = op.create_table(
        "history_head",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one_row"), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        _text("hash"),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": _GENESIS}])
    op.execute(
        """
        CREATE FUNCTION history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the history is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history"
        " FOR EACH STATEMENT EXECUTE FUNCTION history_is_append_only()"
    )


def _read_models() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text, primary_key=True),
        _text("board"),
        _text("state"),
        sa.Column("immediate_danger", sa.Boolean, nullable=False),
        _moment("raised_at", nullable=True),
        _moment("deadline", nullable=True),
        _moment("closed_at", nullable=True),
        sa.Column("view", sa.JSON, nullable=False),
    )
    op.create_index("cases_by_board", "cases", ["board", "state", "deadline"])
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False, index=True),
        _text("board", nullable=True),
        _text("kind"),
        _text("name"),
        _text("address"),
        _text("side"),
        _text("state"),
        _text("outcome"),
        _text("detail"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _moment("queued_at", nullable=True),
        _moment("settled_at", nullable=True),
        _text("delivery"),
        _text("delivery_detail"),
        _moment("delivered_at", nullable=True),
    )
    unwell = sa.text("state <> 'sent' OR delivery = 'bounce'")
    op.create_index("notices_in_trouble", "notices", ["case_id"], postgresql_where=unwell)
    op.create_table(
        "held",
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("board", sa.Text, index=True),
        sa.Column("case_id", sa.Text, index=True),
        _text("reason"),
        _text("detail"),
        _text("from_address"),
        _moment("received_at"),
        _text("source"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _text("queue"),
        _text("message_id"),
        _text("topic"),
        _text("case_id", nullable=True),
        _text("reason"),
        _text("body"),
        _moment("found_at"),
    )
    op.create_table(
        "boards",
        sa.Column("board", sa.Text, primary_key=True),
        _text("name"),
        _text("demonstration"),
        _moment("at"),
        _text("body"),
    )
    op.create_table(
        "staff",
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, primary_key=True, index=True),
        _text("name"),
    )


def _confirmations() -> None:
    op.create_table(
        "confirmations",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Integer, primary_key=True),
        _text("state"),
        _moment("asked_at"),
        _moment("due_at"),
        sa.Column("tries", sa.Integer, nullable=False),
        _text("problem"),
        _text("document", nullable=True),
        _text("filename", nullable=True),
        _text("media_type", nullable=True),
        _text("sha256", nullable=True),
        sa.Column("chain_seq", sa.BigInteger),
        _text("chain_hash", nullable=True),
        _moment("issued_at", nullable=True),
    )


def _people() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.Text, primary_key=True),
        _text("address"),
        _text("code_hash", nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        _moment("asked_at"),
        _moment("expires_at"),
    )
    op.create_index("sign_ins_by_address", "sign_ins", ["address", "asked_at"])
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        _text("address"),
        _moment("started_at"),
        _moment("seen_at"),
        _moment("expires_at"),
    )
