"""What patients want to do more of, in their own words, with every version."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("look_back_on", sa.Date(), nullable=True),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("session_number BETWEEN 1 AND 9", name=op.f("ck_goal_of_a_session")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_goal_by_person")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_goal_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_goal_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goal_service_id"), ["service_id"], unique=False)
    op.create_table(
        "goal_words",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("goal_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_goal_words_version_from_1")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_goal_words_by_person")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_words_goal_id_goal")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_goal_words_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_words")),
        sa.UniqueConstraint("goal_id", "version", name=op.f("uq_goal_words_goal_id_version")),
    )
    with op.batch_alter_table("goal_words", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goal_words_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("goal_words")
    op.drop_table("goal")
