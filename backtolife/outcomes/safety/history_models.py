"""What was written about a safety task after it was closed, and each closing that did not last."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.closed import ClosedText
from backtolife.database.session import Row, UTCDateTime


class TaskNote(Row, table=True):
    """One row: a note that somebody added to a task after it was closed. Only ever added to."""

    __tablename__ = "task_note"
    __table_args__ = (CheckConstraint("text <> ''", name="something_written"),)

    task_id: str = Field(foreign_key="safety_task.id", index=True, sa_type=String(32))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    text: str = Field(sa_type=ClosedText("task_note.text"))


class TaskReopening(Row, table=True):
    """One row: a closed task was opened again, why, and how it had been closed before, word for word."""

    __tablename__ = "task_reopening"
    __table_args__ = (
        UniqueConstraint("task_id", "number"),
        CheckConstraint("number > 0", name="first_is_one"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("contact <> ''", name="closed_with_a_note"),
    )

    task_id: str = Field(foreign_key="safety_task.id", index=True, sa_type=String(32))
    number: int
    """The first time is 1."""
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    reason: str = Field(sa_type=ClosedText("task_reopening.reason"))
    taken_by: str = Field(foreign_key="person.id", sa_type=String(32))
    taken_at: datetime = Field(sa_type=UTCDateTime)
    promised_at: datetime = Field(sa_type=UTCDateTime)
    """By when it should have been done before."""
    closed_by: str = Field(foreign_key="person.id", sa_type=String(32))
    closed_at: datetime = Field(sa_type=UTCDateTime)
    contact: str = Field(sa_type=ClosedText("task_reopening.contact"))
    assessment: str = Field(sa_type=ClosedText("task_reopening.assessment"))
    plan: str = Field(sa_type=ClosedText("task_reopening.plan"))
    gp_informed: bool | None = None
