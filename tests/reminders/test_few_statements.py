"""A tick asks as little for many groups as for few, while they have nothing near."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind
from tests.support.factories import Factory
from tests.support.statements import statements_of


def count(engine: Engine, settings: Settings, now: datetime) -> int:
    with statements_of(engine) as seen:
        remind(engine, settings, now)
    return len(seen)


def test_groups_with_nothing_near_cost_a_tick_nothing(engine: Engine, settings: Settings, now: datetime) -> None:
    counts, far = [], (now + timedelta(days=60)).date()
    with session_scope(engine) as db:
        service_id = Factory(db, now).service().id
    for many in (2, 8):
        with session_scope(engine) as db:
            make = Factory(db, now)
            make.numbers = iter(range(1000 * many, 2000 * many))  # type: ignore[assignment]
            for _ in range(many):
                make.enrolment(make.cohort(db.get_one(Service, service_id), first_day=far))
        remind(engine, settings, now)  # who is new is welcomed
        counts.append(count(engine, settings, now))
    assert counts[0] == counts[1]


def test_a_group_costs_a_tick_as_much_with_ten_people_as_with_two(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        starts_at = dates_of(db, cohort.id)[0].starts_at
    near, counts = starts_at - timedelta(hours=20), []
    for many in (2, 8):
        with session_scope(engine) as db:
            make.db = db
            for _ in range(many):
                make.enrolment(cohort)
        assert remind(engine, settings, near) >= many
        counts.append(count(engine, settings, near))  # everything was queued before: it only looks
    assert counts[0] == counts[1]
    with session_scope(engine) as db:
        keys = [one.key for one in db.exec(select(OutgoingMessage)) if one.key.startswith("reminder-24h")]
        assert len(keys) == 10


def test_each_person_more_who_is_welcomed_costs_a_question_and_a_row(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
    far, counts = (now + timedelta(days=60)).date(), []
    for many in (2, 8):
        with session_scope(engine) as db:
            make.db = db
            cohort = make.cohort(db.get_one(Service, service.id), first_day=far)
            for _ in range(many):
                make.enrolment(cohort)
        counts.append(count(engine, settings, now))
    assert counts[1] - counts[0] <= 6 * 2


def test_most_of_a_group_get_one_and_the_same_calendar_file(engine: Engine, settings: Settings, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service(), first_day=(now + timedelta(days=60)).date())
        _, _, shares = (make.enrolment(cohort) for _ in range(3))
        db.get_one(Person, shares.person_id).shares_address = True
    remind(engine, settings, now)
    with session_scope(engine) as db:
        files = [one.calendar for one in db.exec(select(OutgoingMessage).where(OutgoingMessage.calendar != ""))]
        assert len(files) == 3
        assert len(set(files)) == 2
        assert sum(shares.person_id in each for each in files) == 1
