"""A mail that somebody of staff sends to themselves, to see with their own eyes that ours arrive."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.signing_in.messages import queue_to
from backtolife.programme.own_service.models import MailCheck

SUBJECT = "Does our mail arrive?"
BODY = (
    "Hello {name},\n\nYou asked for this mail, to see whether mail from {service} arrives. It does. Please press the "
    "link and say so: {link}\n\nDid it come late, or among the unwanted mail? Then ask whoever looks after your mail "
    "to let ours through.\n\n{service}\n"
)
NOT_FOUND = "We do not know this link. Send yourself a new test mail from your home page."
BETWEEN = timedelta(minutes=1)
"""Nobody sends themselves more than one a minute."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def send(db: Db, *, person: Person, actor: Actor, site: str, now: datetime) -> None:
    """Queue a test mail to the acting person. Raises Conflict a moment after the last one."""
    authorise(actor, "set_up.read", actor)
    newest = select(MailCheck.sent_at).where(MailCheck.person_id == person.id).order_by(col(MailCheck.sent_at).desc())
    last = db.exec(newest).first()
    if last is not None and now < last + BETWEEN:
        raise Conflict("A test mail has just gone out. Wait a minute, then look again.")
    token = secrets.token_urlsafe(32)
    row = MailCheck(service_id=person.service_id, person_id=person.id, token_hash=digest(token), sent_at=now)
    db.add(row)
    db.flush()
    link = f"{site}/set-up/mail/{token}"
    queue_to(db, person, key=f"mail-check:{row.id}", subject=SUBJECT, body=BODY, now=now, link=link)
    audit.record(db, actor=actor, action="mail_check_sent", subject_type="mail_check", subject_id=row.id, now=now)


def find(db: Db, token: str) -> MailCheck:
    """Raises NotFound for a link that nobody was sent."""
    found = db.exec(select(MailCheck).where(MailCheck.token_hash == digest(token))).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def confirm(db: Db, *, token: str, now: datetime) -> MailCheck:
    """The mail has arrived: its link was pressed. A second press changes nothing."""
    row = find(db, token)
    if row.arrived_at is None:
        row.arrived_at = now
        person = db.get_one(Person, row.person_id)
        by = Actor(person.id, person.service_id, frozenset())
        audit.record(db, actor=by, action="mail_check_arrived", subject_type="mail_check", subject_id=row.id, now=now)
    return row


def has_arrived(db: Db, service_id: str) -> bool:
    """Whether a test mail of this service has arrived."""
    wanted = select(MailCheck.id).where(MailCheck.service_id == service_id, col(MailCheck.arrived_at).is_not(None))
    return db.exec(wanted).first() is not None
