"""Which keys the database was encrypted with: a wrong or missing one is said at the start, before anybody reads."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine, String, column, inspect, table
from sqlalchemy import select as select_columns
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Field, Session, SQLModel, select

from backtolife.database.migrating import refuse_newer
from backtolife.database.sealing import ours
from backtolife.database.session import Db, UTCDateTime, reading, session_scope
from backtolife.errors import Invalid

MISSING = (
    "This database was encrypted with a DATA_KEY that is not here (its id is {ids}). Set it as DATA_KEY, or, where you "
    "are changing keys, put it into DATA_KEY_OLD."
)


SEALED = {"person_identifier": "closed", "authenticator": "secret_closed", "organisation_sign_in": "refresh_closed"}
"""What was encrypted before it was written down with which key, by its table and column."""


class DataKey(SQLModel, table=True):
    """One row: values here are closed with the key that has this id. The id tells nothing about the key."""

    __tablename__ = "data_key"

    id: str = Field(primary_key=True, sa_type=String(8))
    since: datetime = Field(sa_type=UTCDateTime)


def in_use(engine: Engine) -> set[str]:
    """The ids of the keys that values here are closed with; none before there are tables."""
    if not inspect(engine).has_table(str(DataKey.__tablename__)):
        return set()
    with Session(reading(engine)) as db:
        return set(db.exec(select(DataKey.id)))


def missing(engine: Engine) -> list[str]:
    """The ids of those that are not among ours."""
    return sorted(in_use(engine) - set(ours().key_ids))


def older(engine: Engine) -> list[str]:
    """The ids of those that something here is still closed with, besides the newest: until it is closed again."""
    return sorted(in_use(engine) - {ours().key_ids[0]})


def unopened(engine: Engine) -> list[str]:
    """The tables whose first encrypted value opens with none of our keys, also in a database from before it was written
    down which key it needs.
    """
    found = []
    with reading(engine).connect() as connection:
        there = set(inspect(connection).get_table_names())
        for name in sorted(SEALED.keys() & there):
            row_id, closed = column("id", String), column(SEALED[name], String)
            wanted = (
                select_columns(row_id, closed).select_from(table(name, row_id, closed)).where(closed != "").limit(1)
            )
            for key, value in connection.execute(wanted):
                if not opens(value, place=f"{name}/{key}/{SEALED[name]}"):
                    found.append(name)
    return found


def opens(value: str, *, place: str) -> bool:
    try:
        ours().open(value, place=place)
    except Invalid:
        return False
    return True


def refuse_missing(engine: Engine) -> None:
    """Raise Invalid where a key is missing."""
    if gone := missing(engine):
        raise Invalid(MISSING.format(ids=", ".join(gone)))


def begin_with_keys(engine: Engine, *, now: datetime) -> None:
    """Raise Invalid where a key is missing, and Conflict where the database belongs to a newer version; else write down
    that the newest key is in use from now on. A database that does not answer yet is no reason not to start: pages say
    so themselves.
    """
    with suppress(OperationalError, ProgrammingError):
        with engine.connect() as connection:
            refuse_newer(connection)
        refuse_missing(engine)
        with session_scope(engine) as db:
            use(db, now=now)


def use(db: Db, *, now: datetime) -> None:
    """The newest key is in use from now on."""
    newest = ours().key_ids[0]
    if db.get(DataKey, newest) is None:
        db.add(DataKey(id=newest, since=now))
        db.flush()
