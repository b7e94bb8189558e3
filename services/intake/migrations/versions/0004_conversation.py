"""What a conversation needs: drafts that are chased, forms in several versions, notices as sent, and how much came from whom."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("raw_messages", sa.Column("sender", sa.Text))
    op.add_column("raw_messages", sa.Column("case_id", sa.Text))
    op.add_column("raw_messages", sa.Column("deferred_at", moment))
    op.create_index("raw_messages_by_sender", "raw_messages", ["sender", "read_at"])
    op.create_index("raw_messages_by_case", "raw_messages", ["case_id", "read_at"])
    op.add_column("submissions", sa.Column("chased", sa.Integer, nullable=False, server_default="0"))
    op.add_column("submissions", sa.Column("next_chase_at", moment))
    op.add_column("submissions", sa.Column("form_version", sa.Integer, nullable=False, server_default="1"))
    op.create_index(
        "submissions_to_chase", "submissions", ["next_chase_at"], postgresql_where=sa.text("next_chase_at IS NOT NULL")
    )
    op.create_table(
        "form_versions",
        sa.Column("case_id", sa.Text, sa.ForeignKey("submissions.case_id"), primary_key=True),
        sa.Column("form_version", sa.Integer, primary_key=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("received_at", moment, nullable=False),
    )
    op.create_table(
        "sent_notices",
        sa.Column("notice_id", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("sent_at", moment, nullable=False),
    )
    op.create_table(
        "told",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("at", moment, nullable=False),
    )
