"""Whose record has been kept for as long as its service keeps one."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

TIME = backtolife.database.session.UTCDateTime()
CONTACTS = (
    "recorded",
    "waited",
    "place",
    "group_ended",
    "left",
    "discharged",
    "answered",
    "spoken",
    "noted",
    "task_closed",
    "signed_in",
    "agreed",
    "died",
)
OBSTACLES = ("hold", "child", "place", "task")


def kind(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "retention_proposal",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("last_contact", kind(*CONTACTS, name="last_contact"), nullable=False),
        sa.Column("over_at", TIME, nullable=False),
        sa.Column("obstacle", kind(*OBSTACLES, name="obstacle"), nullable=True),
        sa.Column("proposed_at", TIME, nullable=False),
        sa.Column("erasure_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasure.id"], name=op.f("fk_retention_proposal_erasure_id_erasure")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_retention_proposal_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_retention_proposal_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_proposal")),
        sa.UniqueConstraint("person_id", name=op.f("uq_retention_proposal_person_id")),
    )
    op.create_index(op.f("ix_retention_proposal_service_id"), "retention_proposal", ["service_id"])


def downgrade() -> None:
    op.drop_table("retention_proposal")
