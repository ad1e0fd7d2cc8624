"""Which keys the database was encrypted with: a wrong or missing one is said at the start, before anybody reads."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Engine, String, inspect
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import Field, Session, SQLModel, select

from backtolife.database.sealing import ours
from backtolife.database.session import Db, UTCDateTime, reading, session_scope
from backtolife.errors import Invalid

MISSING = (
    "This database was encrypted with a DATA_KEY that is not here (its id is {ids}). Set it as DATA_KEY, or, where you "
    "are changing keys, put it into DATA_KEY_OLD."
)


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


def refuse_missing(engine: Engine) -> None:
    """Raise Invalid where a key is missing."""
    if gone := missing(engine):
        raise Invalid(MISSING.format(ids=", ".join(gone)))


def begin_with_keys(engine: Engine, *, now: datetime) -> None:
    """Raise Invalid where a key is missing; else write down that the newest one is in use from now on. A database that
    does not answer yet is no reason not to start: pages say so themselves.
    """
    with suppress(OperationalError, ProgrammingError):
        refuse_missing(engine)
        with session_scope(engine) as db:
            use(db, now=now)


def use(db: Db, *, now: datetime) -> None:
    """The newest key is in use from now on."""
    newest = ours().key_ids[0]
    if db.get(DataKey, newest) is None:
        db.add(DataKey(id=newest, since=now))
        db.flush()
