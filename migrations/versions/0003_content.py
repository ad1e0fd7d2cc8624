"""Make the tables of content."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "video",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.CheckConstraint("session_number BETWEEN 1 AND 9", name=op.f("ck_video_video_of_nine_sessions")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_video_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video")),
        sa.UniqueConstraint("service_id", "key", name=op.f("uq_video_service_id_key")),
        sa.UniqueConstraint(
            "service_id", "session_number", "language", name=op.f("uq_video_service_id_session_number_language")
        ),
    )
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_service_id"), ["service_id"], unique=False)

    op.create_table(
        "video_package",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("video_id", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("upload", "script", name="package_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "packaging",
                "playable",
                "ready",
                "failed",
                name="package_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("trouble", sa.String(length=400), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("renditions", sa.JSON(), nullable=False),
        sa.Column("chapters", sa.JSON(), nullable=False),
        sa.Column("transcript", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("claimed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("playable_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("finished_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.CheckConstraint("progress >= 0 AND progress <= 1", name=op.f("ck_video_package_progress_is_a_share")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_video_package_service_id_service")),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], name=op.f("fk_video_package_video_id_video")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_package")),
    )
    with op.batch_alter_table("video_package", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_package_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_video_package_video_id"), ["video_id"], unique=False)

    op.create_table(
        "video_note",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("video_id", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("with_team", sa.Boolean(), nullable=False),
        sa.Column("updated_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_video_note_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_video_note_service_id_service")),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], name=op.f("fk_video_note_video_id_video")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_note")),
        sa.UniqueConstraint("enrolment_id", "video_id", name=op.f("uq_video_note_enrolment_id_video_id")),
    )
    with op.batch_alter_table("video_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_video_note_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_video_note_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_video_note_video_id"), ["video_id"], unique=False)

    op.create_table(
        "watching",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("video_id", sa.String(length=32), nullable=False),
        sa.Column("package_id", sa.String(length=32), nullable=False),
        sa.Column("ranges", sa.JSON(), nullable=False),
        sa.Column("position_ms", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("updated_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("finished_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_watching_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["package_id"], ["video_package.id"], name=op.f("fk_watching_package_id_video_package")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_watching_service_id_service")),
        sa.ForeignKeyConstraint(["video_id"], ["video.id"], name=op.f("fk_watching_video_id_video")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watching")),
        sa.UniqueConstraint("enrolment_id", "video_id", name=op.f("uq_watching_enrolment_id_video_id")),
    )
    with op.batch_alter_table("watching", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watching_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watching_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watching_video_id"), ["video_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("watching", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watching_video_id"))
        batch_op.drop_index(batch_op.f("ix_watching_service_id"))
        batch_op.drop_index(batch_op.f("ix_watching_enrolment_id"))

    op.drop_table("watching")
    with op.batch_alter_table("video_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_note_video_id"))
        batch_op.drop_index(batch_op.f("ix_video_note_service_id"))
        batch_op.drop_index(batch_op.f("ix_video_note_enrolment_id"))

    op.drop_table("video_note")
    with op.batch_alter_table("video_package", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_package_video_id"))
        batch_op.drop_index(batch_op.f("ix_video_package_service_id"))

    op.drop_table("video_package")
    with op.batch_alter_table("video", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_video_service_id"))

    op.drop_table("video")
