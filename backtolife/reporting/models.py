"""What the evidence rests on beside the answers: margins fixed in advance, comparison groups, reports as they were."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class FixedMargin(Row, table=True):
    """One row: one version of the plan of one comparison. Only ever added to; the newest version counts.

    `fixed_at` is when it was saved: nobody can date it back. Points are those of the instrument.
    """

    __tablename__ = "fixed_margin"
    __table_args__ = (
        UniqueConstraint("service_id", "instrument", "milestone", "version"),
        CheckConstraint("points > 0 AND sd > 0", name="points_and_spread_above_0"),
    )

    instrument: str = Field(sa_type=String(40))
    milestone: str = Field(sa_type=String(40))
    version: int
    points: float
    sd: float
    icc: float
    group_size: float
    against: str = Field(sa_type=String(60))
    """`own` for the service's own face-to-face groups, else the id of a published result."""
    source: str = Field(sa_type=String(300))
    """Why this size."""
    fixed_at: datetime = Field(sa_type=UTCDateTime)
    fixed_by: str = Field(foreign_key="person.id", sa_type=String(32))


class Comparator(Row, table=True):
    """One row: a file of face-to-face results that the service brought. The newest one counts."""

    name: str = Field(sa_type=String(80))
    source: str = Field(sa_type=String(300))
    """Where the results come from, in the words of who brought them."""
    rows: int
    file_hash: str = Field(sa_type=String(64))
    imported_at: datetime = Field(sa_type=UTCDateTime)
    imported_by: str = Field(foreign_key="person.id", sa_type=String(32))


class ComparatorScore(Row, table=True):
    """One row: one person's two scores on one instrument, face to face."""

    __tablename__ = "comparator_score"
    __table_args__ = (UniqueConstraint("comparator_id", "person", "instrument", "milestone"),)

    comparator_id: str = Field(foreign_key="comparator.id", index=True, sa_type=String(32))
    person: str = Field(sa_type=String(40))
    """The code of the person in the file."""
    cohort: str = Field(default="", sa_type=String(60))
    """The name of their group in the file; empty for somebody seen alone."""
    instrument: str = Field(sa_type=String(40))
    milestone: str = Field(sa_type=String(40))
    before: float | None = None
    after: float | None = None


class Report(Row, table=True):
    """One row: a report as it was made. Everything in it comes from `snapshot`, so it can be made again, the same."""

    scope: str = Field(sa_type=String(10))
    """service, cohort or quarter."""
    subject: str = Field(default="", sa_type=String(32))
    """The cohort's id or the quarter, such as 2026-Q2; empty for the whole service."""
    title: str = Field(sa_type=String(120))
    made_at: datetime = Field(sa_type=UTCDateTime)
    made_by: str = Field(foreign_key="person.id", sa_type=String(32))
    snapshot: bytes = Field(sa_type=LargeBinary)
    """The data and the settings as compressed JSON. People are codes; nobody's name is in it."""
    snapshot_hash: str = Field(sa_type=String(64))
    html_hash: str = Field(sa_type=String(64))
    """Of the page as it was first made, so that anyone can see whether it still comes out the same."""
