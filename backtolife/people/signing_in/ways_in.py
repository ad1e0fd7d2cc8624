"""Everything by which somebody is in, or could come in without showing more, ends."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.people.models import Person, RememberedDevice, SignedIn, SignInLink


def end_every_way_in(db: Db, person: Person, now: datetime) -> None:
    """Signed out in every browser; no link, code or remembered device opens anything any more."""
    run = db.connection().execute
    own, of_link = col(SignedIn.person_id) == person.id, col(SignInLink.person_id) == person.id
    run(update(SignedIn).where(own, col(SignedIn.ended_at).is_(None)).values(ended_at=now))
    run(update(SignInLink).where(of_link, col(SignInLink.spent_at).is_(None)).values(spent_at=now))
    devices = update(RememberedDevice).where(col(RememberedDevice.person_id) == person.id)
    run(devices.where(col(RememberedDevice.revoked_at).is_(None)).values(revoked_at=now))
