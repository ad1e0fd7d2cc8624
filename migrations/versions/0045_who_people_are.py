"""Who a patient is: date of birth, address, usual clinician, and the numbers under which others know them."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

WORDS = {"address": 160, "clinician": 160, "clinician_phone": 20}


def upgrade() -> None:
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.add_column(sa.Column("identifier_systems", sa.JSON(), nullable=True))
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("date_of_birth", sa.Date(), nullable=True))
        for name, length in WORDS.items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
        batch_op.add_column(sa.Column("merged_into_id", sa.String(length=32), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_person_merged_into_id_person"), "person", ["merged_into_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_person_date_of_birth"), ["date_of_birth"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_table(
        "person_identifier",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("closed", sa.String(length=200), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("given_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_identifier_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_person_identifier_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identifier")),
        sa.UniqueConstraint("person_id", "system", name=op.f("uq_person_identifier_person_id_system")),
    )
    with op.batch_alter_table("person_identifier", schema=None) as batch_op:
        batch_op.create_index("ix_person_identifier_mark", ["service_id", "system", "mark"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_identifier_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("person_identifier")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_person_date_of_birth"))
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id_person"), type_="foreignkey")
        for name in ("merged_into_id", *WORDS, "date_of_birth"):
            batch_op.drop_column(name)
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_column("identifier_systems")
