"""The private addresses under which people subscribe to their dates."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class CalendarFeed(Row, table=True):
    """One row: the person's calendar can be fetched without signing in by whoever has its secret. Kept is a hash."""

    __tablename__ = "calendar_feed"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    token_hash: str = Field(unique=True, sa_type=String(64))
    made_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
