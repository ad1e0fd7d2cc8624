"""Beats of the processes."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beat",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat")),
    )


def downgrade() -> None:
    op.drop_table("beat")
