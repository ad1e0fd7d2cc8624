"""Keep the group's board."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_post",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("pinned_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("hidden_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("hidden_by", sa.String(length=32), nullable=True),
        sa.Column("hidden_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_board_post_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["hidden_by"], ["person.id"], name=op.f("fk_board_post_hidden_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_board_post_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_board_post_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_post")),
    )
    with op.batch_alter_table("board_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_post_cohort_id"), ["cohort_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_board_post_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_board_post_service_id"), ["service_id"], unique=False)

    op.create_table(
        "board_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("post_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("settled_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_board_report_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["board_post.id"], name=op.f("fk_board_report_post_id_board_post")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_board_report_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_report")),
        sa.UniqueConstraint("post_id", "person_id", name=op.f("uq_board_report_post_id_person_id")),
    )
    with op.batch_alter_table("board_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_report_post_id"), ["post_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_board_report_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("board_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_report_service_id"))
        batch_op.drop_index(batch_op.f("ix_board_report_post_id"))

    op.drop_table("board_report")
    with op.batch_alter_table("board_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_post_service_id"))
        batch_op.drop_index(batch_op.f("ix_board_post_person_id"))
        batch_op.drop_index(batch_op.f("ix_board_post_cohort_id"))

    op.drop_table("board_post")
