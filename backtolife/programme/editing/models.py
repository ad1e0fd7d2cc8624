"""Programmes that a service is still writing."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class ProgrammeDraft(Row, table=True):
    """One row: a version of the programme that somebody is writing. No group reads it before it is published."""

    __tablename__ = "programme_draft"

    based_on: str = Field(foreign_key="adopted_programme.id", sa_type=String(32))
    """The version it was begun from: of this service, or one that another one shared."""
    files: dict[str, str] = Field(sa_type=JSON)
    """The text of each of its files, by its path in the programme's folder."""
    revision: int = 0
    """How often it was saved: whoever saves must have seen the newest."""
    begun_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime = Field(sa_type=UTCDateTime)
    changed_by: str = Field(sa_type=String(64))
    before: dict[str, str | None] = Field(default_factory=dict, sa_type=JSON)
    """The text that the last change replaced, by the path of its file; None for a file that it added: what is undone.
    """
    came_from: str | None = Field(default=None, sa_type=String(200))
    """The name of the file in which it was brought; None for one that was begun here."""
    discarded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
