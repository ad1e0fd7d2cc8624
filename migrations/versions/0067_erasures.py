"""Who is to be erased, who was, and of whom nothing may be erased."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

TIME = backtolife.database.session.UTCDateTime()
OPEN = sa.text("called_off_at IS NULL AND done_at IS NULL")
STANDS = sa.text("lifted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("called_off_by", sa.String(length=32), nullable=True),
        sa.Column("called_off_at", TIME, nullable=True),
        sa.Column("confirmed_by", sa.String(length=32), nullable=True),
        sa.Column("done_at", TIME, nullable=True),
        sa.CheckConstraint("done_at IS NULL OR confirmed_by <> asked_by", name=op.f("ck_erasure_confirmed_by_another")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_erasure_asked_by_person")),
        sa.ForeignKeyConstraint(["called_off_by"], ["person.id"], name=op.f("fk_erasure_called_off_by_person")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_erasure_confirmed_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_erasure_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(op.f("ix_erasure_person_id"), "erasure", ["person_id"])
    op.create_index(op.f("ix_erasure_service_id"), "erasure", ["service_id"])
    op.create_index(
        "uq_erasure_one_open", "erasure", ["person_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("lifted_by", sa.String(length=32), nullable=True),
        sa.Column("lifted_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_legal_hold_by_person")),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_legal_hold_lifted_by_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_legal_hold_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_legal_hold_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_person_id"), "legal_hold", ["person_id"])
    op.create_index(op.f("ix_legal_hold_service_id"), "legal_hold", ["service_id"])
    op.create_index(
        "uq_legal_hold_one", "legal_hold", ["person_id"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )


def downgrade() -> None:
    op.drop_table("legal_hold")
    op.drop_table("erasure")
