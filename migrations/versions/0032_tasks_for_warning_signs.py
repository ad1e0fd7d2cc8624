"""A safety task is about an answer, or about the warning signs that a patient ticked before a live session."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

BEFORE = ("urgent", "same_day", "unanswered")
AFTER = ("urgent", "same_day", "next_day", "unanswered")
OPEN = sa.text("state <> 'done'")
FOR_SIGNS = "SELECT count(*) FROM safety_task WHERE response_id IS NULL"


def one_of(levels: tuple[str, ...]) -> str:
    return "level IN (" + ", ".join(f"'{each}'" for each in levels) + ")"


def upgrade() -> None:
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("group_session_id", sa.String(length=32), nullable=True))
        batch_op.alter_column("response_id", existing_type=sa.String(length=32), nullable=True)
        batch_op.drop_constraint("task_level", type_="check")
        batch_op.create_check_constraint("task_level", one_of(AFTER))
        batch_op.create_check_constraint("an_answer_or_a_sign", "(response_id IS NULL) <> (group_session_id IS NULL)")
        batch_op.create_index(
            "ix_safety_task_one_open_for_signs",
            ["group_session_id", "enrolment_id"],
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )


def downgrade() -> None:
    """A task about warning signs has no place in the earlier version: none is deleted, so nothing is changed."""
    if op.get_bind().execute(sa.text(FOR_SIGNS)).scalar():
        raise RuntimeError("Nothing was changed: there are safety tasks about warning signs, which this would lose.")
    with op.batch_alter_table("safety_task", schema=None) as batch_op:
        batch_op.drop_index("ix_safety_task_one_open_for_signs")
        batch_op.drop_constraint("an_answer_or_a_sign", type_="check")
        batch_op.drop_constraint("task_level", type_="check")
        batch_op.create_check_constraint("task_level", one_of(BEFORE))
        batch_op.alter_column("response_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.drop_column("group_session_id")
