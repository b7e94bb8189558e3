"""What the pages keep: codes, sessions, forms begun, and the boards' contact lists."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "web_codes",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("visit", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("code_hash", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_index("web_codes_by_visit", "web_codes", ["visit"])
    op.create_index("web_codes_by_address", "web_codes", ["address", "asked_at"])
    op.create_index("web_codes_by_network", "web_codes", ["network", "asked_at"])
    op.create_table(
        "web_sessions",
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_table(
        "web_drafts",
        sa.Column("draft", sa.Text, primary_key=True),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("visit", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("address", sa.Text),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text),
        sa.Column("begun_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
    )
    op.create_index("web_drafts_by_address", "web_drafts", ["address", "board"])
    op.create_index("web_drafts_by_network", "web_drafts", ["network", "begun_at"])
    op.create_table(
        "contacts",
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("published", JSONB, nullable=False),
    )
