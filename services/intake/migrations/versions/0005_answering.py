"""What answering on a page keeps: which notices may be answered, and which answers were given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "answerable_notices",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("to_name", sa.Text, nullable=False),
        sa.Column("answers", ARRAY(sa.Text), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("sent_at", moment, nullable=False),
    )
    op.create_table(
        "given_answers",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("notice_id", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("given_at", moment, nullable=False),
    )
    op.create_index("ix_given_answers_notice_id", "given_answers", ["notice_id"])
