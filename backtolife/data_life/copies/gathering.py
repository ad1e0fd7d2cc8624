"""Everything that is held about one patient, out of every table, without what is about others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import col
from sqlmodel import select as select_rows

from backtolife.data_life.copied import COPIED, SECRETS
from backtolife.data_life.records import records_of
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, metadata
from backtolife.people.identity.identifiers import place_of
from backtolife.people.identity.models import PersonIdentifier
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort

Value = str | int | float | bool | None | list[Any] | dict[str, Any]
AN_ID = re.compile(r"[0-9a-f]{32}")
YOU, SOMEBODY = "you", "somebody else"
AT_ONCE = 500


@dataclass(frozen=True)
class Part:
    """One table of the copy, in words and as it is."""

    table: str
    title: str
    rows: list[dict[str, Value]]


def gather(db: Db, *, person: Person, sealing: Sealing) -> list[Part]:
    """The whole copy, also of every record that was merged into this one; tables without a row are left out."""
    records = [str(each) for each in db.connection().execute(records_of(person.id)).scalars()]
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, how in sorted(COPIED.items(), key=lambda each: depth(each[0])):
        ids = records if how.parent in ("", "person") else [row["id"] for row in found[how.parent]]
        found[name] = rows_of(db, metadata.tables[name], how.column, ids)
    names = Names(db, records, found)
    parts = []
    for name, how in COPIED.items():
        rows = [{column: names.shown(column, value) for column, value in row.items()} for row in found[name]]
        if name == "person_identifier":
            rows = [opened(row, sealing) for row in found[name]]
        clean = [{column: value for column, value in row.items() if column not in SECRETS} for row in rows]
        if clean:
            parts.append(Part(name, how.title, clean))
    beside = [row_of(each) for each in beside_them(db, records)]
    return [*parts, Part("companion", "Who comes with you", beside)] if beside else parts


def beside_them(db: Db, records: Sequence[str]) -> Sequence[Person]:
    """Who was ever booked beside this person: what the service keeps of them, it keeps because of this person."""
    theirs = select_rows(Person).where(col(Person.beside_id).in_(records), col(Person.whole_course).is_(True))
    return db.exec(theirs.order_by(col(Person.created_at), col(Person.id))).all()


def row_of(companion: Person) -> dict[str, Value]:
    """Their name and when they were booked. Where they are reached is theirs, and stays out of it."""
    return {"full_name": companion.full_name, "booked_at": companion.created_at.isoformat()}


def depth(name: str) -> int:
    """How many tables lie between this one and the person."""
    parent = COPIED[name].parent
    return 0 if not parent else 1 + depth(parent)


def rows_of(db: Db, table: Table, column: str, ids: Sequence[str]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for start in range(0, len(ids), AT_ONCE):
        wanted = select(table).where(table.c[column].in_(ids[start : start + AT_ONCE]))
        found += [dict(row) for row in db.connection().execute(wanted.order_by(table.c.id)).mappings()]
    return found


def opened(row: Mapping[str, Any], sealing: Sealing) -> dict[str, Value]:
    """A number such as the NHS number, as it was given."""
    kept = PersonIdentifier(**row)
    return {
        "id": kept.id,
        "system": kept.system,
        "number": sealing.open(kept.closed, place=place_of(kept)),
        "given_at": kept.given_at.isoformat(),
    }


class Names:
    """What ids of people and groups are shown as: the person is “you”, staff have names, other patients do not."""

    def __init__(self, db: Db, records: Sequence[str], found: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        values = {value for rows in found.values() for row in rows for value in row.values() if isinstance(value, str)}
        ids = sorted(each for each in values if AN_ID.fullmatch(each))
        self.known = dict.fromkeys(records, YOU)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            for each in db.exec(select_rows(Person).where(col(Person.id).in_(some), col(Person.id).not_in(records))):
                self.known[each.id] = each.full_name if each.is_staff else SOMEBODY
            self.known |= dict(db.exec(select_rows(Cohort.id, Cohort.name).where(col(Cohort.id).in_(some))).all())

    def shown(self, column: str, value: object) -> Value:
        """The value as it stands in the copy."""
        if isinstance(value, datetime | date):
            return value.isoformat()
        if isinstance(value, str) and column != "id":
            return self.known.get(str(value), str(value))
        return value if isinstance(value, str | int | float | bool | list | dict) or value is None else str(value)
