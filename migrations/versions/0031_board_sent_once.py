"""A message on the board keeps the key of the form it was sent with: sent again, it is the same message."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("board_post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form_key", sa.String(length=32), nullable=True))
        batch_op.create_unique_constraint("uq_board_post_person_id_form_key", ["person_id", "form_key"])


def downgrade() -> None:
    with op.batch_alter_table("board_post", schema=None) as batch_op:
        batch_op.drop_constraint("uq_board_post_person_id_form_key", type_="unique")
        batch_op.drop_column("form_key")
