"""When each mailbox was last looked into, whichever copy of the service did."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("mailboxes", sa.Column("looked_at", sa.DateTime(timezone=True)))
