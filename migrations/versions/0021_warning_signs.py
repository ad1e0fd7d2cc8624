"""The warning signs that patients tick on the page before a session."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warning_sign",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("sign", sa.String(length=20), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("advised", sa.Text(), nullable=False),
        sa.Column("news", sa.String(length=500), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("unticked_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_warning_sign_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_warning_sign_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_warning_sign_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_warning_sign_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_sign")),
        sa.UniqueConstraint(
            "group_session_id", "person_id", "sign", name=op.f("uq_warning_sign_group_session_id_person_id_sign")
        ),
    )
    with op.batch_alter_table("warning_sign", schema=None) as batch_op:
        for name in ("group_session_id", "person_id", "service_id"):
            batch_op.create_index(batch_op.f(f"ix_warning_sign_{name}"), [name], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("warning_sign", schema=None) as batch_op:
        for name in ("service_id", "person_id", "group_session_id"):
            batch_op.drop_index(batch_op.f(f"ix_warning_sign_{name}"))
    op.drop_table("warning_sign")
