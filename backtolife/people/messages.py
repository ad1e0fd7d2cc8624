"""The messages of signing in: queued beside the link they carry, worded by the programme's templates."""

from datetime import datetime

from backtolife import delivery
from backtolife.db import Db
from backtolife.people.models import LinkPurpose, Person, Service
from backtolife.people.signin import LINK_MINUTES, Issued

WORDS: dict[LinkPurpose, tuple[str, str]] = {
    LinkPurpose.SIGN_IN: (
        "Your sign-in link",
        "Hello {name},\n\nHere is your link to sign in: {link}\n\n"
        "Or type this code on the sign-in page: {code}\n\n"
        "It works once, and for {minutes} minutes. Please do not share it.\n\n"
        "If you did not ask for this, you can ignore it. If it worries you, call us on {phone}.\n\n{service}\n",
    ),
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


def queue_link(db: Db, *, person: Person, issued: Issued, address: str, now: datetime) -> None:
    """Queue the message that carries a fresh link to the page at `address`."""
    service = db.get_one(Service, person.service_id)
    subject, body = WORDS[issued.link.purpose]
    values = {
        "name": person.shown_name,
        "link": address,
        "code": issued.code,
        "minutes": LINK_MINUTES,
        "phone": service.phone,
        "service": service.name,
    }
    delivery.queue(
        db,
        service_id=person.service_id,
        key=f"link:{issued.link.id}",
        address=person.email,
        subject=subject.format(**values),
        body=body.format(**values),
        now=now,
        person_id=person.id,
    )
