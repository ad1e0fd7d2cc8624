"""What is kept of the end of the programme for one place."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime

STANDS = "taken_back_at IS NULL"


class PlaceDischarge(Row, table=True):
    """One row: at `at` the programme was over for this place, whose person had come to so many sessions.

    Whether they completed is the place's state. Only ever added to, and taken back once.
    """

    __tablename__ = "place_discharge"
    __table_args__ = (
        Index(
            "uq_place_discharge_once",
            "enrolment_id",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    sessions: int
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    taken_back_by: str = Field(default="", sa_type=String(64))
