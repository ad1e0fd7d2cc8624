"""Say in which small group somebody was connected, and whether the group may read a note."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attendance_span", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=8), nullable=False, server_default=""))
    with op.batch_alter_table("video_note", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_group", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("video_note", schema=None) as batch_op:
        batch_op.drop_column("with_group")
    with op.batch_alter_table("attendance_span", schema=None) as batch_op:
        batch_op.drop_column("place")
