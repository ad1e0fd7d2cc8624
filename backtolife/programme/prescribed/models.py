"""Exercises picked for one person, in the database."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class PrescribedExercise(Row, table=True):
    """One row: one version of an exercise picked for somebody. The newest counts; none is ever changed."""

    __tablename__ = "prescribed_exercise"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "exercise_id", "version"),
        CheckConstraint("version >= 1", name="version_from_1"),
    )

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    exercise_id: str = Field(sa_type=String(64))
    """Its id in the library of exercises."""
    version: int
    way: str = Field(sa_type=String(16))
    """One of `material.POSITIONS`."""
    amount: str = Field(sa_type=Text)
    """How much and how often, in words."""
    stopped: bool = False
    """It is not for them any more."""
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
