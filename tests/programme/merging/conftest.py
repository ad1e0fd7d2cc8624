"""Linda, recorded twice."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.people.models import Person, Role
from tests.programme.merging.twice import Twice
from tests.support.factories import Factory


@pytest.fixture
def twice(db: Session, make: Factory, now: datetime) -> Twice:
    make.noise()
    service = make.service()
    earlier = make.cohort(service, first_day=(now - timedelta(days=400)).date())
    runs = make.cohort(service, first_day=(now + timedelta(days=7)).date())
    long_ago, now_in = make.enrolment(earlier, "Lynda"), make.enrolment(runs, "Linda")
    make.withdrawn(long_ago)
    kept, other = (db.get_one(Person, each.person_id) for each in (now_in, long_ago))
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    return Twice(db, make, service, lead, kept, other, now_in, long_ago, now)
