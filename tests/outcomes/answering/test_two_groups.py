"""Who is in two groups is asked the same questions for each, and can tell the two apart."""

import re
from datetime import timedelta
from itertools import count

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts import enrolment
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory
from tests.support.outcomes.group_who_answer import AnsweringGroup


def test_the_same_questions_of_two_groups_have_names_of_their_own_for_a_screen_reader(group: AnsweringGroup) -> None:
    with session_scope(group.app.extensions["backtolife.engine"]) as db:
        now = clock.now()
        make = Factory(db, now, numbers=count(100))
        patient = db.get_one(Person, group.people["maureen"])
        service = db.get_one(Service, db.get_one(Enrolment, group.enrolments["maureen"]).service_id)
        second = make.cohort(service, name="Friday", first_day=(now + timedelta(days=8)).date())
        admin = make.actor(make.person(service, Role.ADMINISTRATOR))
        enrolment.enrol(db, patient=patient, cohort=second, actor=admin, now=now)
    page = group.as_("maureen").get("/questions").text
    names = [
        " ".join(words_of(page, each) for each in ids.split())
        for ids in re.findall(r'<section[^>]* aria-labelledby="([^"]+)"', page)
    ]
    assert len([name for name in names if "Before you start" in name]) == 2
    assert len(set(names)) == len(names), names


def words_of(page: str, element: str) -> str:
    """The words inside the element with this id, without tags."""
    inside = re.search(rf'<(\w+)[^>]* id="{re.escape(element)}"[^>]*>(.*?)</\1>', page, re.DOTALL)
    assert inside, element
    return " ".join(re.sub(r"<[^>]+>", "", inside.group(2)).split())
