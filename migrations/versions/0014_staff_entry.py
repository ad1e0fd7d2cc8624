"""Mark answers that staff wrote in."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_at", backtolife.database.session.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("proxy", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("instrument_response", schema=None) as batch_op:
        batch_op.drop_column("proxy")
        batch_op.drop_column("entered_at")
