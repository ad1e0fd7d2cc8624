"""Notes of staff about a patient, and what came of calls."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

OUTCOMES = ("spoke", "left_word", "no_answer", "wrong_number", "they_rang")


def upgrade() -> None:
    op.create_table(
        "patient_note",
        *ids(),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *by_and_at(),
        *keys("patient_note"),
        sa.UniqueConstraint("thread", "version", name=op.f("uq_patient_note_thread_version")),
    )
    op.create_table(
        "phone_call",
        *ids(),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="call_outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=500), nullable=False),
        *by_and_at(),
        *keys("phone_call"),
    )
    with op.batch_alter_table("patient_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_note_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_note_service_id"), ["service_id"], unique=False)
    with op.batch_alter_table("phone_call", schema=None) as batch_op:
        batch_op.create_index("ix_phone_call_person_id_at", ["person_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_phone_call_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("phone_call")
    op.drop_table("patient_note")


def ids() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length=32), nullable=False) for name in ("id", "service_id", "person_id")]


def by_and_at() -> list[sa.Column[str]]:
    return [
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
    ]


def keys(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id_person")),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f(f"fk_{table}_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{table}_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
