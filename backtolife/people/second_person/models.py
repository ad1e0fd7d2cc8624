"""A role that somebody wants a colleague to have, until a second person says yes or no."""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.people.models import Role

OPEN = text("decided_at IS NULL")


class RoleProposed(Row, table=True):
    """One row: a role that waits for a second person, or waited. The colleague holds it only once it is given."""

    __tablename__ = "role_proposed"
    __table_args__ = (
        Index("uq_role_proposed_open", "person_id", "role", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    role: Role = Field(sa_type=choice(Role, "role"))
    proposed_by: str = Field(foreign_key="person.id", sa_type=String(32))
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    """Empty also where it was decided on the server, by a command."""
    given: bool = False

    @property
    def owner_id(self) -> str:
        return self.person_id
