"""How long a waiting room is open around its session is the programme's to say: each date keeps it."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for each in ("opens_before", "open_after"):
        op.add_column("session_date", sa.Column(each, sa.Integer(), nullable=False, server_default="15"))


def downgrade() -> None:
    with op.batch_alter_table("session_date") as table:
        for each in ("open_after", "opens_before"):
            table.drop_column(each)
