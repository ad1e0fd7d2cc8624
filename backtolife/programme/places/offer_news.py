"""Who has an invitation and has not answered hears of another first session: by a new letter, on the same page."""

from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.places.models import PlaceOffer
from backtolife.programme.places.offers import first_session, offer_values, was_told

Waiting = tuple[PlaceOffer, Enrolment, Person]


def unanswered(db: Db, cohort_id: str) -> list[Waiting]:
    """Who was offered a place in the group and has not answered, by name. One statement."""
    wanted = (
        select(PlaceOffer, Enrolment, Person)
        .join(Enrolment, col(Enrolment.id) == col(PlaceOffer.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(Enrolment.cohort_id == cohort_id, Enrolment.state == EnrolmentState.INVITED)
    )
    return list(db.exec(wanted.order_by(col(Person.full_name), col(PlaceOffer.id))).all())


def who_is_asked(db: Db, cohort_id: str) -> list[Person]:
    """The people who were offered a place and have not answered, by name."""
    return [person for _, _, person in unanswered(db, cohort_id)]


def tell_offered(db: Db, cohort: Cohort, cause: str, site: str, now: datetime) -> int:
    """Write to whoever has an invitation that the first session is another one now. Returns how many are written to.

    `cause` names the change of dates. Nobody can say yes after that session began, so that no offer waits longer. Who
    was not written to yet, or whose last day is over, is not here: the one reads the invitation as it is true then, and
    the other is rung.
    """
    dates, told = dates_of(db, cohort.id), 0
    first = first_session(dates, now)
    if first is None:
        return 0
    for made, place, person in unanswered(db, cohort.id):
        if made.answer_by <= now:
            continue
        made.answer_by = min(made.answer_by, first)
        if was_told(db, place):
            key, values = f"invitation-moved:{place.id}:{cause}", offer_values(dates, cohort, made, site, now)
            told += tell(db, person=person, cohort=cohort, template="invitation-moved", key=key, values=values, now=now)
    return told
