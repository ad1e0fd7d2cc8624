"""Rehearsals: a service that is a stage, and whose rehearsal goes on."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not as a batch, and the default stays: either would make SQLite drop the table that every other one points to.
    op.add_column("service", sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.text("false")))

    op.create_table(
        "rehearsal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("open_for", sa.String(length=32), nullable=True),
        sa.Column("stage_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("ends_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("ended_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rehearsal_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_rehearsal_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
        sa.UniqueConstraint("open_for", name=op.f("uq_rehearsal_open_for")),
    )
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rehearsal_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rehearsal_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rehearsal_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rehearsal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rehearsal_service_id"))
        batch_op.drop_index(batch_op.f("ix_rehearsal_person_id"))
        batch_op.drop_index(batch_op.f("ix_rehearsal_group_session_id"))

    op.drop_table("rehearsal")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("rehearsal")
