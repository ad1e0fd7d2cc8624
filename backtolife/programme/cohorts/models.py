"""The programme in the database: the cohorts of a service, their dates, who is enrolled."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, String, UniqueConstraint, false, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.cohorts.rules import EnrolmentState


class Cohort(Row, table=True):
    """One row: a group of patients who go through the nine sessions together."""

    __table_args__ = (
        UniqueConstraint("service_id", "name"),
        CheckConstraint("capacity BETWEEN 1 AND 14", name="capacity_fits_a_group"),
    )

    programme_id: str = Field(foreign_key="adopted_programme.id", sa_type=String(32))
    name: str = Field(sa_type=String(60))
    schedule: str = Field(sa_type=String(40))
    first_day: date = Field(sa_type=Date)
    wall_time: str = Field(sa_type=String(5))
    """HH:MM on the wall clock of `zone`; a clock change keeps it."""
    zone: str = Field(sa_type=String(64))
    capacity: int = 14
    created_at: datetime = Field(sa_type=UTCDateTime)
    version: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often the group's dates were changed: whoever saves must have seen the newest."""
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when nobody new is taken in."""
    archived_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when it is put away: out of the lists, in every figure."""

    @property
    def cohort_id(self) -> str:
        return self.id


class StaffPlace(StrEnum):
    LEAD = "lead"
    SPOTTER = "spotter"


class CohortStaff(Row, table=True):
    """One row: this facilitator leads or spots for this cohort."""

    __tablename__ = "cohort_staff"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    place: StaffPlace = Field(sa_type=choice(StaffPlace, "staff_place"))


class SessionCover(Row, table=True):
    """One row: on this one date, this facilitator stands in for whoever leads or spots."""

    __tablename__ = "session_cover"
    __table_args__ = (UniqueConstraint("session_date_id", "place"), UniqueConstraint("session_date_id", "person_id"))

    session_date_id: str = Field(foreign_key="session_date.id", sa_type=String(32))
    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    place: StaffPlace = Field(sa_type=choice(StaffPlace, "cover_place"))


class SessionDate(Row, table=True):
    """One row: session `number` of a cohort takes place from `starts_at` to `ends_at`. Everything due hangs on it."""

    __tablename__ = "session_date"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 9", name="nine_sessions"),
    )

    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    number: int
    starts_at: datetime = Field(sa_type=UTCDateTime, index=True)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often this date was changed, as calendars count it."""
    left_out_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When it was decided that this session does not take place. Its date stays: questions hang on it."""
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the group really ended it; None until then."""

    opens_before: int = Field(default=15, sa_column_kwargs={"server_default": "15"})
    """How many minutes before the start the waiting room opens, as the group's programme says."""
    open_after: int = Field(default=15, sa_column_kwargs={"server_default": "15"})
    """How many minutes after the planned end people can still come in."""

    @property
    def opens_at(self) -> datetime:
        """The moment the waiting room opens."""
        return self.starts_at - timedelta(minutes=self.opens_before)

    @property
    def closes_at(self) -> datetime:
        """The first moment at which nobody is let in any more."""
        return self.ends_at + timedelta(minutes=self.open_after)

    @property
    def over_at(self) -> datetime:
        """When it is over: as the group ended it, and as planned until then."""
        return self.ended_at or self.ends_at

    def has_ended(self, at: datetime) -> bool:
        """Whether the group had ended it at that moment, which may be before its planned end."""
        return self.ended_at is not None and self.ended_at <= at


HOLDING = "state IN ('invited', 'enrolled', 'started', 'completed')"
"""Of whoever holds a place, as `rules.HOLDS_A_PLACE`, for the database."""


class Enrolment(Row, table=True):
    """One row: a patient's place in a cohort. Its id is the thread through every room.

    Who left and comes back gets a place of its own: a person holds one place in a cohort at a time.
    """

    __table_args__ = (
        Index(
            "uq_enrolment_one_place",
            "cohort_id",
            "person_id",
            unique=True,
            sqlite_where=text(HOLDING),
            postgresql_where=text(HOLDING),
        ),
        UniqueConstraint("service_id", "code"),
        ForeignKeyConstraint(["cohort_id"], ["cohort.id"]),
    )

    cohort_id: str = Field(index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    code: str = Field(sa_type=String(12))
    """The pseudonym under which results leave the service."""
    state: EnrolmentState = Field(sa_type=choice(EnrolmentState, "enrolment_state"))
    """The newest state; the history is in `enrolment_change`."""
    enrolled_at: datetime = Field(sa_type=UTCDateTime)
    agreed_later: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether they may be sent the questions some months after the end once they have left: how their answer to that
    consent stands, which alone writes it (`programme/consent/answering.py`).
    """

    @property
    def owner_id(self) -> str:
        return self.person_id


class EnrolmentChange(Row, table=True):
    """One row: on `at`, the enrolment became `state`. Only ever added to."""

    __tablename__ = "enrolment_change"

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    state: EnrolmentState = Field(sa_type=choice(EnrolmentState, "change_state"))
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
    reason: str = Field(default="", sa_type=String(200))


class PlaceMove(Row, table=True):
    """One row: at `at` this place moved from one group to another, with its answers and what its person came to."""

    __tablename__ = "place_move"

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    from_cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    to_cohort_id: str = Field(foreign_key="cohort.id", sa_type=String(32))
    words: str = Field(default="", sa_type=String(500))
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
