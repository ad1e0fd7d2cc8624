"""Keep which programs may read results."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_client",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("expires_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL)", name=op.f("ck_api_client_revoked_by_and_when")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_api_client_created_by_person")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_api_client_revoked_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_api_client_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_client")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_client_token_hash")),
    )
    with op.batch_alter_table("api_client", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_client_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("api_client", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_client_service_id"))

    op.drop_table("api_client")
