"""Messages to people of ours: names stand apart in all of them; and those of signing in, with the link they carry."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.contact.words import Words, WordsOf
from backtolife.people.models import LinkPurpose, Person, Service
from backtolife.people.names import isolated
from backtolife.people.numbers import text_number
from backtolife.people.signing_in.signin import LINK_MINUTES, Issued
from backtolife.text.gsm import SMS_CHARACTERS, in_gsm

SIGN_IN = "sign-in-link"
"""The template of the programme for a link to sign in."""
WORDS: dict[LinkPurpose, tuple[str, str]] = {
    LinkPurpose.JOIN: (
        "Your code",
        "Hello {name},\n\nYour code to join is: {code}\n\n"
        "It works once, and for {minutes} minutes. Please do not share it.\n\n"
        "If you did not ask for this, you can ignore it. If it worries you, call us on {phone}.\n\n{service}\n",
    ),
    LinkPurpose.INVITATION: (
        "Your invitation to {service}",
        "Hello {name},\n\nYou have an account with {service}. Choose your password here: {link}\n\n"
        "The link works once, and for 7 days.\n\n{service}\n",
    ),
    LinkPurpose.PASSWORD_RESET: (
        "Choose a new password",
        "Hello {name},\n\nChoose a new password here: {link}\n\nThe link works once, and for an hour. "
        "If you did not ask for this, you can ignore it.\n\n{service}\n",
    ),
}
AS_TEXT = ":text"
"""How the key of the text ends that goes beside an urgent mail."""
CODE_TEXT = "{service}: your code to join is {code}. It works once, for {minutes} minutes. Please do not share it."
LINK_KEY = "link:"
"""How the key of a message begins that carries a link to sign in."""


def queue_to(
    db: Db,
    person: Person,
    *,
    key: str,
    subject: str,
    body: str,
    now: datetime,
    to: str = "",
    urgent: bool = False,
    **values: object,
) -> OutgoingMessage | None:
    """Queue a message to somebody of ours, with `values` in it, their name and their service's.

    Names stand apart from the words beside them. It goes to the person's own address, or where `to` says.
    """
    service = db.get_one(Service, person.service_id)
    names = {"name": isolated(person.shown_name), "service": isolated(service.name), "phone": service.phone}
    return delivery.queue(
        db,
        service_id=person.service_id,
        key=key,
        address=to or person.email,
        subject=subject.format(**names, **values),
        body=body.format(**names, **values),
        now=now,
        person_id=person.id,
        urgent=urgent,
    )


def page(
    db: Db, person: Person, *, key: str, subject: str, body: str, text: str, now: datetime, **values: str
) -> OutgoingMessage | None:
    """Queue an urgent message to somebody on duty: by e-mail, and at a mobile number as a text too.

    `text` is the one message that a phone shows; it holds the short name of the service, and no name of a patient.
    """
    number = text_number(person.phone)
    if number:
        service = db.get_one(Service, person.service_id)
        delivery.queue(
            db,
            service_id=person.service_id,
            key=f"{key}{AS_TEXT}",
            address=number,
            subject=subject,
            body="",
            text=in_gsm(text.format(service=service.short_name, **values))[:SMS_CHARACTERS],
            channel=Channel.SMS,
            now=now,
            person_id=person.id,
            urgent=True,
        )
    return queue_to(db, person, key=key, subject=subject, body=body, now=now, urgent=True, **values)


@dataclass(frozen=True)
class Ready:
    """A fresh link, for whom it is, and the address of the page that it opens."""

    person: Person
    issued: Issued
    address: str


def link_number(person: Person) -> str:
    """The number to which their links go, of who takes texts; else empty."""
    return text_number(person.phone) if person.is_patient and person.channel is Channel.SMS else ""


def queue_link(
    db: Db, *, person: Person, issued: Issued, address: str, now: datetime, by_mail: bool = False
) -> OutgoingMessage | None:
    """Queue the message that carries a fresh link to the page at `address`, or its code alone where it is a text."""
    words = words_of(db, person=person, issued=issued, address=address)
    number = link_number(person) if words.text and not by_mail else ""
    return delivery.queue(
        db,
        service_id=person.service_id,
        key=f"{LINK_KEY}{issued.link.id}",
        address=number or person.email,
        subject=words.subject,
        body=words.body,
        text=words.text,
        channel=Channel.SMS if number else Channel.EMAIL,
        now=now,
        person_id=person.id,
        urgent=True,
    )


def words_of(db: Db, *, person: Person, issued: Issued, address: str) -> Words:
    """What it says: of a link to sign in by the programme's template, of the others by ours."""
    service, purpose = db.get_one(Service, person.service_id), issued.link.purpose
    if purpose is LinkPurpose.SIGN_IN:
        template: WordsOf = current_app.extensions["backtolife.words_of"]
        values = {"link": address, "code": issued.code, "minutes_valid": str(LINK_MINUTES)}
        filled = {"first_name": isolated(person.shown_name), **values}
        return template(db, service, SIGN_IN, filled, person.message_language)
    names = {"name": isolated(person.shown_name), "service": isolated(service.name), "phone": service.phone}
    subject, body = WORDS[purpose]
    given = {**names, "link": address, "code": issued.code, "minutes": LINK_MINUTES}
    short = {"service": service.short_name, "code": issued.code, "minutes": LINK_MINUTES}
    text = in_gsm(CODE_TEXT.format(**short)) if purpose is LinkPurpose.JOIN else ""
    return Words(subject.format(**given), body.format(**given), text)
