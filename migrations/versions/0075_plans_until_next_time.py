"""What each patient means to do until the next session, and how it went, with every version."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    went = sa.Enum("done", "partly", "not", name="went", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "week_plan",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("how_much", sa.Text(), nullable=False),
        sa.Column("when", sa.Text(), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=True),
        sa.Column("went", went, nullable=True),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("session_number BETWEEN 1 AND 9", name=op.f("ck_week_plan_of_a_session")),
        sa.CheckConstraint("sure BETWEEN 0 AND 10", name=op.f("ck_week_plan_from_0_to_10")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_week_plan_by_person")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_week_plan_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_week_plan_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_week_plan")),
        sa.UniqueConstraint(
            "enrolment_id",
            "session_number",
            "version",
            name=op.f("uq_week_plan_enrolment_id_session_number_version"),
        ),
    )
    with op.batch_alter_table("week_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_week_plan_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("week_plan")
