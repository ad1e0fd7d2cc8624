"""Which record was opened in an emergency, by whom and why, and what was said about it afterwards."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime

NOT_REVIEWED = text("reviewed_at IS NULL")


class EmergencyLook(Row, table=True):
    """One row: a record that somebody opened though they may not see it otherwise."""

    __tablename__ = "emergency_look"
    __table_args__ = (
        Index(
            "ix_emergency_look_not_reviewed",
            "service_id",
            sqlite_where=NOT_REVIEWED,
            postgresql_where=NOT_REVIEWED,
        ),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    by: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    reason: str = Field(sa_type=String(200))
    opened_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    """An hour later, or when whoever opened it was done."""
    reviewed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    reviewed_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    was_right: bool | None = None
    words: str = Field(default="", sa_type=String(400))
    """What the reviewer said."""

    @property
    def owner_id(self) -> str:
        return self.by
