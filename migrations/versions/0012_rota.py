"""Say who covers safety tasks when, and each time one went up."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_holiday",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_bank_holiday_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_holiday")),
        sa.UniqueConstraint("service_id", "day", name=op.f("uq_bank_holiday_service_id_day")),
    )
    with op.batch_alter_table("bank_holiday", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_holiday_service_id"), ["service_id"], unique=False)

    op.create_table(
        "duty_shift",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("starts_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("ends_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("backup", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_duty_shift_starts_before_it_ends")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_shift_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_duty_shift_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
    )
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_shift_ends_at"), ["ends_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_shift_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duty_shift_service_id"), ["service_id"], unique=False)

    op.create_table(
        "staff_leave",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_staff_leave_first_before_last")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_leave_person_id_person")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_staff_leave_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_leave")),
    )
    with op.batch_alter_table("staff_leave", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_leave_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_leave_service_id"), ["service_id"], unique=False)

    op.create_table(
        "task_escalation",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.String(length=32), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "not_taken", "overdue", name="escalation_cause", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("told_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_task_escalation_service_id_service")),
        sa.ForeignKeyConstraint(["task_id"], ["safety_task.id"], name=op.f("fk_task_escalation_task_id_safety_task")),
        sa.ForeignKeyConstraint(["told_id"], ["person.id"], name=op.f("fk_task_escalation_told_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_escalation")),
        sa.UniqueConstraint(
            "task_id", "cause", "told_id", "day", name=op.f("uq_task_escalation_task_id_cause_told_id_day")
        ),
    )
    with op.batch_alter_table("task_escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_escalation_service_id"), ["service_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_escalation_task_id"), ["task_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("task_escalation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_escalation_task_id"))
        batch_op.drop_index(batch_op.f("ix_task_escalation_service_id"))

    op.drop_table("task_escalation")
    with op.batch_alter_table("staff_leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_leave_service_id"))
        batch_op.drop_index(batch_op.f("ix_staff_leave_person_id"))

    op.drop_table("staff_leave")
    with op.batch_alter_table("duty_shift", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_shift_service_id"))
        batch_op.drop_index(batch_op.f("ix_duty_shift_person_id"))
        batch_op.drop_index(batch_op.f("ix_duty_shift_ends_at"))

    op.drop_table("duty_shift")
    with op.batch_alter_table("bank_holiday", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_holiday_service_id"))

    op.drop_table("bank_holiday")
