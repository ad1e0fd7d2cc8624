"""Which browser asked for a link: its six-digit code works there only."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser_hash", sa.String(64), nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_sign_in_link_browser_hash"), ["browser_hash"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_browser_hash"))
        batch_op.drop_column("browser_hash")
