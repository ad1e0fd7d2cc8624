"""The address that a merged record had, which an undo gives back to it."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("record_pair", schema=None) as batch_op:
        batch_op.add_column(sa.Column("other_email", sa.String(length=254), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("record_pair", schema=None) as batch_op:
        batch_op.drop_column("other_email")
