"""Questions that facilitators put to the group in a session, and what each seat chose."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class Poll(Row, table=True):
    """One row: a question with two to six answers. `options` never change once it is asked."""

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    question: str = Field(sa_type=String(200))
    options: list[str] = Field(sa_type=JSON)
    asked_by: str = Field(foreign_key="person.id", sa_type=String(32))
    asked_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class PollAnswer(Row, table=True):
    """One row: which answer a seat chose, counted from 0. Kept so that nobody counts twice; nobody is shown it."""

    __tablename__ = "poll_answer"
    __table_args__ = (
        UniqueConstraint("poll_id", "seat_id"),
        CheckConstraint("choice BETWEEN 0 AND 5", name="choice_of_six"),
    )

    poll_id: str = Field(foreign_key="poll.id", sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", sa_type=String(32))
    choice: int
    at: datetime = Field(sa_type=UTCDateTime)
