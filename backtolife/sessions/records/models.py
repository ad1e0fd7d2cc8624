"""What is kept of a session beside its room: how people felt, what staff wrote, what they put right afterwards."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.closed import ClosedText
from backtolife.database.session import Row, UTCDateTime, choice


class Moment(StrEnum):
    """When pain and effort are asked."""

    BEFORE = "before"
    AFTER = "after"


class CheckAnswer(Row, table=True):
    """One row: a patient's pain and effort, 0 to 10, before or after a session. None where they passed.

    For staff only. The group sees counts, and those only from five answers on.
    """

    __tablename__ = "check_answer"
    __table_args__ = (
        UniqueConstraint("seat_id", "moment"),
        CheckConstraint("pain IS NULL OR pain BETWEEN 0 AND 10", name="pain_0_to_10"),
        CheckConstraint("effort IS NULL OR effort BETWEEN 0 AND 10", name="effort_0_to_10"),
    )

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", sa_type=String(32))
    moment: Moment = Field(sa_type=choice(Moment, "moment"))
    pain: int | None = None
    effort: int | None = None
    at: datetime = Field(sa_type=UTCDateTime)


class FeltAnswer(Row, table=True):
    """One row: which way a patient did an exercise section and how it felt, as they last said in that section."""

    __tablename__ = "felt_answer"
    __table_args__ = (UniqueConstraint("seat_id", "section_id"),)

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", sa_type=String(32))
    section_id: str = Field(sa_type=String(60))
    way: str = Field(default="", sa_type=String(8))
    feels: str = Field(default="", sa_type=String(5))
    at: datetime = Field(sa_type=UTCDateTime)


class WarningSign(Row, table=True):
    """One row: a patient ticked this group of warning signs on the page before a session. Never deleted with the
    session; one that is ticked off again keeps its row, and says when.
    """

    __tablename__ = "warning_sign"
    __table_args__ = (UniqueConstraint("group_session_id", "person_id", "sign"),)

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    cohort_id: str = Field(foreign_key="cohort.id", sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    sign: str = Field(sa_type=String(20))
    """Which group of signs: an id of `warning_signs`."""
    label: str = Field(sa_type=Text)
    """The words that were ticked, as they stood on the page."""
    advised: str = Field(default="", sa_type=Text)
    """What the page told the person to do at once; empty where it told nothing."""
    news: str = Field(default="", sa_type=ClosedText("warning_sign.news"))
    """What they wrote beside it."""
    at: datetime = Field(sa_type=UTCDateTime)
    unticked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SessionNote(Row, table=True):
    """One row: one version of what staff wrote about a session. The newest counts; older ones are never changed."""

    __tablename__ = "session_note"
    __table_args__ = (
        UniqueConstraint("group_session_id", "version"),
        CheckConstraint("version >= 1", name="version_from_1"),
    )

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    version: int
    text: str = Field(sa_type=Text)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)


class AttendanceCorrection(Row, table=True):
    """One row: a facilitator said how many minutes a patient was there, and why. The newest counts; none is changed."""

    __tablename__ = "attendance_correction"
    __table_args__ = (
        UniqueConstraint("group_session_id", "person_id", "version"),
        CheckConstraint("minutes BETWEEN 0 AND 240", name="minutes_0_to_240"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    version: int
    minutes: int
    reason: str = Field(sa_type=String(300))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)


class IncidentOutcome(StrEnum):
    """How a call for help ended."""

    SETTLED = "settled"
    RESTED = "rested"
    LEFT = "left"
    CALL_BACK = "call_back"
    URGENT = "urgent"
    """111, their GP or a clinic, on the same day."""
    EMERGENCY = "emergency"
    """999 or A&E."""


class IncidentRecord(Row, table=True):
    """One row: one version of what staff wrote about a call for help. The newest counts; none is ever changed."""

    __tablename__ = "incident_record"
    __table_args__ = (
        UniqueConstraint("alert_id", "version"),
        CheckConstraint("version >= 1", name="version_from_1"),
    )

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    alert_id: str = Field(foreign_key="help_alert.id", index=True, sa_type=String(32))
    version: int
    happened: str = Field(sa_type=ClosedText("incident_record.happened"))
    done: str = Field(sa_type=ClosedText("incident_record.done"))
    outcome: IncidentOutcome = Field(sa_type=choice(IncidentOutcome, "incident_outcome"))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
