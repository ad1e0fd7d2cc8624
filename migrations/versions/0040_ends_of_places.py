"""A place ends with a reason, by a death too, and can be taken back; who comes back gets a new one."""

import sqlalchemy as sa
from alembic import op

import backtolife.database.session

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

OLD = ["invited", "enrolled", "started", "completed", "withdrawn"]
NEW = [*OLD, "died"]
HOLDING = "state IN ('invited', 'enrolled', 'started', 'completed')"
NAMES = {"enrolment": "enrolment_state", "enrolment_change": "change_state"}
REASONS = ["technology", "better", "worse", "work", "other_treatment", "ill", "family", "times", "group", "moved_away"]


def upgrade() -> None:
    op.add_column("person", sa.Column("died_at", backtolife.database.session.UTCDateTime(), nullable=True))
    op.add_column("enrolment", sa.Column("agreed_later", sa.Boolean(), server_default=sa.false(), nullable=False))
    for table, name in NAMES.items():
        allow(table, name, OLD, NEW)
    one_place(anew=True)
    op.create_table(
        "place_ending",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("service_id", sa.String(length=32), nullable=False),
        sa.Column("enrolment_id", sa.String(length=32), nullable=False),
        sa.Column("kind", words("end_kind", "withdrawn", "died"), nullable=False),
        sa.Column("state_before", words("state_before", *NEW), nullable=False),
        sa.Column("decided_by", words("decided_by", "patient", "together", "team"), nullable=True),
        sa.Column("reason", words("leaving_reason", *REASONS, "no_contact", "other"), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", backtolife.database.session.UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("taken_back_at", backtolife.database.session.UTCDateTime(), nullable=True),
        sa.Column("taken_back_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_place_ending_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_place_ending_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_ending")),
    )
    with op.batch_alter_table("place_ending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_ending_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_ending_service_id"), ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_table("place_ending")
    one_place(anew=False)
    for table, name in NAMES.items():
        allow(table, name, NEW, OLD)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("died_at")


def words(name: str, *each: str) -> sa.Enum:
    return sa.Enum(*each, name=name, native_enum=False, create_constraint=True, length=40)


def one_place(*, anew: bool) -> None:
    """One place at a time instead of one for ever, or back. SQLite makes the table anew, and its CHECK with it."""
    check = sa.CheckConstraint(f"state IN ({listed(NEW)})", name=op.f("ck_enrolment_enrolment_state"))
    if not anew:
        op.drop_index("uq_enrolment_one_place", table_name="enrolment")
    with op.batch_alter_table("enrolment", schema=None, table_args=[check]) as batch_op:
        if anew:
            batch_op.drop_constraint("uq_enrolment_cohort_id_person_id", type_="unique")
        else:
            batch_op.drop_column("agreed_later")
            batch_op.create_unique_constraint("uq_enrolment_cohort_id_person_id", ["cohort_id", "person_id"])
    if anew:
        op.create_index(
            "uq_enrolment_one_place",
            "enrolment",
            ["cohort_id", "person_id"],
            unique=True,
            sqlite_where=sa.text(HOLDING),
            postgresql_where=sa.text(HOLDING),
        )


def listed(states: list[str]) -> str:
    return ", ".join(f"'{each}'" for each in states)


def allow(table: str, name: str, before: list[str], after: list[str]) -> None:
    """Change which states the check constraint of a table lets through, as migration 16 does for roles."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"state IN ({listed(after)})")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        (f"state IN ({listed(before)})", f"state IN ({listed(after)})", table),
    )
    op.get_bind().exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=OFF")
