"""Which words a service asks for an instrument today: the official ones it loaded, else this product's own."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.catalogue.wording import Form, wording
from backtolife.outcomes.forms.importing import form_in, newest_of_each
from backtolife.people.models import Service


def words_for_service(db: Db, *, service_id: str, instrument: str, now: datetime) -> Form:
    """The words that a form opened at `now` is asked in. Raises NotFound where none may be asked."""
    found = words_of_each(db, service_id=service_id, instruments=[instrument], now=now)
    return found[instrument] if found else wording(instrument)


def words_of_each(db: Db, *, service_id: str, instruments: Collection[str], now: datetime) -> dict[str, Form]:
    """The same of many instruments, read at once. Left out is what may not be asked: the service has no words for
    it that it loaded under a licence that holds, and this product has none of its own.
    """
    today = in_zone(now, db.get_one(Service, service_id).zone).date()
    rows = newest_of_each(db, service_id=service_id, instruments=instruments, today=today)
    found = {}
    for name in instruments:
        with suppress(NotFound):
            found[name] = form_in(rows[name]) if name in rows else wording(name)
    return found


def topic_of(db: Db, *, service_id: str, instrument: str, now: datetime) -> str:
    """A short heading for patients."""
    return words_for_service(db, service_id=service_id, instrument=instrument, now=now).topic
