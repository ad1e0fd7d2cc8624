"""A new link for somebody booked for a course whose first one did not reach them."""

from collections.abc import Collection
from datetime import datetime

from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.people.access import System
from backtolife.people.models import Person
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.companions.booked import place_of
from backtolife.programme.companions.letters import tell_booked
from backtolife.sessions.guests.courses import course_link


def book_again(db: Db, people: Collection[Person], sender: tuple[str, str], now: datetime) -> int:
    """Send each of these a new link, in place of the one that is in line or failed. `sender` is the address of the site
    and the mailbox that our mail comes from. Returns to how many: to nobody for whom no session is to come.
    """
    site, mail_from = sender
    sent = 0
    for person in people:
        place = place_of(db, person)
        if place is None:
            continue
        try:
            token = course_link(db, person=person, actor=System("bookings", person.service_id), now=now)
        except Conflict:
            continue
        link, by = f"{site}/guest/{token}", Sender(site, mail_from)
        sent += bool(tell_booked(db, person=person, place=place, link=link, sender=by, now=now))
    return sent
