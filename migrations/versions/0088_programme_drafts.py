"""A service writes its own versions of the programme, and chooses which of them new groups may begin with."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("adopted_programme") as table:
        table.add_column(sa.Column("published_by", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("retired_at", UTCDateTime(), nullable=True))
    op.create_table(
        "programme_draft",
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id", "based_on")),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(each, UTCDateTime(), nullable=False) for each in ("begun_at", "changed_at")),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("discarded_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_programme_draft_service_id_service")),
        sa.ForeignKeyConstraint(
            ["based_on"], ["adopted_programme.id"], name=op.f("fk_programme_draft_based_on_adopted_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_draft")),
    )
    op.create_index(op.f("ix_programme_draft_service_id"), "programme_draft", ["service_id"])


def downgrade() -> None:
    op.drop_table("programme_draft")
    with op.batch_alter_table("adopted_programme") as table:
        table.drop_column("retired_at")
        table.drop_column("published_by")
