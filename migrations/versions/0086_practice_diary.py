"""A practice diary for each patient, and the exercises that staff picked for one person, with every version."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice_entry",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("client_key", sa.String(length=32), nullable=False),
        sa.Column("edit", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("device_day", sa.Date(), nullable=True),
        sa.Column("written_at", UTCDateTime(), nullable=False),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("taken_out_at", UTCDateTime(), nullable=True),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column(
            "felt",
            sa.Enum("good", "all_right", "hard", name="felt", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 0 AND 720", name=op.f("ck_practice_entry_minutes_of_a_day")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_practice_entry_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_practice_entry_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_entry")),
        sa.UniqueConstraint("enrolment_id", "client_key", name=op.f("uq_practice_entry_enrolment_id_client_key")),
    )
    with op.batch_alter_table("practice_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_practice_entry_service_id"), ["service_id"], unique=False)

    op.create_table(
        "prescribed_exercise",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("exercise_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_prescribed_exercise_version_from_1")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_prescribed_exercise_by_person")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_prescribed_exercise_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_prescribed_exercise_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prescribed_exercise")),
        sa.UniqueConstraint(
            "enrolment_id",
            "exercise_id",
            "version",
            name=op.f("uq_prescribed_exercise_enrolment_id_exercise_id_version"),
        ),
    )
    with op.batch_alter_table("prescribed_exercise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prescribed_exercise_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prescribed_exercise_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("prescribed_exercise")
    op.drop_table("practice_entry")
