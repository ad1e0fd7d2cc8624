"""A group's dates can be changed: how often they were, what was changed by whom, and which session is left out."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

KINDS = ("moved", "moved_all", "put_off", "break", "left_out", "brought_back", "undone")


def upgrade() -> None:
    op.create_table(
        "dates_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="dates_change_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name="fk_dates_change_by_person"),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_dates_change_cohort_id_cohort"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_dates_change_service_id_service"),
        sa.PrimaryKeyConstraint("id", name="pk_dates_change"),
        sa.UniqueConstraint("cohort_id", "version", name="uq_dates_change_cohort_id_version"),
    )
    op.create_index("ix_dates_change_cohort_id", "dates_change", ["cohort_id"])
    op.create_index("ix_dates_change_service_id", "dates_change", ["service_id"])
    op.add_column("cohort", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("left_out_at", backtolife.database.session.UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.drop_column("left_out_at")
        batch_op.drop_column("sequence")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("version")
    op.drop_table("dates_change")
