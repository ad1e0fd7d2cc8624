"""Make the tables of sessions."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_session",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("session_date_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("join_code", sa.String(length=16), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "open",
                "running",
                "ended",
                name="group_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("ended_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("lead_id", sa.String(length=32), nullable=True),
        sa.Column("spotter_id", sa.String(length=32), nullable=True),
        sa.CheckConstraint("version >= 0", name=op.f("ck_group_session_version_counts_up")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_group_session_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_group_session_lead_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_group_session_service_id_service")),
        sa.ForeignKeyConstraint(
            ["session_date_id"], ["session_date.id"], name=op.f("fk_group_session_session_date_id_session_date")
        ),
        sa.ForeignKeyConstraint(["spotter_id"], ["person.id"], name=op.f("fk_group_session_spotter_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("join_code", name=op.f("uq_group_session_join_code")),
        sa.UniqueConstraint("session_date_id", name=op.f("uq_group_session_session_date_id")),
    )
    with op.batch_alter_table("group_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_session_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_session_service_id"), ["service_id"], unique=False)

    op.create_table(
        "media_event",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_media_event_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_media_event_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_media_event_event_id")),
    )
    with op.batch_alter_table("media_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_media_event_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_media_event_service_id"), ["service_id"], unique=False)

    op.create_table(
        "seat",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role",
            sa.Enum("patient", "facilitator", name="seat_role", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "lobby",
                "held",
                "admitted",
                "left",
                "removed",
                name="seat_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "camera",
            sa.Enum(
                "everyone", "facilitators", "off", name="camera", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("emergency_name", sa.String(length=120), nullable=False),
        sa.Column("emergency_phone", sa.String(length=20), nullable=False),
        sa.Column("space_ready", sa.JSON(), nullable=False),
        sa.Column("news", sa.String(length=500), nullable=False),
        sa.Column("lobby_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("admitted_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_seat_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_seat_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seat_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_seat_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("group_session_id", "person_id", name=op.f("uq_seat_group_session_id_person_id")),
    )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seat_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_seat_service_id"), ["service_id"], unique=False)

    op.create_table(
        "section_entered",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("section_id", sa.String(length=60), nullable=False),
        sa.Column("entered_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("left_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_section_entered_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_section_entered_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_entered")),
    )
    with op.batch_alter_table("section_entered", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_section_entered_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_section_entered_service_id"), ["service_id"], unique=False)

    op.create_table(
        "attendance_span",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("connection", sa.String(length=64), nullable=False),
        sa.Column("joined_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("left_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_attendance_span_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_attendance_span_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_attendance_span_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_span")),
        sa.UniqueConstraint("connection", name=op.f("uq_attendance_span_connection")),
    )
    with op.batch_alter_table("attendance_span", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_span_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_span_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attendance_span_service_id"), ["service_id"], unique=False)

    op.create_table(
        "chat_message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("group", "facilitators", name="audience", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_chat_message_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_chat_message_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_chat_message_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_message")),
        sa.UniqueConstraint("seat_id", "client_id", name=op.f("uq_chat_message_seat_id_client_id")),
    )
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chat_message_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_chat_message_service_id"), ["service_id"], unique=False)

    op.create_table(
        "help_alert",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("taken_by", sa.String(length=32), nullable=True),
        sa.Column("taken_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("closed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_help_alert_closed_by_person")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_help_alert_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_help_alert_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_help_alert_service_id_service")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_help_alert_taken_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_alert")),
    )
    with op.batch_alter_table("help_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_alert_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_alert_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_help_alert_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("help_alert", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_alert_service_id"))
        batch_op.drop_index(batch_op.f("ix_help_alert_seat_id"))
        batch_op.drop_index(batch_op.f("ix_help_alert_group_session_id"))

    op.drop_table("help_alert")
    with op.batch_alter_table("chat_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chat_message_service_id"))
        batch_op.drop_index(batch_op.f("ix_chat_message_group_session_id"))

    op.drop_table("chat_message")
    with op.batch_alter_table("attendance_span", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_span_service_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_span_seat_id"))
        batch_op.drop_index(batch_op.f("ix_attendance_span_group_session_id"))

    op.drop_table("attendance_span")
    with op.batch_alter_table("section_entered", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_section_entered_service_id"))
        batch_op.drop_index(batch_op.f("ix_section_entered_group_session_id"))

    op.drop_table("section_entered")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seat_service_id"))
        batch_op.drop_index(batch_op.f("ix_seat_person_id"))
        batch_op.drop_index(batch_op.f("ix_seat_group_session_id"))

    op.drop_table("seat")
    with op.batch_alter_table("media_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_media_event_service_id"))
        batch_op.drop_index(batch_op.f("ix_media_event_group_session_id"))

    op.drop_table("media_event")
    with op.batch_alter_table("group_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_session_service_id"))
        batch_op.drop_index(batch_op.f("ix_group_session_cohort_id"))

    op.drop_table("group_session")
