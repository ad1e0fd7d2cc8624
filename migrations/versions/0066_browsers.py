"""A sign-in says what its browser is called, so that its owner knows it again."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("signed_in", sa.Column("browser", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("signed_in", schema=None) as batch_op:
        batch_op.drop_column("browser")
