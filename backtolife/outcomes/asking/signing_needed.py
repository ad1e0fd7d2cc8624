"""Telling those who can have the words of the questions signed that this is needed, and where: once by mail."""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.readiness import unsigned_in_use
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.forms.service_wording import words_for_service
from backtolife.people.models import Person, Role
from backtolife.people.roles import holding
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.working import who_can_work

SUBJECT = "Questions need approval"
LEAD_BODY = """Hello {name},

The questions for your groups cannot be asked yet. Please read their words and approve them by name: {site}/words

Until then nobody is asked them, and nobody is reminded.

{service}
"""
ADMINISTRATOR_BODY = """Hello {name},

The questions for your groups cannot be asked yet. A clinical lead has to approve their words at {site}/words, and no
clinical lead of your service can sign in yet. Please see to that: {site}/staff

Until then nobody is asked the questions, and nobody is reminded.

{service}
"""


def able_in(db: Db, service_id: str, role: Role) -> Sequence[Person]:
    wanted = select(Person).where(Person.service_id == service_id, holding(role), who_can_work())
    return db.exec(wanted.order_by(col(Person.created_at))).all()


def ask_for_signing(db: Db, *, service_id: str, production: bool, site: str, now: datetime) -> int:
    """Write to every clinical lead, or where there is none to the administrators, that words wait to be signed.

    Once for each set of words and person: words that change, and so wait again, are new ones. Returns how many
    messages are new.
    """
    waiting = unsigned_in_use(db, service_id=service_id, production=production, now=now)
    if not waiting:
        return 0
    leads = able_in(db, service_id, Role.CLINICAL_LEAD)
    people, body = (leads, LEAD_BODY) if leads else (able_in(db, service_id, Role.ADMINISTRATOR), ADMINISTRATOR_BODY)
    words = fingerprint(db, service_id, waiting, now)
    return sum(write(db, person, body, words, site=site, now=now) for person in people)


def fingerprint(db: Db, service_id: str, waiting: Collection[str], now: datetime) -> str:
    """What somebody has to sign for: these very words, with the rules that count their answers."""
    forms = [words_for_service(db, service_id=service_id, instrument=name, now=now) for name in sorted(waiting)]
    parts = [part for form in forms for part in (form.instrument, load_instrument(form.instrument).hash, form.hash)]
    return sha256(" ".join(parts).encode()).hexdigest()[:16]


def write(db: Db, person: Person, body: str, words: str, *, site: str, now: datetime) -> bool:
    key = f"words-to-sign:{words}:{person.id}"
    queued = queue_to(db, person, key=key, subject=SUBJECT, body=body, now=now, site=site)
    return queued is not None
