"""A lead takes a signature of the course back and says why; what was ticked may be asked for once more."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None
FROM = "fk_course_part_undone_with_course_signature"


def upgrade() -> None:
    op.add_column(
        "course_signature", sa.Column("withdrawn_why", sa.String(length=300), nullable=False, server_default="")
    )
    with op.batch_alter_table("course_part") as table:
        table.add_column(sa.Column("undone_with", sa.String(length=32), nullable=True))
        table.create_foreign_key(op.f(FROM), "course_signature", ["undone_with"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("course_part") as table:
        table.drop_constraint(op.f(FROM), type_="foreignkey")
        table.drop_column("undone_with")
    with op.batch_alter_table("course_signature") as table:
        table.drop_column("withdrawn_why")
