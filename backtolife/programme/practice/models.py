"""The practice diary in the database."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.practice.rules import MOST_MINUTES, Felt


class PracticeEntry(Row, table=True):
    """One row: something that a patient did at home. Taken out for good, it keeps its key and none of its words."""

    __tablename__ = "practice_entry"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "client_key"),
        CheckConstraint(f"minutes BETWEEN 0 AND {MOST_MINUTES}", name="minutes_of_a_day"),
    )

    enrolment_id: str = Field(foreign_key="enrolment.id", sa_type=String(32))
    client_key: str = Field(sa_type=String(32))
    """The name that the writer's page gave it: sent twice, it is one row."""
    edit: int = 0
    """How often it was changed before it came, and since."""
    day: date = Field(sa_type=Date)
    """On which day they did it, as they say."""
    device_day: date | None = Field(default=None, sa_type=Date)
    """Which day it was on the device that it was written on; None where no script told it."""
    written_at: datetime = Field(sa_type=UTCDateTime)
    """When it was written, by our clock: the arrival, less how long the device kept it."""
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When they last put it right on a page of ours."""
    taken_out_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    item: str = Field(sa_type=String(80))
    """`practice:` or `exercise:` and an id of the programme, or `rules.OTHER`."""
    what: str = Field(sa_type=Text)
    """What it was, in the words that they saw or wrote."""
    minutes: int | None = None
    felt: Felt | None = Field(default=None, sa_type=choice(Felt, "felt"))
    note: str = Field(default="", sa_type=Text)
