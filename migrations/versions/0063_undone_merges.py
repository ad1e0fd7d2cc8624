"""A merge remembers which yes of the kept record a no replaced, and whether the other one shared its address."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("record_pair") as table:
        table.add_column(sa.Column("other_shares", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("refused", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("record_pair") as table:
        table.drop_column("refused")
        table.drop_column("other_shares")
