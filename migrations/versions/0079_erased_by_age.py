"""An erasure says whether it was asked for because of its age."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("erasure") as table:
        table.add_column(sa.Column("kept_long_enough", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE erasure SET kept_long_enough = true WHERE id IN "
        "(SELECT erasure_id FROM retention_proposal WHERE erasure_id IS NOT NULL)"
    )
    with op.batch_alter_table("erasure") as table:
        table.alter_column("kept_long_enough", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("erasure") as table:
        table.drop_column("kept_long_enough")
