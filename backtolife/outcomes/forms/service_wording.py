"""Which words a service asks for an instrument today: the official ones it loaded, else this product's own."""

from datetime import datetime

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.catalogue.wording import Form, wording
from backtolife.outcomes.forms.importing import form_in, newest
from backtolife.people.models import Service


def words_for_service(db: Db, *, service_id: str, instrument: str, now: datetime) -> Form:
    """The words that a form opened at `now` is asked in. Raises NotFound where none may be asked."""
    today = in_zone(now, db.get_one(Service, service_id).zone).date()
    row = newest(db, service_id=service_id, instrument=instrument, today=today)
    return form_in(row) if row is not None else wording(instrument)


def may_be_asked(db: Db, *, service_id: str, instrument: str, now: datetime) -> bool:
    """Whether the service has words for it: loaded and licensed, or this product's own."""
    try:
        words_for_service(db, service_id=service_id, instrument=instrument, now=now)
    except NotFound:
        return False
    return True


def topic_of(db: Db, *, service_id: str, instrument: str, now: datetime) -> str:
    """A short heading for patients."""
    return words_for_service(db, service_id=service_id, instrument=instrument, now=now).topic
