"""Who is to be erased, and who must not be."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime

OPEN = text("called_off_at IS NULL AND done_at IS NULL")
STANDS = text("lifted_at IS NULL")


class Erasure(Row, table=True):
    """One row: somebody asked that a person be erased. Done, it is the pseudonymous trace of it, by id alone."""

    __table_args__ = (
        Index("uq_erasure_one_open", "person_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        CheckConstraint("done_at IS NULL OR confirmed_by <> asked_by", name="confirmed_by_another"),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    reason: str = Field(sa_type=String(200))
    asked_by: str = Field(foreign_key="person.id", sa_type=String(32))
    asked_at: datetime = Field(sa_type=UTCDateTime)
    kept_long_enough: bool = Field(default=False)
    """Asked for because of its age: whether that is still true is looked at once more before it is done."""
    called_off_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    called_off_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    confirmed_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    done_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class LegalHold(Row, table=True):
    """One row: nothing of this person may be erased, until it is lifted."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        Index("uq_legal_hold_one", "person_id", unique=True, sqlite_where=STANDS, postgresql_where=STANDS),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    reason: str = Field(sa_type=String(200))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    lifted_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    lifted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
