"""What board staff ask for, contact lists, linked cases; a record for every closing of a case, also one without an outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("cases", sa.Column("needs_staff", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE cases SET needs_staff = state = 'last_tier_passed'")
    op.alter_column("cases", "needs_staff", server_default=None)
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("other_case", sa.Text, primary_key=True, index=True),
    )
    op.create_table(
        "requests",
        sa.Column("message_id", sa.Uuid, primary_key=True),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, index=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("requests_by_board", "requests", ["board", "asked_at"])
    op.create_table(
        "contact_lists",
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    _confirmations()


def _confirmations() -> None:
    """From one for each outcome to one for each closing, which has the number of its fact."""
    op.add_column("confirmations", sa.Column("number", sa.Integer))
    op.execute(
        "UPDATE confirmations SET number = (SELECT max((history.body::json ->> 'number')::int) FROM history"
        " WHERE history.topic = 'escalator.case_closed' AND history.case_id = confirmations.case_id"
        " AND (history.body::json ->> 'outcome')::int = confirmations.outcome)"
    )
    op.drop_constraint("confirmations_pkey", "confirmations")
    op.alter_column("confirmations", "outcome", nullable=True)
    op.create_primary_key("confirmations_pkey", "confirmations", ["case_id", "number"])
