"""Who comes beside a patient again is told so; who never had their link is sent a new one."""

from collections.abc import Collection
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.companions.booked import companions_of
from backtolife.programme.companions.letters import tell_again, who_knows


def tell_who_comes_again(db: Db, *, place: Enrolment, around: Surroundings, sender: Sender, now: datetime) -> int:
    """The place of their patient came back. Returns how many are told."""
    beside = companions_of(db, place.id)
    told = tell_again(db, place=place, people=beside, sender=sender, now=now)
    return told + book_unaware(db, beside, around=around, sender=sender, now=now)


def book_unaware(db: Db, people: Collection[Person], *, around: Surroundings, sender: Sender, now: datetime) -> int:
    """Whoever of these has not had their link, because it did not arrive or did not go yet, is sent a new one, with the
    dates as they are now. Returns how many.
    """
    known = {each.id for each in who_knows(db, people)}
    unaware = [each for each in people if each.id not in known]
    return around.book_again(db, unaware, (sender.site, sender.mail_from), now)
