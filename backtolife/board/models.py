"""The group's board in the database: what is written between sessions, and what was reported."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class BoardPost(Row, table=True):
    """One row: something written on a cohort's board. Never deleted; hidden from the group by a facilitator or its
    writer.
    """

    __tablename__ = "board_post"
    __table_args__ = (UniqueConstraint("person_id", "form_key"),)

    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    text: str = Field(sa_type=Text)
    form_key: str | None = Field(default=None, sa_type=String(32))
    """Of the page on which it was written: what is sent from it twice is one message."""
    at: datetime = Field(sa_type=UTCDateTime)
    pinned_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    hidden_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    hidden_reason: str = Field(default="", sa_type=String(300))

    @property
    def owner_id(self) -> str:
        return self.person_id


class BoardReport(Row, table=True):
    """One row: somebody asked the facilitators to look at a post. Settled when they hid it or let it stand."""

    __tablename__ = "board_report"
    __table_args__ = (UniqueConstraint("post_id", "person_id"),)

    post_id: str = Field(foreign_key="board_post.id", index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    reason: str = Field(default="", sa_type=String(300))
    at: datetime = Field(sa_type=UTCDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
