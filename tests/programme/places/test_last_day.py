"""Until when an offer is to be answered."""

from datetime import timedelta

from sqlmodel import Session

from backtolife.people.models import Role
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places import offers
from tests.support.factories import Factory

SITE = "http://localhost"


def test_an_offer_is_never_to_be_answered_after_the_first_session_began(db: Session, make: Factory) -> None:
    service = make.service()
    cohort, admin = make.cohort(service), make.actor(make.person(service, Role.ADMINISTRATOR))
    first = dates_of(db, cohort.id)[0].starts_at
    soon = first - timedelta(minutes=10)
    place = offers.offer(
        db,
        patient=make.person(service),
        cohort=cohort,
        answer_by=first.date() + timedelta(days=7),
        site=SITE,
        actor=admin,
        now=soon,
    )
    made = offers.offer_of(db, place)
    assert made is not None
    assert (made.answer_by, soon < made.remind_at < first) == (first, True)
