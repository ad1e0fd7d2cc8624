"""What help there is, version by version: what is offered where, by whom, for whom, and how long the wait is."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "map_version",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("by_whom", sa.String(length=120), nullable=False),
        sa.Column("for_whom", sa.String(length=300), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("wait_weeks", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_map_version_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_map_version_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_version")),
        sa.UniqueConstraint("entry_id", "number", name=op.f("uq_map_version_entry_id_number")),
    )
    op.create_index(op.f("ix_map_version_service_id"), "map_version", ["service_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_map_version_service_id"), "map_version")
    op.drop_table("map_version")
