"""What staff show besides their password, or in its place: an app's secret, codes to write down, passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from backtolife.database.session import Row, UTCDateTime, new_id


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


class Passkey(Row, table=True):
    """One row: a key on a device of staff, which signs them in without a password. We hold its public half."""

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    name: str = Field(sa_type=String(40))
    """What its owner calls it, such as “Work laptop”."""
    credential_id: str = Field(unique=True, sa_type=String(1400))
    public_key: str = Field(sa_type=String(2000))
    sign_count: int = Field(sa_type=BigInteger)
    """How often it has signed, as it says: one that goes back is a copy. Keys that do not count say 0."""
    created_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class PasskeyChallenge(SQLModel, table=True):
    """One row: what a passkey is asked to sign, once. Nobody is known yet, so it belongs to no service."""

    __tablename__ = "passkey_challenge"

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=String(32))
    mark: str = Field(unique=True, sa_type=String(64))
    """A hash of it and of what it was made for."""
    expires_at: datetime = Field(index=True, sa_type=UTCDateTime)
    spent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
