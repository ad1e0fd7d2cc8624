"""How often the work on a video was begun in vain is kept with it, so that a restart does not forget."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("video_package", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("video_package", schema=None) as batch_op:
        batch_op.drop_column("tries")
