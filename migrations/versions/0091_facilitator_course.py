"""Facilitators do a course and sign it; a service may ask for that before somebody is given a group."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("course_first", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "course_part",
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id", "person_id")),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("part", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("step IN ('read', 'watch')", name=op.f("ck_course_part_step")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_course_part_service_id_service")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_part_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_part")),
    )
    op.create_table(
        "course_signature",
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id", "person_id")),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_course_signature_withdrawn_by_and_when")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_course_signature_service_id_service")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_signature_person_id_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_course_signature_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_signature")),
    )
    for table, columns, stands, name in (
        ("course_part", ["person_id", "digest"], "undone_at IS NULL", "uq_course_part_done"),
        ("course_signature", ["person_id"], "withdrawn_at IS NULL", "uq_course_signature_stands"),
    ):
        for each in ("service_id", "person_id"):
            op.create_index(op.f(f"ix_{table}_{each}"), table, [each])
        op.create_index(
            name, table, columns, unique=True, sqlite_where=sa.text(stands), postgresql_where=sa.text(stands)
        )


def downgrade() -> None:
    op.drop_table("course_signature")
    op.drop_table("course_part")
    with op.batch_alter_table("service") as table:
        table.drop_column("course_first")
