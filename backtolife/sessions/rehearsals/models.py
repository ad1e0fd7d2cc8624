"""A rehearsal in the database: whose it is and whether it goes on. What happens in it lives in a service of its own."""

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class Rehearsal(Row, table=True):
    """One row: somebody of staff rehearsed a session. The row is all that stays; it counts nowhere.

    `stage_id` and `group_session_id` name the made-up service and its room, which are deleted at the end.
    """

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    open_for: str | None = Field(default=None, unique=True, sa_type=String(32))
    """The person's id while it goes on: nobody has two at once. None afterwards."""
    stage_id: str = Field(sa_type=String(32))
    group_session_id: str = Field(index=True, sa_type=String(32))
    number: int
    """Which of the nine sessions."""
    started_at: datetime = Field(sa_type=UTCDateTime)
    ends_at: datetime = Field(sa_type=UTCDateTime)
    """When it ends by itself."""
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
