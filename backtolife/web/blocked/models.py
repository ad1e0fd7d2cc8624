"""How often browsers blocked what."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field, SQLModel

from backtolife.database.session import UTCDateTime, new_id


class BlockedCount(SQLModel, table=True):
    """One row: how often something was blocked on one kind of page. Nobody is known by it, so it is of no service.

    There are no more rows than directives, kinds of page and kinds of thing: a flood adds to a number.
    """

    __tablename__ = "blocked_count"
    __table_args__ = (UniqueConstraint("directive", "page", "kind"),)

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=String(32))
    directive: str = Field(sa_type=String(40))
    page: str = Field(sa_type=String(200))
    kind: str = Field(sa_type=String(20))
    times: int
    first_at: datetime = Field(sa_type=UTCDateTime)
    last_at: datetime = Field(sa_type=UTCDateTime)
