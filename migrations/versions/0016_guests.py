"""Let guests be invited to one session: a companion beside a patient, an observer from the team."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OLD = {
    "person": (
        "role",
        ["patient", "facilitator", "clinical_lead", "service_lead", "duty_clinician", "administrator"],
    ),
    "seat": ("seat_role", ["patient", "facilitator"]),
}
GUESTS = ["companion", "observer"]


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invited_to", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_person_invited_to"), ["invited_to"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE person ADD COLUMN beside_id VARCHAR(32) CONSTRAINT fk_person_beside_id_person REFERENCES person (id)"
        )
    else:
        op.add_column("person", sa.Column("beside_id", sa.String(length=32), nullable=True))
        op.create_foreign_key(op.f("fk_person_beside_id_person"), "person", "person", ["beside_id"], ["id"])
    for table, (name, old) in OLD.items():
        allow(table, name, old, old + GUESTS)


def downgrade() -> None:
    for table, (name, old) in OLD.items():
        allow(table, name, old + GUESTS, old)
    named = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}
    with op.batch_alter_table("person", schema=None, naming_convention=named) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_invited_to"))
        batch_op.drop_constraint(batch_op.f("fk_person_beside_id_person"), type_="foreignkey")
        batch_op.drop_column("beside_id")
        batch_op.drop_column("invited_to")


def allow(table: str, name: str, before: list[str], after: list[str]) -> None:
    """Change which roles the check constraint of a table lets through.

    SQLite cannot alter a constraint, and making the table anew would touch every row that points to it. Its
    documentation names this way for changes that leave what is stored as it is: only the table's own text changes.
    """
    words = ", ".join(f"'{each}'" for each in before)
    wanted = ", ".join(f"'{each}'" for each in after)
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"role IN ({wanted})")
        return
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=ON")
    op.get_bind().exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        (f"role IN ({words})", f"role IN ({wanted})", table),
    )
    op.get_bind().exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    op.get_bind().exec_driver_sql("PRAGMA writable_schema=OFF")
