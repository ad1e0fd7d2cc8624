"""A role that opens records waits for a second person."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

ROLES = (
    "patient", "facilitator", "clinical_lead", "service_lead", "duty_clinician", "administrator", "companion", "observer",
)  # fmt: skip
OPEN = sa.text("decided_at IS NULL")


def upgrade() -> None:
    person = ["person.id"]
    op.create_table(
        "role_proposed",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("proposed_by", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=32), nullable=True),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], person, name=op.f("fk_role_proposed_decided_by_person")),
        sa.ForeignKeyConstraint(["person_id"], person, name=op.f("fk_role_proposed_person_id_person")),
        sa.ForeignKeyConstraint(["proposed_by"], person, name=op.f("fk_role_proposed_proposed_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_role_proposed_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_proposed")),
    )
    op.create_index(op.f("ix_role_proposed_person_id"), "role_proposed", ["person_id"], unique=False)
    op.create_index(op.f("ix_role_proposed_service_id"), "role_proposed", ["service_id"], unique=False)
    op.create_index(
        "uq_role_proposed_open",
        "role_proposed",
        ["person_id", "role"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("role_proposed")
