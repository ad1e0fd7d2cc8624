"""Of a patient who was recorded twice, the record that goes on. A merged one may have been merged on."""

from sqlalchemy import CTE, ColumnElement, select

from backtolife.database.session import Db, metadata, one_at_a_time
from backtolife.people.models import Person


def hold_records(db: Db, service_id: str) -> None:
    """Until the transaction ends nobody else merges records of this service, or takes that back."""
    one_at_a_time(db, f"merge:{service_id}")


def record_of(db: Db, person: Person) -> Person:
    """The record that goes on for this person: another one where theirs was merged into it."""
    while person.merged_into_id is not None:
        person = db.get_one(Person, person.merged_into_id)
    return person


def going_on(whose: ColumnElement[bool]) -> CTE:
    """The same in the database, for everybody `whose` is true: the columns `of` and `record`, with the records between
    them. Where `into` is null the record goes on.
    """
    people, above = metadata.tables["person"], metadata.tables["person"].alias()
    themselves = select(people.c.id.label("of"), people.c.id.label("record"), people.c.merged_into_id.label("into"))
    chain = themselves.where(whose).cte("going_on", recursive=True)
    return chain.union_all(select(chain.c.of, above.c.id, above.c.merged_into_id).where(above.c.id == chain.c.into))
