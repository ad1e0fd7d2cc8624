"""Who signed which translation of a guide."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime

STANDS = "withdrawn_at IS NULL"


class GuideSignature(Row, table=True):
    """One row: a clinical lead signed the words of one translation. Other words, on either side, need another row."""

    __tablename__ = "guide_signature"
    __table_args__ = (
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawn_by_and_when"),
        Index(
            "uq_guide_signature_stands",
            "service_id",
            "digest",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )

    guide: str = Field(sa_type=String(60))
    """The guide's id in the programme."""
    language: str = Field(sa_type=String(20))
    digest: str = Field(sa_type=String(64))
    """Of the words that were signed, and of those that they translate."""
    signed_by: str = Field(foreign_key="person.id", sa_type=String(32))
    signed_at: datetime = Field(sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
