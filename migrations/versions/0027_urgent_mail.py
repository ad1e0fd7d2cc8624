"""Mail that somebody waits for goes in a lane of its own, and what fails for good says why."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "outgoing_message", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("outgoing_message", sa.Column("trouble", sa.String(length=200), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_column("trouble")
        batch_op.drop_column("urgent")
