"""The programmes that services use, in the database."""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class AdoptedProgramme(Row, table=True):
    """One row: a version of a programme that a service uses, whole. Its words never change."""

    __tablename__ = "adopted_programme"
    __table_args__ = (UniqueConstraint("service_id", "key", "version", "digest"),)

    key: str = Field(sa_type=String(60))
    version: str = Field(sa_type=String(20))
    digest: str = Field(sa_type=String(64))
    """Of `files`: other words under the same version number are another row."""
    files: dict[str, str] = Field(sa_type=JSON)
    """The text of each of its files, by its path in the programme's folder."""
    adopted_at: datetime = Field(sa_type=UTCDateTime)
    published_by: str | None = Field(default=None, sa_type=String(64))
    """Who published it; None for one that came with the product."""
    retired_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when no new group may begin with it."""
    based_on: str | None = Field(default=None, sa_type=String(32))
    """The version that it was written from: of this service, or one that another one shared."""
    shared_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when the other services of this installation may copy it."""
    put_away_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when it is out of the lists. No group follows one that is."""
