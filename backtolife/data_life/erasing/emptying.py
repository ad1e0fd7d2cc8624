"""Taking a person out of every table."""

from datetime import datetime

from sqlalchemy import Table, Text, bindparam, delete, or_, select, type_coerce, update
from sqlmodel import col
from sqlmodel import select as select_rows

from backtolife.data_life.copied import COPIED
from backtolife.data_life.copies.gathering import AT_ONCE, depth
from backtolife.data_life.erased import EMPTIED, GONE, PERSON
from backtolife.data_life.records import records_of
from backtolife.database.closed import closed_columns, in_row
from backtolife.database.session import Db, metadata
from backtolife.mail import delivery
from backtolife.people.models import Person
from backtolife.programme.merging.models import RecordPair
from backtolife.programme.places.dying import sign_out

ERASED = "Erased"
NOBODYS = "@erased.invalid"


def is_erased(person: Person) -> bool:
    return person.email.endswith(NOBODYS)


def empty(db: Db, *, person_id: str, now: datetime) -> int:
    """Take the person out, with every record of theirs and whoever was booked beside them. Returns how many records.

    Nobody signs in as them any more, and what waits to be sent goes nowhere.
    """
    db.flush()
    records = [str(each) for each in db.connection().execute(records_of(person_id)).scalars()]
    beside = list(db.exec(select_rows(Person.id).where(col(Person.beside_id).in_(records))))
    everybody = records + [each for each in beside if each not in records]
    delivery.drop_waiting(db, person_ids=everybody, urgent=True)
    sign_out(db, everybody, now)
    found: dict[str, list[str]] = {}
    for name, how in sorted(COPIED.items(), key=lambda each: depth(each[0])):
        ids = everybody if how.parent in ("", "person") else found[how.parent]
        found[name] = of_table(db, name, how.column, ids)
    for name, ids in reversed(found.items()):
        change(db, name, ids)
    pairs = or_(col(RecordPair.kept_id).in_(records), col(RecordPair.other_id).in_(records))
    db.connection().execute(update(RecordPair).where(pairs).values(other_email="", refused={}))
    db.expire_all()
    return len(records)


def of_table(db: Db, name: str, column: str, ids: list[str]) -> list[str]:
    table = metadata.tables[name]
    found: list[str] = []
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(table.c.id).where(table.c[column].in_(ids[start : start + AT_ONCE]))
        found += db.connection().execute(wanted).scalars()
    return found


def change(db: Db, name: str, ids: list[str]) -> None:
    """What is decided about these rows of one table."""
    table = metadata.tables[name]
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        theirs = table.c.id.in_(some)
        if name in GONE:
            db.connection().execute(delete(table).where(theirs))
        elif name == "person":
            nobodys = "erased-" + table.c.id + NOBODYS
            db.connection().execute(update(table).where(theirs).values(**PERSON, email=nobodys))
        else:
            for column in EMPTIED.get(name, ()):
                say_erased(db, table, column, some)


def say_erased(db: Db, table: Table, column: str, ids: list[str]) -> None:
    """Whatever stands in this column says that it was erased; what is encrypted is so row by row."""
    written = table.c[column].is_not(None) & (type_coerce(table.c[column], Text) != "")
    if column not in closed_columns(table):
        db.connection().execute(update(table).where(table.c.id.in_(ids), written).values({column: ERASED}))
        return
    said = update(table).where(table.c.id == bindparam("row"), written).values({column: bindparam("said")})
    db.connection().execute(said, [{"row": each, "said": in_row(ERASED, each)} for each in ids])
