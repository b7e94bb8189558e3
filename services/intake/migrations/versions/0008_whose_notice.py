"""Whose a notice is that may be answered on a page, so that somebody with an older one finds the latest."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for name in ("case_id", "address", "side"):
        op.add_column("answerable_notices", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.create_index("answerable_notices_by_case", "answerable_notices", ["case_id", "address"])
