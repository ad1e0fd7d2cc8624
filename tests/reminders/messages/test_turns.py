"""A service with many groups reads what goes out next some groups at once, those that meet next first."""

from datetime import datetime, timedelta

from sqlmodel import Session

from backtolife.config import Settings
from backtolife.people.access import Actor
from backtolife.people.models import Role
from backtolife.reminders.messages.coming import coming_messages
from backtolife.reminders.messages.turns import A_PAGE
from tests.support.factories import Factory


def begun(make: Factory, now: datetime, many: int) -> tuple[Actor, Actor, list[str]]:
    """Groups of one service that meet one hour after the other, each with somebody in it; in the order they meet."""
    service, names = make.service(), []
    admin, lead = make.person(service, Role.ADMINISTRATOR), None
    for number in reversed(range(many)):
        hour = (now + timedelta(days=2, hours=number)).time()
        cohort = make.cohort(
            service, name=f"Group {number:02}", first_day=(now + timedelta(days=2)).date(), wall_time=hour
        )
        make.enrolment(cohort)
        lead = lead or make.facilitator(cohort)
        names.insert(0, cohort.name)
    assert lead is not None
    return make.actor(admin), make.actor(lead), names


def test_every_group_stands_on_one_page_and_those_that_meet_next_on_the_first(
    db: Session, make: Factory, settings: Settings, now: datetime
) -> None:
    admin, _, names = begun(make, now, A_PAGE + 2)
    first, second = (coming_messages(db, actor=admin, settings=settings, now=now, page=page) for page in (1, 2))
    of_each = [{each.cohort.name for each in found.rows if each.cohort} for found in (first, second)]
    assert of_each == [set(names[:A_PAGE]), set(names[A_PAGE:])]
    assert (first.groups.pages, first.groups.groups) == (2, A_PAGE + 2)


def test_a_page_that_is_not_there_is_the_last_one_and_who_has_one_group_has_one_page(
    db: Session, make: Factory, settings: Settings, now: datetime
) -> None:
    admin, lead, names = begun(make, now, A_PAGE + 1)
    beyond = coming_messages(db, actor=admin, settings=settings, now=now, page=7)
    assert (beyond.groups.page, {each.cohort.name for each in beyond.rows if each.cohort}) == (2, {names[-1]})
    own = coming_messages(db, actor=lead, settings=settings, now=now)
    assert (own.groups.pages, {each.cohort.name for each in own.rows if each.cohort}) == (1, {names[-1]})
