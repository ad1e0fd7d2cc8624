"""What goes out next follows the dates as they stand, and is seen by whose group it is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from backtolife.mail.channels import Channel
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.messages.coming import coming_messages
from backtolife.reminders.rules import after_quiet
from backtolife.sessions.joining.running_late import say_coming
from backtolife.sessions.room.services import for_date
from tests.support.factories import Factory

LONDON = "Europe/London"


def test_the_reminders_of_a_week_are_listed_with_who_gets_them(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort, "Linda")
    lead = make.actor(make.facilitator(cohort))
    make.noise()
    found = coming_messages(db, actor=lead, now=now)
    seen = {(each.title, f"{each.at.astimezone(ZoneInfo(LONDON)):%d %b %H:%M}") for each in found}
    assert ("Reminder, 24 hours before", "09 Mar 10:00") in seen
    assert ("Reminder, 1 hour before", "10 Mar 09:00") in seen
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert {name for each in found for name in each.people} == {"Linda Example"}


def test_a_session_that_moves_takes_its_reminders_with_it_and_one_left_out_has_none(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    lead, first = make.actor(make.facilitator(cohort)), dates_of(db, cohort.id)[0]
    first.starts_at -= timedelta(days=2)
    moved = [each.at for each in coming_messages(db, actor=lead, now=now) if each.title.startswith("Reminder, 24")]
    assert moved == [first.starts_at - timedelta(hours=24)]
    first.left_out_at = now
    assert [each for each in coming_messages(db, actor=lead, now=now) if each.title.startswith("Reminder")] == []


def test_another_group_is_seen_by_who_sees_the_service_and_by_no_facilitator_of_another(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    make.enrolment(cohort)
    service = db.get_one(Service, cohort.service_id)
    other, admin = make.person(service, Role.FACILITATOR), make.person(service, Role.ADMINISTRATOR)
    assert coming_messages(db, actor=make.actor(other), now=now) == []
    assert coming_messages(db, actor=make.actor(admin), now=now) != []


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-03-03T12:00", "2026-03-03T12:00"),
        ("2026-03-03T21:00", "2026-03-04T08:00"),
        ("2026-03-03T03:00", "2026-03-03T08:00"),
        ("2026-10-24T22:00", "2026-10-25T08:00"),
        ("2026-03-28T22:00", "2026-03-29T07:00"),
    ],
)
def test_what_falls_into_the_night_goes_at_eight_on_the_wall(at: str, then: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert after_quiet(moment, LONDON).astimezone(UTC).isoformat()[:16] == then


def test_who_said_that_they_cannot_come_is_reminded_of_that_session_no_more(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    linda = db.get_one(Person, make.enrolment(cohort, "Linda").person_id)
    make.enrolment(cohort, "Joseph")
    lead = make.actor(make.facilitator(cohort))
    held = for_date(db, dates_of(db, cohort.id)[0])
    say_coming(db, group_session=held, person=linda, coming=False, now=now)
    found = [each for each in coming_messages(db, actor=lead, now=now) if each.title.startswith("Reminder")]
    assert [each.people for each in found] == [["Joseph Example"]] * 2


def test_each_name_says_how_it_goes_and_whether_somebody_looks_first(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    people = [db.get_one(Person, make.enrolment(cohort, name).person_id) for name in ("Ann", "Ben", "Cara", "Dev")]
    people[1].channel, people[1].phone = Channel.SMS, "07700 900123"
    people[2].channel = Channel.TELEPHONE
    people[3].others_read = True
    first, *_ = coming_messages(db, actor=make.actor(make.facilitator(cohort)), now=now)
    assert first.ways == [
        "Ann Example (e-mail)",
        "Ben Example (text)",
        "Cara Example (a call)",
        "Dev Example (e-mail, waits until somebody has looked)",
    ]
