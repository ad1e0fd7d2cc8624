"""Programs in the database: who let which one read the results, and until when."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class ApiClient(Row, table=True):
    """One row: a program that may read results without names. Its token is shown once; only the hash is kept."""

    __tablename__ = "api_client"
    __table_args__ = (CheckConstraint("(revoked_by IS NULL) = (revoked_at IS NULL)", name="revoked_by_and_when"),)

    name: str = Field(sa_type=String(60))
    token_hash: str = Field(unique=True, sa_type=String(64))
    scopes: list[str] = Field(sa_type=JSON)
    created_by: str = Field(foreign_key="person.id", sa_type=String(32))
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    revoked_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    def works(self, now: datetime) -> bool:
        """Whether the token opens anything at `now`."""
        return self.revoked_at is None and now < self.expires_at
