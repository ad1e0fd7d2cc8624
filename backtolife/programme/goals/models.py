"""Goals in the database."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class Goal(Row, table=True):
    """One row: something that a patient wants to do more of. Its words are in `goal_words`."""

    __table_args__ = (CheckConstraint("session_number BETWEEN 1 AND 9", name="of_a_session"),)

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    session_number: int
    """In or after which session it was agreed."""
    look_back_on: date | None = Field(default=None, sa_type=Date)
    """When the patient wants to look how far they came; None where no day was agreed."""
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(foreign_key="person.id", sa_type=String(32))


class GoalWords(Row, table=True):
    """One row: one version of a goal's words. The newest counts; older ones are never changed."""

    __tablename__ = "goal_words"
    __table_args__ = (
        UniqueConstraint("goal_id", "version"),
        CheckConstraint("version >= 1", name="version_from_1"),
    )

    goal_id: str = Field(foreign_key="goal.id", sa_type=String(32))
    version: int
    text: str = Field(sa_type=Text)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
