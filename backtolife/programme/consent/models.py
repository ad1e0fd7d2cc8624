"""The words that people agree to, version by version, and what each person answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.consent.rules import ConsentKind


class ConsentText(Row, table=True):
    """One row: one version of words that patients of a service agree to. Never changed: new words are a new version."""

    __tablename__ = "consent_text"
    __table_args__ = (
        UniqueConstraint("service_id", "kind", "version"),
        CheckConstraint("version >= 1", name="version_is_counted"),
    )

    kind: ConsentKind = Field(sa_type=choice(ConsentKind, "text_kind"))
    version: int
    title: str = Field(sa_type=String(120))
    body: str = Field(sa_type=Text)
    """Markdown: headings of the second level, lists, words in bold."""
    asks_again: bool
    """Whether those who said yes to an earlier version are asked once more."""
    published_at: datetime = Field(sa_type=UTCDateTime)
    published_by: str = Field(sa_type=String(64))


STANDS = "replaced_at IS NULL"


class ConsentAnswer(Row, table=True):
    """One row: at `at` somebody said yes or no to one version. Only ever added to; what stands has no `replaced_at`."""

    __tablename__ = "consent_answer"
    __table_args__ = (
        Index(
            "uq_consent_answer_stands",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=text(STANDS),
            postgresql_where=text(STANDS),
        ),
    )

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    kind: ConsentKind = Field(sa_type=choice(ConsentKind, "answer_kind"))
    text_id: str | None = Field(default=None, foreign_key="consent_text.id", sa_type=String(32))
    version: int = 0
    """Of the words they were shown; 0 where the service had published none, and staff asked in their own."""
    agreed: bool
    by_telephone: bool
    """Written down by staff, for whoever said it."""
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
    replaced_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
