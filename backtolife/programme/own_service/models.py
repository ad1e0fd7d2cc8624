"""What was changed of a service's own page, so that it can be read and changed back; and test mails."""

from datetime import datetime

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.mail.channels import Channel


class ServiceChange(Row, table=True):
    """One row: at `at`, `by` changed what the service says of itself, which made it `version`. Only ever added to.

    `before` and `after` hold the fields that changed, by name.
    """

    __tablename__ = "service_change"
    __table_args__ = (UniqueConstraint("service_id", "version"),)

    version: int
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    before: dict[str, str] = Field(sa_type=JSON)
    after: dict[str, str] = Field(sa_type=JSON)


class MailCheck(Row, table=True):
    """One row: somebody of staff sent themselves a mail or a text, to see whether ours arrive; `arrived_at` once they
    said so.
    """

    __tablename__ = "mail_check"

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    channel: Channel = Field(
        default=Channel.EMAIL, sa_type=choice(Channel, "check_channel"), sa_column_kwargs={"server_default": "email"}
    )
    token_hash: str = Field(unique=True, sa_type=String(64))
    sent_at: datetime = Field(sa_type=UTCDateTime)
    arrived_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
