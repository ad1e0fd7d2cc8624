"""Translations of guides are signed by a clinical lead, by name."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

STANDS = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "guide_signature",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("guide", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.String(length=32), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name=op.f("ck_guide_signature_withdrawn_by_and_when")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_guide_signature_service_id_service")),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_guide_signature_signed_by_person")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_guide_signature_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_signature")),
    )
    op.create_index(op.f("ix_guide_signature_service_id"), "guide_signature", ["service_id"])
    op.create_index(
        "uq_guide_signature_stands",
        "guide_signature",
        ["service_id", "digest"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_table("guide_signature")
