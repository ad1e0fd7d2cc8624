"""A mail or a text that somebody of staff sends to themselves, to see with their own eyes that ours arrive."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Service
from backtolife.people.numbers import phone_kept, text_number
from backtolife.people.signing_in.messages import queue_to
from backtolife.programme.own_service.models import MailCheck

SUBJECT = "Does our mail arrive?"
BODY = (
    "Hello {name},\n\nYou asked for this mail, to see whether mail from {service} arrives. It does. Please press the "
    "link and say so: {link}\n\nDid it come late, or among the unwanted mail? Then ask whoever looks after your mail "
    "to let ours through.\n\n{service}\n"
)
TEXT_SUBJECT = "A test text"
TEXT = "{service}: you asked for this test text. Say that it arrived: {link}"
NOT_FOUND = "We do not know this link. Send yourself a new test message from your home page."
NO_MOBILE = "Enter a mobile phone number, like 07700 900123."
BETWEEN = timedelta(minutes=1)
"""Nobody sends themselves more than one a minute."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def send(db: Db, *, person: Person, actor: Actor, site: str, now: datetime) -> None:
    """Queue a test mail to the acting person. Raises Conflict a moment after the last one."""
    row, link = begin(db, person=person, actor=actor, channel=Channel.EMAIL, site=site, now=now)
    queue_to(db, person, key=f"mail-check:{row.id}", subject=SUBJECT, body=BODY, now=now, link=link)


def send_text(db: Db, *, number: str, person: Person, actor: Actor, site: str, now: datetime) -> str:
    """Queue a test text to a number of the acting person, which is returned. Raises Invalid for a number that takes no
    texts, and Conflict a moment after the last one.
    """
    mobile = text_number(phone_kept(number))
    if not mobile:
        raise Invalid(NO_MOBILE, "number")
    row, link = begin(db, person=person, actor=actor, channel=Channel.SMS, site=site, now=now)
    delivery.queue(
        db,
        service_id=person.service_id,
        key=f"mail-check:{row.id}",
        address=mobile,
        subject=TEXT_SUBJECT,
        body="",
        text=TEXT.format(service=db.get_one(Service, person.service_id).short_name, link=link),
        channel=Channel.SMS,
        at_once=True,
        person_id=person.id,
        now=now,
    )
    return mobile


def begin(db: Db, *, person: Person, actor: Actor, channel: Channel, site: str, now: datetime) -> tuple[MailCheck, str]:
    """A test by this channel, and the link that says that it has arrived."""
    authorise(actor, "set_up.read", actor)
    own = select(MailCheck.sent_at).where(MailCheck.person_id == person.id, MailCheck.channel == channel)
    last = db.exec(own.order_by(col(MailCheck.sent_at).desc())).first()
    if last is not None and now < last + BETWEEN:
        raise Conflict("A test message has just gone out. Wait a minute, then look again.")
    token = secrets.token_urlsafe(32)
    row = MailCheck(
        service_id=person.service_id, person_id=person.id, channel=channel, token_hash=digest(token), sent_at=now
    )
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="mail_check_sent",
        subject_type="mail_check",
        subject_id=row.id,
        now=now,
        channel=channel.value,
    )
    return row, f"{site}/set-up/mail/{token}"


def find(db: Db, token: str) -> MailCheck:
    """Raises NotFound for a link that nobody was sent."""
    found = db.exec(select(MailCheck).where(MailCheck.token_hash == digest(token))).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def confirm(db: Db, *, token: str, now: datetime) -> MailCheck:
    """The message has arrived: its link was pressed. A second press changes nothing."""
    row = find(db, token)
    if row.arrived_at is None:
        row.arrived_at = now
        person = db.get_one(Person, row.person_id)
        by = Actor(person.id, person.service_id, frozenset())
        audit.record(db, actor=by, action="mail_check_arrived", subject_type="mail_check", subject_id=row.id, now=now)
    return row


def arrived(db: Db, service_id: str) -> set[Channel]:
    """By which channels a test message of this service has arrived."""
    wanted = select(MailCheck).where(MailCheck.service_id == service_id, col(MailCheck.arrived_at).is_not(None))
    return {row.channel for row in db.exec(wanted)}
