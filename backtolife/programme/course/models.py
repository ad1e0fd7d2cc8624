"""The course in the database: what somebody has read and watched, and what they signed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.course.rules import Step

DONE = "undone_at IS NULL"
STANDS = "withdrawn_at IS NULL"


class CoursePart(Row, table=True):
    """One row: somebody of staff says that they have read or watched this part, in these words. Other words of it need
    another row.
    """

    __tablename__ = "course_part"
    __table_args__ = (
        Index(
            "uq_course_part_done",
            "person_id",
            "digest",
            unique=True,
            sqlite_where=text(DONE),
            postgresql_where=text(DONE),
        ),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    step: Step = Field(sa_type=choice(Step, "step"))
    part: str = Field(sa_type=String(80))
    """Its name in the programme: the guide's id, `session-3`, the video's id."""
    digest: str = Field(sa_type=String(64))
    """Of the words that were read or watched."""
    done_at: datetime = Field(sa_type=UTCDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When they took the tick back, or a lead asked for it once more."""
    undone_with: str | None = Field(default=None, foreign_key="course_signature.id", sa_type=String(32))
    """The signature with which a lead took it back; None where they did so themselves."""

    @property
    def owner_id(self) -> str:
        return self.person_id


class CourseSignature(Row, table=True):
    """One row: somebody of staff signed by name that they have done the course. It counts for the words of that day."""

    __tablename__ = "course_signature"
    __table_args__ = (
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_by_and_when"),
        Index(
            "uq_course_signature_stands",
            "person_id",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    name: str = Field(sa_type=String(120))
    """As they typed it."""
    version: str = Field(sa_type=String(20))
    """Of the facilitator guide that they signed."""
    digest: str = Field(sa_type=String(64))
    """Of everything that was to be read then."""
    signed_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    """Whoever took it back: its owner, also by signing again in its place, or a lead."""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_why: str = Field(default="", sa_type=String(300), sa_column_kwargs={"server_default": ""})
    """What a lead says to the person; empty where its owner took it back."""

    @property
    def owner_id(self) -> str:
        return self.person_id
