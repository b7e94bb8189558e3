"""What could be read in a held item, and what became of it; who has seen a message that was stuck."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("held", sa.Column("content", sa.Text))
    op.add_column("held", sa.Column("settled_at", sa.DateTime(timezone=True)))
    op.add_column("held", sa.Column("settled", sa.Text))
    op.create_index("held_waiting", "held", ["received_at"], postgresql_where=sa.text("settled_at IS NULL"))
    op.create_index("held_by_source", "held", ["source"], postgresql_where=sa.text("settled_at IS NOT NULL"))
    op.add_column("dead_letters", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.add_column("dead_letters", sa.Column("seen_by", sa.Text))
