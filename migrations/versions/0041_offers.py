"""A place is offered with a day to answer by, and every answer is kept."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

OLD = ["invited", "enrolled", "started", "completed", "withdrawn", "died"]
NEW = ["invited", "declined", *OLD[1:]]
CHECKS = (
    ("enrolment", "state", "enrolment_state"),
    ("enrolment_change", "state", "change_state"),
    ("place_ending", "state_before", "state_before"),
)


def upgrade() -> None:
    for check in CHECKS:
        allow(*check, OLD, NEW)
    op.create_table(
        "place_offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("offered_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("offered_by", sa.String(length=64), nullable=False),
        sa.Column("answer_by", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("remind_at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_place_offer_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_place_offer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_offer")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_place_offer_enrolment_id")),
    )
    with op.batch_alter_table("place_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_offer_remind_at"), ["remind_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_offer_service_id"), ["service_id"], unique=False)
    op.create_table(
        "offer_answer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column(
            "said",
            sa.Enum(
                "yes", "no", "not_now", "nothing", name="said", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("by_telephone", sa.Boolean(), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_offer_answer_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_offer_answer_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_answer")),
    )
    with op.batch_alter_table("offer_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_answer_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offer_answer_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("offer_answer")
    op.drop_table("place_offer")
    for check in CHECKS:
        allow(*check, NEW, OLD)


def allow(table: str, column: str, name: str, before: list[str], after: list[str]) -> None:
    """Change which states the check constraint of a table lets through, as migration 16 does for roles."""
    old, wanted = (f"{column} IN ({', '.join(repr(each) for each in states)})" for states in (before, after))
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, wanted)
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?", (old, wanted, table)
    )
    op.get_bind().exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=OFF")
