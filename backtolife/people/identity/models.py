"""The numbers under which others know a person."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class PersonIdentifier(Row, table=True):
    """One row: a person's number in one system, encrypted. `mark` finds equal numbers without opening any."""

    __tablename__ = "person_identifier"
    __table_args__ = (
        UniqueConstraint("person_id", "system"),
        Index("ix_person_identifier_mark", "service_id", "system", "mark"),
    )

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    system: str = Field(sa_type=String(40))
    closed: str = Field(sa_type=String(200))
    mark: str = Field(sa_type=String(64))
    given_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
