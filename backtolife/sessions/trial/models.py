"""What is kept of a trial run."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.sessions.trial.rules import Found, Network


class TrialRun(Row, table=True):
    """One row: at `at` a patient tried camera, sound and network, or asked for help with them."""

    __tablename__ = "trial_run"
    __table_args__ = (UniqueConstraint("person_id", "run"),)

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    run: str = Field(sa_type=String(32))
    """The page's own name for this try: what it sends again changes the same row."""
    at: datetime = Field(sa_type=UTCDateTime)
    camera: bool | None = None
    sound: bool | None = None
    network: Network | None = Field(default=None, sa_type=choice(Network, "network"))
    help_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When they asked for a call."""
    called_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When staff wrote down that they have called."""
    called_by: str = Field(default="", sa_type=String(64))

    @property
    def owner_id(self) -> str:
        return self.person_id

    @property
    def found(self) -> Found:
        return Found(self.camera, self.sound, self.network)
