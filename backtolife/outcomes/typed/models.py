"""Official words on their way from paper to patients: typed by people, in more than one sitting."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class TypedForm(Row, table=True):
    """One row: the words of one instrument version as far as they are typed. Once loaded it changes no more."""

    __tablename__ = "typed_form"

    instrument: str = Field(sa_type=String(40))
    instrument_version: str = Field(sa_type=String(20))
    words: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    """What stands in each field of the page (`typed.fields`); an empty field has no entry."""
    started_by: str = Field(foreign_key="person.id", sa_type=String(32))
    started_at: datetime = Field(sa_type=UTCDateTime)
    changed_by: str = Field(foreign_key="person.id", sa_type=String(32))
    changed_at: datetime = Field(sa_type=UTCDateTime)
    removed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When somebody removed it from the list. It can be brought back."""
    loaded_id: str | None = Field(default=None, foreign_key="imported_form.id", index=True, sa_type=String(32))
    """The form it became."""
