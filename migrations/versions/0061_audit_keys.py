"""The audit log is signed with a key, and each night's reading of it is kept."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("key_mark", sa.String(length=16), server_default="", nullable=False))
    op.create_table(
        "audit_check",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_audit_check_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_check")),
    )
    op.create_index(op.f("ix_audit_check_service_id"), "audit_check", ["service_id"])


def downgrade() -> None:
    op.drop_table("audit_check")
    op.drop_column("audit_entry", "key_mark")
