"""A waiting list for each service."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None
STILL_WAITS = "left_at IS NULL"


def upgrade() -> None:
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("since", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "remote", "face_to_face", "either", name="way", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("left_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("left_because", sa.String(length=40), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=True),
        sa.Column("jump", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_waiting_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_waiting_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_waiting_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waiting_service_id"), ["service_id"], unique=False)
    op.create_index(
        "uq_waiting_once",
        "waiting",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text(STILL_WAITS),
        postgresql_where=sa.text(STILL_WAITS),
    )


def downgrade() -> None:
    op.drop_table("waiting")
