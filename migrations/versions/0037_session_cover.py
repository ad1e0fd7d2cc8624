"""Somebody stands in for whoever leads or spots, on one date."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_cover",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("session_date_id", sa.String(length=32), nullable=False),
        sa.Column("cohort_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column(
            "place",
            sa.Enum("lead", "spotter", name="cover_place", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["session_date_id"], ["session_date.id"], name="fk_session_cover_session_date_id_session_date"
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name="fk_session_cover_cohort_id_cohort"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_session_cover_person_id_person"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_session_cover_service_id_service"),
        sa.PrimaryKeyConstraint("id", name="pk_session_cover"),
        sa.UniqueConstraint("session_date_id", "place", name="uq_session_cover_session_date_id_place"),
        sa.UniqueConstraint("session_date_id", "person_id", name="uq_session_cover_session_date_id_person_id"),
    )
    for column in ("cohort_id", "person_id", "service_id"):
        op.create_index(f"ix_session_cover_{column}", "session_cover", [column])


def downgrade() -> None:
    op.drop_table("session_cover")
