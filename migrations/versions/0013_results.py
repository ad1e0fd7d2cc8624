"""Keep what people tell about themselves, margins, face-to-face results and reports."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "background",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("age", sa.String(length=20), nullable=False),
        sa.Column("sex", sa.String(length=20), nullable=False),
        sa.Column("ethnic_group", sa.String(length=20), nullable=False),
        sa.Column("support", sa.String(length=20), nullable=False),
        sa.Column("updated_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_background_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_background_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background")),
        sa.UniqueConstraint("person_id", name=op.f("uq_background_person_id")),
    )
    with op.batch_alter_table("background", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_background_service_id"), ["service_id"], unique=False)

    op.create_table(
        "comparator",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["imported_by"], ["person.id"], name=op.f("fk_comparator_imported_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_comparator_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparator")),
    )
    with op.batch_alter_table("comparator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparator_service_id"), ["service_id"], unique=False)

    op.create_table(
        "fixed_margin",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("milestone", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("sd", sa.Float(), nullable=False),
        sa.Column("icc", sa.Float(), nullable=False),
        sa.Column("group_size", sa.Float(), nullable=False),
        sa.Column("against", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("fixed_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("fixed_by", sa.String(length=32), nullable=False),
        sa.CheckConstraint("points > 0 AND sd > 0", name=op.f("ck_fixed_margin_points_and_spread_above_0")),
        sa.ForeignKeyConstraint(["fixed_by"], ["person.id"], name=op.f("fk_fixed_margin_fixed_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_fixed_margin_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixed_margin")),
        sa.UniqueConstraint(
            "service_id",
            "instrument",
            "milestone",
            "version",
            name=op.f("uq_fixed_margin_service_id_instrument_milestone_version"),
        ),
    )
    with op.batch_alter_table("fixed_margin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fixed_margin_service_id"), ["service_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("made_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=32), nullable=False),
        sa.Column("snapshot", sa.LargeBinary(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("html_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_report_made_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_report_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_service_id"), ["service_id"], unique=False)

    op.create_table(
        "comparator_score",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("comparator_id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("cohort", sa.String(length=60), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("milestone", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Float(), nullable=True),
        sa.Column("after", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["comparator_id"], ["comparator.id"], name=op.f("fk_comparator_score_comparator_id_comparator")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_comparator_score_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparator_score")),
        sa.UniqueConstraint(
            "comparator_id",
            "person",
            "instrument",
            "milestone",
            name=op.f("uq_comparator_score_comparator_id_person_instrument_milestone"),
        ),
    )
    with op.batch_alter_table("comparator_score", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparator_score_comparator_id"), ["comparator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comparator_score_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("comparator_score", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comparator_score_service_id"))
        batch_op.drop_index(batch_op.f("ix_comparator_score_comparator_id"))

    op.drop_table("comparator_score")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_service_id"))

    op.drop_table("report")
    with op.batch_alter_table("fixed_margin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fixed_margin_service_id"))

    op.drop_table("fixed_margin")
    with op.batch_alter_table("comparator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comparator_service_id"))

    op.drop_table("comparator")
    with op.batch_alter_table("background", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_background_service_id"))

    op.drop_table("background")
