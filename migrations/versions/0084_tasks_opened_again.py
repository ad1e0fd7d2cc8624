"""A closed safety task can be added to and opened again; how it was closed before stays, word for word."""

import sqlalchemy as sa
from alembic import op

from backtolife.database.session import UTCDateTime

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

ONCE = "uq_task_escalation_task_id_cause_told_id_day"
ONCE_EACH_TIME = "uq_task_escalation_task_id_cause_told_id_day_opened_again"
NONE_YET = {"nullable": False, "server_default": "0"}


def upgrade() -> None:
    with op.batch_alter_table("safety_task") as table:
        table.add_column(sa.Column("opened_again", sa.Integer(), **NONE_YET))
    with op.batch_alter_table("task_escalation") as table:
        table.add_column(sa.Column("opened_again", sa.Integer(), **NONE_YET))
        table.drop_constraint(ONCE, type_="unique")
        table.create_unique_constraint(op.f(ONCE_EACH_TIME), ["task_id", "cause", "told_id", "day", "opened_again"])
    op.create_table(
        "task_note",
        *own_columns("task_note"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_task_note_something_written")),
    )
    people = ("taken_by", "closed_by")
    op.create_table(
        "task_reopening",
        *own_columns("task_reopening"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in people),
        *(sa.Column(each, UTCDateTime(), nullable=False) for each in ("taken_at", "promised_at", "closed_at")),
        *(sa.Column(each, sa.Text(), nullable=False) for each in ("contact", "assessment", "plan")),
        sa.Column("gp_informed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_task_reopening_first_is_one")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_task_reopening_reason_given")),
        sa.CheckConstraint("contact <> ''", name=op.f("ck_task_reopening_closed_with_a_note")),
        *(
            sa.ForeignKeyConstraint([each], ["person.id"], name=op.f(f"fk_task_reopening_{each}_person"))
            for each in people
        ),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_task_reopening_task_id_number")),
    )
    for name in ("task_note", "task_reopening"):
        for column in ("service_id", "task_id"):
            op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def own_columns(name: str) -> tuple[sa.schema.SchemaItem, ...]:
    """What both tables have: whose task, and who wrote it when."""
    return (
        *(sa.Column(each, sa.String(length=32), nullable=False) for each in ("id", "service_id", "task_id", "by")),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f(f"fk_{name}_by_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f(f"fk_{name}_service_id_service")),
        sa.ForeignKeyConstraint(["task_id"], ["safety_task.id"], name=op.f(f"fk_{name}_task_id_safety_task")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def downgrade() -> None:
    op.drop_table("task_reopening")
    op.drop_table("task_note")
    again = sa.table("task_escalation", sa.column("opened_again", sa.Integer))
    op.get_bind().execute(sa.delete(again).where(again.c.opened_again > 0))
    with op.batch_alter_table("task_escalation") as table:
        table.drop_constraint(ONCE_EACH_TIME, type_="unique")
        table.create_unique_constraint(op.f(ONCE), ["task_id", "cause", "told_id", "day"])
        table.drop_column("opened_again")
    with op.batch_alter_table("safety_task") as table:
        table.drop_column("opened_again")
