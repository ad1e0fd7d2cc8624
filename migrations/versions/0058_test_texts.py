"""Somebody of staff sends themselves a test text as well as a test mail."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

CHANNELS = ("email", "sms", "telephone")
table = sa.table("mail_check", sa.column("channel"))


def upgrade() -> None:
    with op.batch_alter_table("mail_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=40), nullable=False, server_default="email"))
        batch_op.create_check_constraint(op.f("ck_mail_check_check_channel"), table.c.channel.in_(CHANNELS))


def downgrade() -> None:
    with op.batch_alter_table("mail_check", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_mail_check_check_channel"), type_="check")
        batch_op.drop_column("channel")
