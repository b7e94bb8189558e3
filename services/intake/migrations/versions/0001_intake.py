"""Raw mail, boards, submissions, held items, and what goes between services."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.kit import delivery

revision = "0001"
down_revision = None


def upgrade() -> None:
    delivery.create_tables(op)  # type: ignore[arg-type] # the module stands for the Operations it proxies
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "raw_messages",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("mail_from", sa.Text),
        sa.Column("recipients", ARRAY(sa.Text), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("next_at", moment, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("read_at", moment),
        sa.Column("outcome", sa.Text),
        sa.UniqueConstraint("sha256", "recipients"),
    )
    op.create_index("raw_messages_unread", "raw_messages", ["next_at"], postgresql_where=sa.text("read_at IS NULL"))
    op.create_table(
        "boards",
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("published", JSONB, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("sender_name", sa.Text, nullable=False),
        sa.Column("sender_address", sa.Text, nullable=False, index=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("catalogue", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("completed_at", moment),
    )
    op.create_table(
        "fingerprints",
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column(
            "case_id", sa.Text, sa.ForeignKey("submissions.case_id", deferrable=True, initially="DEFERRED"), nullable=False
        ),
    )
    op.create_table(
        "held_items",
        sa.Column("item_id", sa.Text, primary_key=True),
        sa.Column("board", sa.Text),
        sa.Column("case_id", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("from_address", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("held_at", moment, nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "notice_numbers",
        sa.Column("reference", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
