"""The programme is over for a place: staff discharge its person, and can take that back."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

OPEN = "taken_back_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "place_discharge",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("taken_back_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_place_discharge_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_place_discharge_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_discharge")),
    )
    with op.batch_alter_table("place_discharge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_discharge_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_discharge_service_id"), ["service_id"], unique=False)
        batch_op.create_index(
            "uq_place_discharge_once",
            ["enrolment_id"],
            unique=True,
            sqlite_where=sa.text(OPEN),
            postgresql_where=sa.text(OPEN),
        )


def downgrade() -> None:
    op.drop_table("place_discharge")
