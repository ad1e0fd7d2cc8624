"""A group can be closed to new patients, and put away."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("closed_at", "archived_at"):
        op.add_column("cohort", sa.Column(name, backtolife.database.session.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("archived_at")
        batch_op.drop_column("closed_at")
