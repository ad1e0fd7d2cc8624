"""Versions of the programme are shared between services and put away; a draft knows its file and its last change."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("adopted_programme") as table:
        table.add_column(sa.Column("based_on", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("shared_at", UTCDateTime(), nullable=True))
        table.add_column(sa.Column("put_away_at", UTCDateTime(), nullable=True))
    with op.batch_alter_table("programme_draft") as table:
        table.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("came_from", sa.String(length=200), nullable=True))
    with op.batch_alter_table("programme_draft") as table:
        table.alter_column("before", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("programme_draft") as table:
        table.drop_column("came_from")
        table.drop_column("before")
    with op.batch_alter_table("adopted_programme") as table:
        for name in ("put_away_at", "shared_at", "based_on"):
            table.drop_column(name)
