"""What tells who somebody is, and what was written about them, is encrypted with DATA_KEY, for its row and column.

Killed in the middle, nothing has changed: all of it is one transaction.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from backtolife.database.sealing import Sealing, is_closed, ours
from backtolife.database.session import UTCDateTime

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

AT_ONCE = 500
EMPTY = {"server_default": ""}
WIDENED: dict[str, dict[str, tuple[int, dict[str, str]]]] = {
    "person": {
        "emergency_name": (120, {}),
        "emergency_phone": (20, {}),
        "address": (160, EMPTY),
        "clinician": (160, EMPTY),
        "clinician_phone": (20, EMPTY),
        "needs_language": (60, EMPTY),
        "needs_words": (300, EMPTY),
    },
    "phone_call": {"words": (500, {})},
    "seat": {
        "place": (200, {}),
        "phone": (20, {}),
        "emergency_name": (120, {}),
        "emergency_phone": (20, {}),
        "news": (500, {}),
    },
    "warning_sign": {"news": (500, {})},
}
"""Columns that were as long as what people may type, and hold more now."""
WORDS = {
    **{table: tuple(columns) for table, columns in WIDENED.items()},
    "incident_record": ("happened", "done"),
    "patient_note": ("text",),
    "safety_task": ("contact", "assessment", "plan"),
}
BORN = "person.date_of_birth"


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_date_of_birth"))
        batch_op.add_column(sa.Column("born_mark", sa.String(length=64), nullable=True))
        batch_op.alter_column(
            "date_of_birth",
            existing_type=sa.Date(),
            type_=sa.Text(),
            existing_nullable=True,
            postgresql_using="date_of_birth::text",
        )
        batch_op.create_index(batch_op.f("ix_person_born_mark"), ["born_mark"])
    for table, columns in WIDENED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column, (length, more) in columns.items():
                batch_op.alter_column(
                    column,
                    existing_type=sa.String(length=length),
                    type_=sa.Text(),
                    existing_nullable=False,
                    existing_server_default=more.get("server_default"),
                )
    sealing = ours()
    refuse_other_key(sealing)
    for table, columns in WORDS.items():
        for column in columns:
            change(table, column, lambda kept, place: sealing.close(kept, place=place) if not is_closed(kept) else kept)
    close_days(sealing)
    op.get_bind().execute(
        sa.text("INSERT INTO data_key (id, since) VALUES (:id, CURRENT_TIMESTAMP)"), {"id": sealing.key_ids[0]}
    )


def refuse_other_key(sealing: Sealing) -> None:
    """Raise Invalid where numbers are here already that another DATA_KEY closed: nothing is closed with a second one."""
    table = sa.table("person_identifier", sa.column("id"), sa.column("closed"))
    for row in op.get_bind().execute(sa.select(table).limit(1)):
        sealing.open(row.closed, place=f"person_identifier/{row.id}/closed")


def change(name: str, column: str, to: Callable[[str, str], Any]) -> None:
    """Each value of one column that is not empty becomes what `to` makes of it, some rows at once."""
    table = sa.table(name, sa.column("id", sa.String), sa.column(column, sa.Text))
    value, last = table.c[column], ""
    written = sa.update(table).where(table.c.id == sa.bindparam("row")).values({column: sa.bindparam("value")})
    while True:
        some = sa.select(table.c.id, value).where(table.c.id > last, value.is_not(None), value != "")
        rows = op.get_bind().execute(some.order_by(table.c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        new = [{"row": row[0], "value": to(row[1], f"{name}/{row[0]}/{column}")} for row in rows]
        op.get_bind().execute(written, new)
        last = rows[-1][0]


def close_days(sealing: Sealing) -> None:
    table = sa.table(
        "person",
        *(sa.column(each, sa.Text) for each in ("id", "service_id", "date_of_birth", "born_mark")),
    )
    born, last = table.c.date_of_birth, ""
    written = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("row"))
        .values(date_of_birth=sa.bindparam("closed"), born_mark=sa.bindparam("mark"))
    )
    while True:
        some = sa.select(table.c.id, table.c.service_id, born).where(table.c.id > last, born.is_not(None))
        rows = op.get_bind().execute(some.order_by(table.c.id).limit(AT_ONCE)).all()
        if not rows:
            return
        new = [
            {
                "row": row[0],
                "closed": sealing.close(row[2], place=f"person/{row[0]}/date_of_birth"),
                "mark": sealing.mark(row[2], of=f"{row[1]}/{BORN}"),
            }
            for row in rows
        ]
        op.get_bind().execute(written, new)
        last = rows[-1][0]


def open_days(opened: Callable[[str, str], str]) -> list[dict[str, object]]:
    """Every day of birth; the column is empty then, since SQLite would make a number of each on the way back."""
    table = sa.table("person", sa.column("id", sa.String), sa.column("date_of_birth", sa.Text))
    rows = op.get_bind().execute(sa.select(table).where(table.c.date_of_birth.is_not(None))).all()
    op.get_bind().execute(sa.update(table).values(date_of_birth=None))
    return [
        {"row": row[0], "day": date.fromisoformat(opened(row[1], f"person/{row[0]}/date_of_birth"))} for row in rows
    ]


def downgrade() -> None:
    sealing = ours()

    def opened(kept: str, place: str) -> str:
        return sealing.open(kept, place=place) if is_closed(kept) else kept

    for table, columns in WORDS.items():
        for column in columns:
            change(table, column, opened)
    days = open_days(opened)
    for table, wide in WIDENED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column, (length, more) in wide.items():
                batch_op.alter_column(
                    column,
                    existing_type=sa.Text(),
                    type_=sa.String(length=length),
                    existing_nullable=False,
                    existing_server_default=more.get("server_default"),
                )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_born_mark"))
        batch_op.drop_column("born_mark")
        batch_op.alter_column(
            "date_of_birth",
            existing_type=sa.Text(),
            type_=sa.Date(),
            existing_nullable=True,
            postgresql_using="date_of_birth::date",
        )
        batch_op.create_index(batch_op.f("ix_person_date_of_birth"), ["date_of_birth"])
    if days:
        table = sa.table("person", sa.column("id", sa.String), sa.column("date_of_birth", sa.Date))
        born = sa.update(table).where(table.c.id == sa.bindparam("row")).values(date_of_birth=sa.bindparam("day"))
        op.get_bind().execute(born, days)
    op.drop_table("data_key")
