"""A record opened in an emergency, and its review."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

OPEN = sa.text("reviewed_at IS NULL")


def upgrade() -> None:
    person, table = ["person.id"], "emergency_look"
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("reviewed_at", UTCDateTime(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=32), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["by"], person, name=op.f("fk_emergency_look_by_person")),
        sa.ForeignKeyConstraint(["person_id"], person, name=op.f("fk_emergency_look_person_id_person")),
        sa.ForeignKeyConstraint(["reviewed_by"], person, name=op.f("fk_emergency_look_reviewed_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_emergency_look_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_look")),
    )
    op.create_index(op.f("ix_emergency_look_by"), table, ["by"], unique=False)
    op.create_index(op.f("ix_emergency_look_person_id"), table, ["person_id"], unique=False)
    op.create_index(op.f("ix_emergency_look_service_id"), table, ["service_id"], unique=False)
    op.create_index(
        "ix_emergency_look_not_reviewed",
        table,
        ["service_id"],
        unique=False,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("emergency_look")
