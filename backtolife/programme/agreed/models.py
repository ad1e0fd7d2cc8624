"""Plans until the next session, in the database."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.agreed.rules import Went


class WeekPlan(Row, table=True):
    """One row: one version of what a patient means to do after a session. The newest counts; none is ever changed."""

    __tablename__ = "week_plan"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "session_number", "version"),
        CheckConstraint("session_number BETWEEN 1 AND 9", name="of_a_session"),
        CheckConstraint("sure BETWEEN 0 AND 10", name="from_0_to_10"),
    )

    enrolment_id: str = Field(foreign_key="enrolment.id", sa_type=String(32))
    session_number: int
    """In which session it was agreed."""
    version: int
    what: str = Field(sa_type=Text)
    how_much: str = Field(default="", sa_type=Text)
    when: str = Field(default="", sa_type=Text)
    sure: int | None = None
    """How sure they are that they can do it, from 0 to 10; None where nobody asked."""
    went: Went | None = Field(default=None, sa_type=choice(Went, "went"))
    """How it went, as they said in a later session; None until then."""
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
