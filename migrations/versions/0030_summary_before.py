"""A form that was opened again keeps what it had come to, so that what was counted stays counted."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("summary_before", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.create_index(
            "ix_instrument_response_entered",
            ["service_id"],
            sqlite_where=sa.text("entered_at IS NOT NULL"),
            postgresql_where=sa.text("entered_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.drop_index("ix_instrument_response_entered")
    with op.batch_alter_table("reopening", schema=None) as batch_op:
        batch_op.drop_column("summary_before")
