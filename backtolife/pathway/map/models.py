"""What a service's map says, version by version."""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class MapVersion(Row, table=True):
    """One row: at `at`, `by` made this version `number` of entry `entry_id`. Only ever added to; the newest counts."""

    __tablename__ = "map_version"
    __table_args__ = (UniqueConstraint("entry_id", "number"),)

    entry_id: str = Field(sa_type=String(32))
    number: int
    what: str = Field(sa_type=String(80))
    needs: list[str] = Field(default_factory=list, sa_type=JSON)
    """Keys of `rules.NEEDS`."""
    place: str = Field(sa_type=String(120))
    by_whom: str = Field(sa_type=String(120))
    for_whom: str = Field(sa_type=String(300))
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    """Tags of BCP 47."""
    wait_weeks: int | None = None
    """About how long people wait; None where nobody knows."""
    contact: str = Field(sa_type=String(200))
    shown: bool = True
    """Whether the public page shows it."""
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
