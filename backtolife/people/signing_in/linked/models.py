"""Which accounts of staff, each in a service of its own, are one person's."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class LinkedAccount(Row, table=True):
    """One row: an account of staff that one sign-in opens together with others, in other services.

    It says who somebody is and gives no right: what they may do, the account in each service says by itself.
    """

    __tablename__ = "linked_account"
    __table_args__ = (UniqueConstraint("person_id"), UniqueConstraint("link_id", "service_id"))

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    link_id: str = Field(sa_type=String(32))
    """Equal for the accounts of one person."""
    linked_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
