"""Programmes that a service is still writing."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class ProgrammeDraft(Row, table=True):
    """One row: a version of the programme that somebody is writing. No group reads it before it is published."""

    __tablename__ = "programme_draft"

    based_on: str = Field(foreign_key="adopted_programme.id", sa_type=String(32))
    files: dict[str, str] = Field(sa_type=JSON)
    """The text of each of its files, by its path in the programme's folder."""
    revision: int = 0
    """How often it was saved: whoever saves must have seen the newest."""
    begun_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by: str = Field(sa_type=String(64))
    discarded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
