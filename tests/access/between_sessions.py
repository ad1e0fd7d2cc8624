"""What a patient of the world has between sessions: a goal, an entry in a diary, an exercise picked for them."""

from backtolife.database.session import new_id
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.goals.services import set_goal
from backtolife.programme.practice.rules import Written
from backtolife.programme.practice.services import keep_entry
from backtolife.programme.prescribed.services import prescribe
from tests.support.factories import Factory


def a_goal(make: Factory, enrolment: Enrolment, canary: str) -> str:
    """The id of what somebody wants to do more of."""
    lead = make.person(make.db.get_one(Service, enrolment.service_id), Role.CLINICAL_LEAD)
    return set_goal(make.db, enrolment=enrolment, words=canary, actor=make.actor(lead), now=make.now).id


def an_entry(make: Factory, enrolment: Enrolment, canary: str) -> str:
    """The id of an entry in somebody's practice diary; marching is picked for them."""
    lead = make.person(make.db.get_one(Service, enrolment.service_id), Role.CLINICAL_LEAD)
    prescribe(
        make.db,
        enrolment=enrolment,
        exercise_id="ex-march",
        way="sitting",
        amount=canary,
        actor=make.actor(lead),
        now=make.now,
    )
    owner = make.actor(make.db.get_one(Person, enrolment.person_id))
    written = Written(make.now.date(), "other", canary)
    return keep_entry(make.db, enrolment=enrolment, key=new_id(), written=written, actor=owner, now=make.now).id
