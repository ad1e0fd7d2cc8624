"""Make the tables of programme."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adopted_programme",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("adopted_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_adopted_programme_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_programme")),
        sa.UniqueConstraint("service_id", "key", "version", name=op.f("uq_adopted_programme_service_id_key_version")),
    )
    with op.batch_alter_table("adopted_programme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adopted_programme_service_id"), ["service_id"], unique=False)

    op.create_table(
        "cohort",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("programme_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("schedule", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("wall_time", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("created_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 14", name=op.f("ck_cohort_capacity_fits_a_group")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["adopted_programme.id"], name=op.f("fk_cohort_programme_id_adopted_programme")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_cohort_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("service_id", "name", name=op.f("uq_cohort_service_id_name")),
    )
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_service_id"), ["service_id"], unique=False)

    op.create_table(
        "cohort_staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column(
            "place",
            sa.Enum("lead", "spotter", name="staff_place", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_staff_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cohort_staff_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_cohort_staff_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_staff")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_cohort_staff_cohort_id_person_id")),
    )
    with op.batch_alter_table("cohort_staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_staff_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohort_staff_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cohort_staff_service_id"), ["service_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "enrolled",
                "started",
                "completed",
                "withdrawn",
                name="enrolment_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("enrolled_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_enrolment_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "person_id", name=op.f("uq_enrolment_cohort_id_person_id")),
        sa.UniqueConstraint("service_id", "code", name=op.f("uq_enrolment_service_id_code")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_service_id"), ["service_id"], unique=False)

    op.create_table(
        "session_date",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("ends_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 9", name=op.f("ck_session_date_nine_sessions")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_session_date_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_session_date_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_date")),
        sa.UniqueConstraint("cohort_id", "number", name=op.f("uq_session_date_cohort_id_number")),
    )
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_date_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_date_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_date_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "enrolment_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "enrolled",
                "started",
                "completed",
                "withdrawn",
                name="change_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_change_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_enrolment_change_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_change")),
    )
    with op.batch_alter_table("enrolment_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_change_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_change_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("enrolment_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_change_service_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_change_enrolment_id"))

    op.drop_table("enrolment_change")
    with op.batch_alter_table("session_date", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_date_starts_at"))
        batch_op.drop_index(batch_op.f("ix_session_date_service_id"))
        batch_op.drop_index(batch_op.f("ix_session_date_cohort_id"))

    op.drop_table("session_date")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_service_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_person_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_cohort_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("cohort_staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_staff_service_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_staff_person_id"))
        batch_op.drop_index(batch_op.f("ix_cohort_staff_cohort_id"))

    op.drop_table("cohort_staff")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_service_id"))

    op.drop_table("cohort")
    with op.batch_alter_table("adopted_programme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_adopted_programme_service_id"))

    op.drop_table("adopted_programme")
