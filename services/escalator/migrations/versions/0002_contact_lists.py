"""Teams, sectors, ranks and absences on the contact list, and when and by whom each board's was put in force."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("contacts", sa.Column("team", sa.Text, nullable=False, server_default=""))
    op.add_column("contacts", sa.Column("sector", sa.Text, nullable=False, server_default="other"))
    op.add_column("contacts", sa.Column("rank", sa.Integer, nullable=True))
    op.add_column("contacts", sa.Column("away_from", sa.Date, nullable=True))
    op.add_column("contacts", sa.Column("away_until", sa.Date, nullable=True))
    op.create_table(
        "contact_lists",
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("file_sha256", sa.Text, nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
    )
