"""Who covers safety tasks when: duty, leave, the days nobody works, and each time a task went up."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Date, Integer, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice


class DutyShift(Row, table=True):
    """One row: this person covers safety tasks from `starts_at` up to `ends_at`, first or as the backup."""

    __tablename__ = "duty_shift"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),)

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    starts_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime, index=True)
    backup: bool = False


class StaffLeave(Row, table=True):
    """One row: this person is away on these days, both included. Tasks go to somebody else."""

    __tablename__ = "staff_leave"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="first_before_last"),)

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    first_day: date = Field(sa_type=Date)
    last_day: date = Field(sa_type=Date)


class BankHoliday(Row, table=True):
    """One row: a day on which the service's staff do not work, so that no call is promised for it."""

    __tablename__ = "bank_holiday"
    __table_args__ = (UniqueConstraint("service_id", "day"),)

    day: date = Field(sa_type=Date)
    name: str = Field(sa_type=String(60))


class Cause(StrEnum):
    """Why a task went up."""

    NOT_TAKEN = "not_taken"
    OVERDUE = "overdue"


class TaskEscalation(Row, table=True):
    """One row: this person was written to because a task was not taken, or not done by the time that was promised."""

    __tablename__ = "task_escalation"
    __table_args__ = (UniqueConstraint("task_id", "cause", "told_id", "day", "opened_again"),)

    task_id: str = Field(foreign_key="safety_task.id", index=True, sa_type=String(32))
    cause: Cause = Field(sa_type=choice(Cause, "escalation_cause"))
    told_id: str = Field(foreign_key="person.id", sa_type=String(32))
    day: date = Field(sa_type=Date)
    at: datetime = Field(sa_type=UTCDateTime)
    opened_again: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    """How often the task had been opened again by then."""
