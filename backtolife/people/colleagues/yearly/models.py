"""What is kept of a review of who has access."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class AccessReview(Row, table=True):
    """One row: somebody looked through everyone who had access, and who of them still needs it."""

    __tablename__ = "access_review"

    at: datetime = Field(sa_type=UTCDateTime, index=True)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    found: dict[str, list[str]] = Field(sa_type=JSON)
    """The roles of each colleague who kept their access, by the colleague's id; none for a role that waits."""
