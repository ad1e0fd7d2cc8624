"""A place moves from one group to another, and what its person came to is found again."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "place_move",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("from_cohort_id", sa.String(length=32), nullable=False),
        sa.Column("to_cohort_id", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_place_move_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["from_cohort_id"], ["cohort.id"], name=op.f("fk_place_move_from_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["to_cohort_id"], ["cohort.id"], name=op.f("fk_place_move_to_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_place_move_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_move")),
    )
    with op.batch_alter_table("place_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_move_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_move_from_cohort_id"), ["from_cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_move_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("place_move")
