"""One sign-in for several services: which accounts are one person's, and through which one a sign-in came."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = "linked_account"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.String(length=32), nullable=False),
        sa.Column("linked_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_linked_account_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_linked_account_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_account")),
        sa.UniqueConstraint("link_id", "service_id", name=op.f("uq_linked_account_link_id_service_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_linked_account_person_id")),
    )
    op.create_index(op.f("ix_linked_account_service_id"), table, ["service_id"], unique=False)
    with op.batch_alter_table("signed_in") as batch_op:
        batch_op.add_column(sa.Column("second", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("through_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("shown_at", UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_signed_in_through_id"), ["through_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_signed_in_through_id_person"), "person", ["through_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("signed_in") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signed_in_through_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_signed_in_through_id"))
        batch_op.drop_column("shown_at")
        batch_op.drop_column("through_id")
        batch_op.drop_column("second")
    op.drop_table("linked_account")
