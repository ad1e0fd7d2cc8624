"""A patient, or staff for them, says how they want to be reached."""

from dataclasses import dataclass
from datetime import datetime

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.mail.channels import Channel
from backtolife.people.contact.interpreting import check_interpreting
from backtolife.people.contact.routes import MIDNIGHT, reroute
from backtolife.people.models import Person, Service
from backtolife.people.numbers import text_number
from backtolife.text.languages import languages, tag_of

NO_MOBILE = "We need a mobile number for texts. Save one with the details first."
NO_PHONE = "We need a telephone number to ring. Save one with the details first."
HOURS = "The first hour must come before the last one."


@dataclass(frozen=True)
class Contact:
    """How somebody wants to be reached. Texts go from `text_from` to `text_until`, in hours of the wall's clock."""

    channel: Channel
    others_read: bool
    text_from: int
    text_until: int
    written: str = ""
    """The language of what we write, and the one they speak best: tags, empty where nobody said."""
    spoken: str = ""


def contact_of(person: Person) -> Contact:
    hours = (person.text_from, person.text_until)
    return Contact(person.channel, person.others_read, *hours, person.message_language, tag_of(person.needs_language))


def choose(db: Db, *, person: Person, wanted: Contact, actor: Acting, now: datetime) -> bool:
    """Keep it, and send what waits that way. Returns whether anything changed. The caller has asked whether the actor
    may. Raises Invalid, naming the field, for a channel without a number, for hours that are none, and for a
    language that is not in the list, or is none where an interpreter is booked.
    """
    number_for(person, wanted.channel)
    if not 0 <= wanted.text_from < wanted.text_until <= MIDNIGHT:
        raise Invalid(HOURS, "text_until")
    before = contact_of(person)
    if wanted == before:
        return False
    for field, language, kept in (
        ("message_language", wanted.written, before.written),
        ("needs_language", wanted.spoken, before.spoken),
    ):
        if language not in ("", kept, *languages()):
            raise Invalid("Choose from the list.", field)
    check_interpreting(person.needs, wanted.spoken, field="needs_language")
    chosen_anew = wanted.channel is not person.channel
    person.channel, person.others_read = wanted.channel, wanted.others_read
    person.text_from, person.text_until = wanted.text_from, wanted.text_until
    person.message_language, person.needs_language = wanted.written, wanted.spoken
    zone = db.get_one(Service, person.service_id).zone
    reroute(db, person=person, zone=zone, now=now, chosen_anew=chosen_anew)
    audit.record(
        db,
        actor=actor,
        action="contact_chosen",
        subject_type="person",
        subject_id=person.id,
        now=now,
        channel=wanted.channel.value,
        others_read=wanted.others_read,
        language_changed=(wanted.written, wanted.spoken) != (before.written, before.spoken),
    )
    return True


def number_for(person: Person, channel: Channel) -> None:
    """Raise Invalid where the person has no number for this channel."""
    if channel is Channel.SMS and not text_number(person.phone):
        raise Invalid(NO_MOBILE, "channel")
    if channel is Channel.TELEPHONE and not person.phone:
        raise Invalid(NO_PHONE, "channel")
