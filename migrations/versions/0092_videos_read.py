"""Reading all the words of a video counts like watching it, and is told apart."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("watching") as table:
        table.add_column(sa.Column("read_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("watching") as table:
        table.drop_column("read_at")
