"""Who is told that they missed a session: nobody who was not in the group then."""

from datetime import timedelta

from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.transfer import transfer
from backtolife.reminders.services import remind_cohort
from tests.support.factories import Factory
from tests.support.reporting.attending import attend


def test_who_moved_here_after_the_session_did_not_miss_it(db: Session, make: Factory, settings: Settings) -> None:
    service = make.service()
    cohort, before = make.cohort(service), make.cohort(service)
    came, stayed_away, moved = make.enrolment(cohort), make.enrolment(cohort), make.enrolment(before)
    lead = make.actor(make.person(db.get_one(Service, service.id), Role.CLINICAL_LEAD))
    first = dates_of(db, cohort.id)[0]
    attend(db, cohort, 1, [came], first.starts_at)
    later = first.over_at + timedelta(hours=2)
    transfer(db, enrolment=moved, to=cohort, words="", site="http://localhost", actor=lead, now=later)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=later + timedelta(hours=1))
    told = [each.person_id for each in db.exec(select(OutgoingMessage)) if each.key.startswith("missed-session:")]
    assert told == [stayed_away.person_id]
