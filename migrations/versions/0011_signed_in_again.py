"""Keep when somebody signed in again."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_at", backtolife.database.session.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.drop_column("confirmed_at")
