"""Whose record has been kept for as long as the service keeps one."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from backtolife.data_life.retention.rules import Contact, Obstacle
from backtolife.database.session import Row, UTCDateTime, choice


class RetentionProposal(Row, table=True):
    """One row: this person's time is over. Made anew each night, and gone as soon as it is not so any more."""

    __tablename__ = "retention_proposal"
    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    last_at: datetime = Field(sa_type=UTCDateTime)
    last_contact: Contact = Field(sa_type=choice(Contact, "last_contact"))
    over_at: datetime = Field(sa_type=UTCDateTime)
    obstacle: Obstacle | None = Field(default=None, sa_type=choice(Obstacle, "obstacle"))
    """Why it cannot be asked for that they be erased; None where it can."""
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    erasure_id: str | None = Field(default=None, foreign_key="erasure.id", sa_type=String(32))
    """What was asked for because of this: called off where they come back."""
