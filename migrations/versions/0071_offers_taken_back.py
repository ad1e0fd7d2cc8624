"""An offer made by mistake is taken back, and an answer that staff wrote down by mistake."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

OLD = ["invited", "declined", "enrolled", "started", "completed", "withdrawn", "died"]
NEW = [*OLD[:2], "offer_taken_back", *OLD[2:]]
CHECKS = (
    ("enrolment", "state", "enrolment_state"),
    ("enrolment_change", "state", "change_state"),
    ("place_ending", "state_before", "state_before"),
)


def upgrade() -> None:
    for check in CHECKS:
        allow(*check, OLD, NEW)
    with op.batch_alter_table("offer_answer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("taken_back_at", backtolife.database.session.UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("taken_back_by", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    """The older version knows such a place as declined, and no answer that does not stand."""
    op.execute("UPDATE enrolment SET state = 'declined' WHERE state = 'offer_taken_back'")
    op.execute("UPDATE enrolment_change SET state = 'declined' WHERE state = 'offer_taken_back'")
    op.execute("DELETE FROM offer_answer WHERE taken_back_at IS NOT NULL")
    with op.batch_alter_table("offer_answer", schema=None) as batch_op:
        batch_op.drop_column("taken_back_by")
        batch_op.drop_column("taken_back_at")
    for check in CHECKS:
        allow(*check, NEW, OLD)


def allow(table: str, column: str, name: str, before: list[str], after: list[str]) -> None:
    """Change which states the check constraint of a table lets through, as migration 41 does."""
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
