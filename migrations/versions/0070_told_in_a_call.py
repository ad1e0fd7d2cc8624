"""A message that was told in a call names that call."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

TOLD = ("spoke", "left_word", "they_rang")
message = sa.table("outgoing_message", *(sa.column(name) for name in ("id", "state", "channel", "told_in")))
phone_call = sa.table(
    "phone_call", *(sa.column(name) for name in ("message_id", "thread", "outcome", "replaced_at", "at"))
)


def upgrade() -> None:
    """What was told by now was told in the newest call about it that reached them."""
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_in", sa.String(length=32), nullable=True))
    about = phone_call.c.message_id == message.c.id
    reached = sa.and_(about, phone_call.c.outcome.in_(TOLD), phone_call.c.replaced_at.is_(None))
    newest = sa.select(phone_call.c.thread).where(reached).order_by(phone_call.c.at.desc()).limit(1).scalar_subquery()
    told = sa.and_(message.c.state == "sent", message.c.channel == "telephone")
    op.get_bind().execute(message.update().where(told).values(told_in=newest))


def downgrade() -> None:
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_column("told_in")
