"""A call is put right or taken back, and names the number that was rung."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

FK = "fk_phone_call_replaced_by_person"


def upgrade() -> None:
    with op.batch_alter_table("phone_call", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(length=32), server_default="", nullable=False))
        batch_op.add_column(sa.Column("number", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("replaced_at", backtolife.database.session.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("replaced_by", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f(FK), "person", ["replaced_by"], ["id"])
    op.execute("UPDATE phone_call SET thread = id")


def downgrade() -> None:
    """The older version knows no call that does not stand."""
    op.execute("DELETE FROM phone_call WHERE replaced_at IS NOT NULL")
    with op.batch_alter_table("phone_call", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(FK), type_="foreignkey")
        for name in ("replaced_by", "replaced_at", "number", "thread"):
            batch_op.drop_column(name)
