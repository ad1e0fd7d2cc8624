"""Who is who at the organisation, and which of the open sign-ins it stands behind."""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from backtolife.database.session import Row, UTCDateTime, new_id


class OrganisationAccount(Row, table=True):
    """One row: a member of staff, and the account at their organisation that is theirs for good."""

    __tablename__ = "organisation_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    issuer: str = Field(sa_type=String(400))
    subject: str = Field(sa_type=String(255))
    """The provider's own name for them. Addresses change hands, this does not."""
    set_aside: list[str] = Field(default_factory=list, sa_type=JSON)
    """Clinical roles that somebody here gave and the directory does not confirm now: it may give those back."""
    linked_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class OrganisationSignIn(Row, table=True):
    """One row: a sign-in that goes on for as long as the provider says so."""

    __tablename__ = "organisation_sign_in"

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    account_id: str = Field(foreign_key="organisation_account.id", sa_type=String(32))
    signed_in_id: str = Field(foreign_key="signed_in.id", unique=True, sa_type=String(32))
    refresh_closed: str = Field(default="", sa_type=String(12000))
    """Encrypted: with it we ask whether they are still welcome. Empty where the provider gave none, or it is over."""
    acr: str = Field(default="", sa_type=String(200))
    amr: str = Field(default="", sa_type=String(200))
    """How the provider recognised them, in its words."""
    checked_at: datetime = Field(index=True, sa_type=UTCDateTime)
    """When it last said yes."""

    @property
    def owner_id(self) -> str:
        return self.person_id


class SpentState(SQLModel, table=True):
    """One row: a question to the provider that had its answer. Nobody is known by it, so it belongs to no service."""

    __tablename__ = "spent_state"

    id: str = Field(default_factory=new_id, primary_key=True, sa_type=String(32))
    mark: str = Field(unique=True, sa_type=String(64))
    expires_at: datetime = Field(index=True, sa_type=UTCDateTime)
