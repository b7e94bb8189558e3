"""The mailboxes that are looked into, and mail of which only the headers are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("raw_messages", sa.Column("part", sa.Text))
    op.create_table(
        "mailboxes",
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("mark", sa.Text, nullable=False),
    )
    op.create_table(
        "mailbox_mails",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("sha256", sa.Text),
        sa.UniqueConstraint("mailbox", "key"),
    )
    op.create_index(
        "mailbox_mails_due", "mailbox_mails", ["mailbox", "next_at"], postgresql_where=sa.text("next_at IS NOT NULL")
    )
