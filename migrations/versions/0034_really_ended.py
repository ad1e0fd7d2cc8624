"""A session says when its group really ended it."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", backtolife.database.session.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.drop_column("ended_at")
