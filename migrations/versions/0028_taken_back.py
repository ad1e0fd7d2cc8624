"""A chat message that was taken back says when, and by whom."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_back_at", backtolife.database.session.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("taken_back_by", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_chat_message_taken_back_by_person"), "person", ["taken_back_by"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_chat_message_taken_back_by_person"), type_="foreignkey")
        batch_op.drop_column("taken_back_by")
        batch_op.drop_column("taken_back_at")
