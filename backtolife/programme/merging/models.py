"""What was decided about two records."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, String, false
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice


class Decision(StrEnum):
    """What two records are to each other."""

    MERGED = "merged"
    APART = "apart"
    """Two people; they are not shown as one any more."""


class RecordPair(Row, table=True):
    """One row: somebody looked at two records and decided. Undone once, never deleted."""

    __tablename__ = "record_pair"
    __table_args__ = (CheckConstraint("kept_id <> other_id", name="two_records"),)

    kept_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    """Of merged records the one that goes on."""
    other_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    decision: Decision = Field(sa_type=choice(Decision, "pair_decision"))
    moved: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    """Which rows went from the other record to the kept one: their ids, by table and column."""
    filled: list[str] = Field(default_factory=list, sa_type=JSON)
    """Which details the kept record did not have and took from the other."""
    other_email: str = Field(default="", sa_type=String(254), sa_column_kwargs={"server_default": ""})
    """The address of the other record as it was: the kept one may take it over, and gives it back with an undo."""
    other_shares: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """The other record shared that address with another patient."""
    refused: dict[str, str] = Field(default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    """Each yes of the kept record that a no of the other one replaced: the id of that no, by the id of the yes."""
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    undone_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
