"""Beats of the processes, kept where the others can see them: the scheduler's tells `web` whether mail leaves."""

from datetime import datetime

from sqlalchemy import String
from sqlmodel import Field, SQLModel

from backtolife.database.session import Db, UTCDateTime

SCHEDULER, WEB, BACKUP, RETENTION = "scheduler", "web", "backup", "retention"


class Beat(SQLModel, table=True):
    """When the process called `name` was last well. It says nothing of any service."""

    name: str = Field(primary_key=True, sa_type=String(40))
    at: datetime = Field(sa_type=UTCDateTime)


def leave(db: Db, *, name: str, now: datetime) -> None:
    """Write that `name` was well at `now`."""
    db.merge(Beat(name=name, at=now))
    db.flush()
