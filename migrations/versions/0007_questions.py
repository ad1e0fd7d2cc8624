"""Keep questions to the group."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("group_session_id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("closed_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_poll_asked_by_person")),
        sa.ForeignKeyConstraint(
            ["group_session_id"], ["group_session.id"], name=op.f("fk_poll_group_session_id_group_session")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_poll_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_group_session_id"), ["group_session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_poll_service_id"), ["service_id"], unique=False)

    op.create_table(
        "poll_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("poll_id", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=32), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.CheckConstraint("choice BETWEEN 0 AND 5", name=op.f("ck_poll_answer_choice_of_six")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_answer_poll_id_poll")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_poll_answer_seat_id_seat")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_poll_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_answer")),
        sa.UniqueConstraint("poll_id", "seat_id", name=op.f("uq_poll_answer_poll_id_seat_id")),
    )
    with op.batch_alter_table("poll_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_answer_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("poll_answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_answer_service_id"))

    op.drop_table("poll_answer")
    with op.batch_alter_table("poll", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_poll_service_id"))
        batch_op.drop_index(batch_op.f("ix_poll_group_session_id"))

    op.drop_table("poll")
