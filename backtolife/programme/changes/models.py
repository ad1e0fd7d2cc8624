"""What was changed of a group's dates, so that it can be read and undone."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice


class ChangeKind(StrEnum):
    """What somebody did."""

    MOVED = "moved"
    MOVED_ALL = "moved_all"
    """One session and all that follow."""
    PUT_OFF = "put_off"
    """One session to the date of the next one, all that follow likewise, and one date more at the end."""
    BREAK = "break"
    LEFT_OUT = "left_out"
    BROUGHT_BACK = "brought_back"
    UNDONE = "undone"


class DatesChange(Row, table=True):
    """One row: on `at`, `by` changed the dates of a cohort, which made them its `version`. Only ever added to.

    `before` and `after` hold the sessions that changed, by number: start, end, and whether they take place.
    """

    __tablename__ = "dates_change"
    __table_args__ = (UniqueConstraint("cohort_id", "version"),)

    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    version: int
    kind: ChangeKind = Field(sa_type=choice(ChangeKind, "dates_change_kind"))
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    before: dict[str, list[str]] = Field(sa_type=JSON)
    after: dict[str, list[str]] = Field(sa_type=JSON)
