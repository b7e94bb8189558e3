"""A form on the pages may complete or correct one that was sent, and what is sent on a page is counted like a mail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("web_drafts", sa.Column("about", sa.Text))
    op.add_column("raw_messages", sa.Column("channel", sa.Text, nullable=False, server_default="mail"))
