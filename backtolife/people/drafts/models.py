"""What somebody typed into a form and has not saved yet."""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class Draft(Row, table=True):
    """One row: the unsaved words of one person in one form. Given back to that person only, and gone once saved.

    Kept here and not in the browser, because the next person at a shared computer must not be able to read it.
    """

    __table_args__ = (UniqueConstraint("person_id", "address"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    address: str = Field(sa_type=String(300))
    """The path that the form is sent to."""
    fields: str = Field(sa_type=Text)
    """JSON: a list of [name, value], in the order of the form."""
    base: str = Field(default="", sa_type=Text)
    """The same, of the form as it was when typing began; empty where nobody knows."""
    updated_at: datetime = Field(sa_type=UTCDateTime, index=True)

    @property
    def owner_id(self) -> str:
        return self.person_id
