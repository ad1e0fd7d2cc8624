"""Until when an offer is to be answered."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.errors import Invalid
from backtolife.people.models import Role
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places import offers
from backtolife.programme.places.rules import last_moment, usual_answer_by
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
        answer_by=first.date(),
        site=SITE,
        actor=admin,
        now=soon,
    )
    made = offers.offer_of(db, place)
    assert made is not None
    assert (made.answer_by, soon < made.remind_at < first) == (first, True)


def test_a_last_day_after_the_first_session_is_refused_with_its_date(now: datetime) -> None:
    first = datetime.fromisoformat("2026-03-10T10:00+00:00")
    with pytest.raises(Invalid, match=r"after their first session, on Tuesday 10 March\. Choose that day"):
        last_moment(date(2026, 3, 11), now, "Europe/London", first)
    assert last_moment(date(2026, 3, 10), now, "Europe/London", first) == first


def test_for_a_late_start_the_suggested_day_is_before_the_session_that_comes_next() -> None:
    today = date(2026, 3, 3)
    assert usual_answer_by(today, date(2026, 3, 5)) == date(2026, 3, 4)
    assert usual_answer_by(today, today) == today
    assert usual_answer_by(today, date(2026, 3, 2)) == date(2026, 3, 10), "nobody comes any more"
