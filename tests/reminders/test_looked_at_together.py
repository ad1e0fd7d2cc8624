"""The groups are looked at together before each is written to alone."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.outcomes.safety.on_call import covered_of_each, is_covered
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders import services
from backtolife.reminders.services import remind_cohort, with_news
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.came import came_to_each
from tests.support.factories import Factory
from tests.support.reporting.attending import attend
from tests.support.statements import statements_of


def test_a_group_has_news_until_it_was_written_to_and_many_take_as_many_statements_as_one(
    db: Session, make: Factory, settings: Settings
) -> None:
    service = make.service()
    groups = [make.cohort(service) for _ in range(5)]
    for each in groups:
        make.enrolment(each)
        make.facilitator(each)
    ids, at = [each.id for each in groups], dates_of(db, groups[0].id)[0].starts_at - timedelta(minutes=50)
    db.flush()
    assert with_news(db, ids, settings, at) == ids
    remind_cohort(db, cohort_id=ids[0], settings=settings, now=at)
    db.flush()
    with statements_of(db.get_bind()) as of_one:
        assert with_news(db, ids[1:2], settings, at) == ids[1:2]
    with statements_of(db.get_bind()) as of_all:
        assert with_news(db, ids, settings, at) == ids[1:]
    assert len(of_all) == len(of_one)


def test_where_looking_together_fails_each_group_is_looked_at_alone(
    db: Session, make: Factory, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [make.cohort(service).id for service in [make.service()] for _ in range(2)]

    def fails(*_: object, **__: object) -> None:
        raise ValueError("a fact that cannot be read")

    monkeypatch.setattr(services, "facts_of", fails)
    assert with_news(db, ids, settings, make.now) == ids


def test_who_came_is_the_same_read_of_many_groups_at_once(db: Session, make: Factory) -> None:
    service = make.service()
    groups = [make.cohort(service) for _ in range(2)]
    for each, came in zip(groups, (2, 1), strict=True):
        places = [make.enrolment(each) for _ in range(3)]
        attend(db, each, 1, places[:came], dates_of(db, each.id)[0].starts_at)
        attend(db, each, 2, places[:1], dates_of(db, each.id)[1].starts_at)
    later = dates_of(db, groups[0].id)[2].starts_at
    alone = {each.id: Counter(one.person_id for one in attendance_of(db, each, now=later)) for each in groups}
    assert came_to_each(db, [each.id for each in groups], later) == alone
    assert sorted(alone[groups[0].id].values()) == [1, 2]


def test_who_covers_is_the_same_asked_of_many_groups_at_once(db: Session, make: Factory) -> None:
    service: Service = make.service()
    led, not_led = make.cohort(service), make.cohort(service)
    make.facilitator(led)
    assert covered_of_each(db, [led, not_led], make.now) == {
        each.id for each in (led, not_led) if is_covered(db, each, make.now)
    }
    make.person(service, Role.DUTY_CLINICIAN)
    assert covered_of_each(db, [led, not_led], make.now) == {led.id, not_led.id}
    assert is_covered(db, not_led, make.now)
