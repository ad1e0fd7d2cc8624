"""What browsers blocked is counted."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blocked_count",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("directive", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_count")),
        sa.UniqueConstraint("directive", "page", "kind", name=op.f("uq_blocked_count_directive_page_kind")),
    )


def downgrade() -> None:
    op.drop_table("blocked_count")
