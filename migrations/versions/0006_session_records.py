"""Keep what is said and written about a session."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance_correction",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_attendance_correction_reason_given")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 240", name=op.f("ck_attendance_correction_minutes_0_to_240")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_attendance_correction_by_person")),
        sa.ForeignKeyConstraint(
            ["group_session_id"],
            ["group_session.id"],
            name=op.f("fk_attendance_correction_group_session_id_group_session"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_correction_person_id_person")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_attendance_correction_service_id_service")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_correction")),
        sa.UniqueConstraint(
            "group_session_id",
            "person_id",
            "version",
            name=op.f("uq_attendance_correction_group_session_id_person_id_version"),
        ),
    )
    with op.batch_alter_table("attendance_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attendance_correction_group_session_id"), ["group_session_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attendance_correction_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_correction_service_id"), ["service_id"], unique=False)

    op.create_table(
        "session_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_session_note_version_from_1")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_session_note_by_person")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_session_note_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_session_note_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_note")),
        sa.UniqueConstraint("group_session_id", "version", name=op.f("uq_session_note_group_session_id_version")),
    )
    with op.batch_alter_table("session_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_note_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_note_service_id"), ["service_id"], unique=False)

    op.create_table(
        "check_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("before", "after", name="moment", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("pain", sa.Integer(), nullable=True),
        sa.Column("effort", sa.Integer(), nullable=True),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("effort IS NULL OR effort BETWEEN 0 AND 10", name=op.f("ck_check_answer_effort_0_to_10")),
        sa.CheckConstraint("pain IS NULL OR pain BETWEEN 0 AND 10", name=op.f("ck_check_answer_pain_0_to_10")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_check_answer_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_check_answer_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_check_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_answer")),
        sa.UniqueConstraint("seat_id", "moment", name=op.f("uq_check_answer_seat_id_moment")),
    )
    with op.batch_alter_table("check_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_answer_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_answer_service_id"), ["service_id"], unique=False)

    op.create_table(
        "felt_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("feels", sa.String(length=5), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_felt_answer_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_felt_answer_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_felt_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_felt_answer")),
        sa.UniqueConstraint("seat_id", "section_id", name=op.f("uq_felt_answer_seat_id_section_id")),
    )
    with op.batch_alter_table("felt_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_felt_answer_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_felt_answer_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("felt_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_felt_answer_service_id"))
        batch_op.drop_index(batch_op.f("ix_felt_answer_group_session_id"))

    op.drop_table("felt_answer")
    with op.batch_alter_table("check_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_answer_service_id"))
        batch_op.drop_index(batch_op.f("ix_check_answer_group_session_id"))

    op.drop_table("check_answer")
    with op.batch_alter_table("session_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_note_service_id"))
        batch_op.drop_index(batch_op.f("ix_session_note_group_session_id"))

    op.drop_table("session_note")
    with op.batch_alter_table("attendance_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_correction_service_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_correction_person_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_correction_group_session_id"))

    op.drop_table("attendance_correction")
