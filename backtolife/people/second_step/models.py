"""What we keep of the second step of staff: the secret that an app shares with us, and codes to write down."""

from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class Authenticator(Row, table=True):
    """One row: the app on a phone that shows a member of staff a new code every thirty seconds."""

    __table_args__ = (UniqueConstraint("person_id"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    secret_closed: str = Field(sa_type=String(200))
    """Encrypted: whoever has the database alone makes no codes."""
    last_step: int = Field(sa_type=BigInteger)
    """Of the newest code that was taken: the half minute since 1970. No code of it, or before, is taken again."""
    created_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class RecoveryCode(Row, table=True):
    """One row: a code for the day on which the phone is lost. Only a keyed hash is kept; it opens once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_mark"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    code_mark: str = Field(sa_type=String(64))
    created_at: datetime = Field(sa_type=UTCDateTime)
    spent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id
