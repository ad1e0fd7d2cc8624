"""A fresh link of a guest: shown once on the page of whoever asked for it, and sent where there is an address. The end
of a booking, likewise.
"""

from flask import flash

from backtolife.mail.delivery import in_rehearsal
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.companions.letters import by_hand, tell_booked
from backtolife.sessions.guests import courses, letters
from backtolife.sessions.room.models import GroupSession

REHEARSED = "This is a rehearsal, so we send no message. The link is below."


def page_of(token: str) -> str:
    """The address that a link opens."""
    return f"{settings().public_url}/guest/{token}"


def send_fresh_link(person: Person, token: str, *, to: str, group_session: GroupSession) -> tuple[str, str]:
    """The address of the link to one session, and where it was sent: nowhere in a rehearsal, and the page says so."""
    page = page_of(token)
    if to and in_rehearsal(db(), person.service_id):
        to = ""
        flash(REHEARSED)
    if to:
        letters.send(db(), person=person, group_session=group_session, page=page, to=to, now=now())
    return page, to


def send_course_link(person: Person, token: str, *, place: Enrolment) -> tuple[str, str]:
    """The same of a link for a whole course, which goes to where its companion is reached."""
    page = page_of(token)
    if not by_hand(person) and in_rehearsal(db(), person.service_id):
        flash(REHEARSED)
    return page, tell_booked(db(), person=person, place=place, link=page, sender=sender(), now=now())


def cancel_booking(place: Enrolment, person: Person) -> None:
    """End a booking for a course, and say whether its companion is told."""
    told = courses.cancel(db(), enrolment=place, person=person, actor=actor(), sender=sender(), now=now())
    name = isolated(person.shown_name)
    after = " We tell them." if told else " Please tell them yourself." if by_hand(person) else ""
    flash(f"{name} cannot come in any more.{after}")


def sender() -> Sender:
    """Who we are to the calendar of a guest."""
    return Sender(settings().public_url, settings().mail_from)
