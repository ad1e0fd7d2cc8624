"""A message that waits, for a server, for somebody to look or for a call, is dropped once what it says is not so."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection
from sqlmodel import Session, select

from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.moving import as_words, meetings_of
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.discharge.services import TOLD_WITHIN, take_back
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.models import PlaceOffer
from backtolife.programme.places.offers import offer
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.programme.places.transfer import transfer
from backtolife.reminders.messages.stale import let_go
from backtolife.reminders.rules import WELCOME_WITHIN
from tests.programme.discharge.group_at_its_end import ended
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient, staffed
from tests.support.reporting.attending import attend
from tests.support.statements import statements_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def message(db: Session, person: Person, key: str, now: datetime, **more: object) -> OutgoingMessage:
    found = delivery.queue(
        db,
        service_id=person.service_id,
        key=key,
        address=person.email,
        subject="See you",
        body="Hello",
        now=now,
        person_id=person.id,
        **more,  # type: ignore[arg-type]
    )
    assert found is not None
    return found


def person_of(db: Session, place: Enrolment) -> Person:
    return db.get_one(Person, place.person_id)


def lead_of(make: Factory, cohort: Cohort) -> Actor:
    return make.actor(make.person(make.db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))


def move(make: Factory, place: Enrolment, to: Cohort, now: datetime) -> str:
    lead = lead_of(make, to)
    return transfer(make.db, enrolment=place, to=to, words="", site="http://localhost", actor=lead, now=now).id


def test_nobody_reads_that_they_left_once_the_leaving_is_taken_back(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), lead_of(make, cohort)
    leaving = Leaving(DecidedBy.PATIENT, Reason.MOVED_AWAY)
    ending = withdraw(db, enrolment=place, leaving=leaving, actor=lead, now=now)
    told = message(db, person_of(db, place), f"place-ended:{ending.id}", now)
    assert still_wanted(db, told, now)
    reinstate(db, enrolment=place, actor=lead, now=now)
    assert not still_wanted(db, told, now)


def test_who_has_their_place_again_reads_it_until_they_leave_or_move(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    cohort, other = make.cohort(service), make.cohort(service)
    told = []
    for _ in range(3):
        place, lead = make.enrolment(cohort), lead_of(make, cohort)
        leaving = Leaving(DecidedBy.PATIENT, Reason.MOVED_AWAY)
        withdraw(db, enrolment=place, leaving=leaving, actor=lead, now=now)
        ending = reinstate(db, enrolment=place, actor=lead, now=now)
        told.append((place, message(db, person_of(db, place), f"place-back:{ending.id}", now)))
    (_, stays), (left, second), (moves, third) = told
    assert [still_wanted(db, each, now) for each in (stays, second, third)] == [True, True, True]
    left.state = EnrolmentState.WITHDRAWN
    move(make, moves, other, now + HOUR)
    assert [still_wanted(db, each, now + HOUR) for each in (stays, second, third)] == [True, False, False]


def test_nobody_reads_that_they_left_a_group_that_they_came_back_to(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), lead_of(make, cohort)
    leaving, patient = Leaving(DecidedBy.PATIENT, Reason.MOVED_AWAY), person_of(db, place)
    ending = withdraw(db, enrolment=place, leaving=leaving, actor=lead, now=now)
    told = message(db, patient, f"place-ended:{ending.id}", now)
    other = make.cohort(db.get_one(Service, cohort.service_id))
    enrol(db, patient=patient, cohort=other, actor=lead, now=now)
    assert still_wanted(db, told, now), "a place elsewhere changes nothing of it"
    enrol(db, patient=patient, cohort=cohort, actor=lead, now=now)
    assert not still_wanted(db, told, now)


def test_a_welcome_goes_to_who_came_a_short_time_ago_and_is_still_in_that_group(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    first, second = make.cohort(service), make.cohort(service)
    stays, left, moves = (make.enrolment(first) for _ in range(3))
    told = [message(db, person_of(db, each), f"welcome:{each.id}", now) for each in (stays, moves)]
    assert [still_wanted(db, each, now) for each in told] == [True, True]
    move(make, moves, second, now + HOUR)
    gone = make.withdrawn(left)
    told.append(message(db, person_of(db, gone), f"welcome:{gone.id}", now))
    assert [still_wanted(db, each, now + HOUR) for each in told] == [True, False, False]
    assert not still_wanted(db, told[0], now + WELCOME_WITHIN)


def test_an_offer_is_told_until_its_last_day_is_over(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    lead, patient = lead_of(make, cohort), make.person(db.get_one(Service, cohort.service_id))
    last_day = now.date() + 3 * DAY
    place = offer(db, patient=patient, cohort=cohort, answer_by=last_day, site="http://localhost", actor=lead, now=now)
    until = db.exec(select(PlaceOffer.answer_by).where(PlaceOffer.enrolment_id == place.id)).one()
    told = db.exec(select(OutgoingMessage).where(OutgoingMessage.key == f"invitation:{place.id}")).one()
    assert [still_wanted(db, told, at) for at in (until - HOUR, until)] == [True, False]


def test_nobody_reads_that_the_programme_is_over_once_that_is_taken_back_or_long_ago(
    db: Session, make: Factory
) -> None:
    group = ended(db, make)
    group.discharge("Ann", "Ben")
    (ann, ben) = sorted(group.mails(), key=lambda each: each.key != f"programme-over:{group.places['Ann'].id}")
    take_back(db, enrolment=group.places["Ann"], actor=group.lead, now=group.now)
    assert [still_wanted(db, each, group.now) for each in (ann, ben)] == [False, True]
    assert not still_wanted(db, ben, group.now + TOLD_WITHIN)


def test_who_moved_hears_of_the_new_group_only(db: Session, make: Factory, now: datetime) -> None:
    cohort = staffed(make)
    patient = a_patient(make, cohort)
    place, asked_at = patient.enrolment, patient.now
    person, date = person_of(db, place), dates_of(db, cohort.id)[0]
    reminder = message(db, person, f"reminder-24h:{date.id}:{date.starts_at:%Y%m%d%H%M}:{place.id}", asked_at)
    asks = message(db, person, f"questionnaire-due:baseline:{place.id}", asked_at)
    assert [still_wanted(db, each, asked_at) for each in (reminder, asks)] == [True, True]
    to = make.cohort(db.get_one(Service, cohort.service_id), first_day=cohort.first_day)
    move(make, place, to, asked_at + HOUR)
    assert [still_wanted(db, each, asked_at + HOUR) for each in (reminder, asks)] == [False, False]
    asks.worded_at = asked_at + HOUR
    assert still_wanted(db, asks, asked_at + HOUR), "written anew, by the new dates"


def test_a_move_is_told_until_they_move_on_or_the_session_it_names_is_over(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    first, second, third = (make.cohort(service) for _ in range(3))
    place = make.enrolment(first)
    key = f"group-changed:{move(make, place, second, now)}"
    moved = db.exec(select(OutgoingMessage).where(OutgoingMessage.key == key)).one()
    assert still_wanted(db, moved, now)
    assert not still_wanted(db, moved, dates_of(db, second.id)[0].over_at)
    move(make, place, third, now + HOUR)
    assert not still_wanted(db, moved, now + HOUR)
    move(make, place, second, now + 2 * HOUR)
    assert not still_wanted(db, moved, now + 2 * HOUR), "a newer message tells of it"


def changed(db: Session, cohort: Cohort, date: SessionDate, by: Actor, now: datetime) -> DatesChange:
    """The session is a day later."""
    before = meetings_of([date], {})[0]
    date.starts_at, date.ends_at = date.starts_at + DAY, date.ends_at + DAY
    after, number = meetings_of([date], {})[0], str(date.number)
    cohort.version += 1
    row = DatesChange(
        service_id=cohort.service_id,
        cohort_id=cohort.id,
        version=cohort.version,
        kind=ChangeKind.MOVED,
        at=now,
        by=by.id,
        before={number: as_words(before)},
        after={number: as_words(after)},
    )
    db.add(row)
    db.flush()
    return row


@pytest.mark.parametrize("template", ["cohort-moved", "cohort-dates-moved", "session-on-again", "staff-dates-changed"])
def test_a_change_of_dates_is_told_until_it_is_changed_again_or_over_to_who_still_comes(
    db: Session, make: Factory, now: datetime, template: str
) -> None:
    cohort = make.cohort(make.service())
    place, left, lead = make.enrolment(cohort), make.enrolment(cohort), make.facilitator(cohort)
    date = dates_of(db, cohort.id)[0]
    change = changed(db, cohort, date, make.actor(lead), now)
    told = [
        message(db, each, f"{template}:{change.id}:{each.id}", now)
        for each in (person_of(db, place), lead, person_of(db, left))
    ]
    assert [still_wanted(db, each, now) for each in told] == [True, True, True]
    gone = make.withdrawn(left)
    late = message(db, person_of(db, gone), f"{template}:{change.id}:{gone.person_id}", now)
    assert not still_wanted(db, late, now)
    assert [still_wanted(db, each, date.ends_at) for each in told[:2]] == [False, False]
    changed(db, cohort, date, make.actor(lead), now)
    assert [still_wanted(db, each, now) for each in told[:2]] == [False, False]


def test_a_session_left_out_is_told_until_it_takes_place_again(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    date = dates_of(db, cohort.id)[0]
    change = changed(db, cohort, date, lead, now)
    date.left_out_at = now
    change.after = {str(date.number): as_words(meetings_of([date], {})[0])}
    told = message(db, person_of(db, place), f"session-left-out:{change.id}:{place.person_id}", now)
    assert still_wanted(db, told, now)
    date.left_out_at = None
    assert not still_wanted(db, told, now)


def test_who_missed_a_session_hears_so_until_the_group_meets_again_and_nobody_who_came_later(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    cohort, other = make.cohort(service), make.cohort(service)
    came, missed, moves_in = make.enrolment(cohort), make.enrolment(cohort), make.enrolment(other)
    first, second, *_, last = dates_of(db, cohort.id)
    attend(db, cohort, 1, [came], first.starts_at)
    attend(db, cohort, 9, [came], last.starts_at)
    after = first.over_at + 2 * HOUR
    move(make, moves_in, cohort, after)
    told = {
        each.id: message(db, person_of(db, each), f"missed-session:{first.id}:{each.id}", after)
        for each in (came, missed, moves_in)
    }
    wanted = {key: still_wanted(db, each, after + HOUR) for key, each in told.items()}
    assert wanted == {came.id: False, missed.id: True, moves_in.id: False}
    assert not still_wanted(db, told[missed.id], second.starts_at)
    at_the_end = message(db, person_of(db, missed), f"missed-session:{last.id}:{missed.id}", last.over_at)
    assert still_wanted(db, at_the_end, last.over_at + 6 * DAY)
    assert not still_wanted(db, at_the_end, last.over_at + 7 * DAY)


def test_many_that_wait_cost_no_more_statements_than_one_and_the_newest_is_looked_at_too(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    date, system = dates_of(db, cohort.id)[0], System("scheduler", cohort.service_id)
    connection = db.connection()
    assert isinstance(connection, Connection)
    counts = []
    for many in (1, 9):
        places = [make.enrolment(cohort) for _ in range(many)]
        for place in places:
            key = f"reminder-24h:{date.id}:{date.starts_at:%Y%m%d%H%M}:{place.id}"
            message(db, person_of(db, place), key, now, channel=Channel.TELEPHONE)
        db.flush()
        db.expire_all()
        with statements_of(connection) as seen:
            assert let_go(db, actor=system, production=False, now=now) == 0
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert let_go(db, actor=system, production=False, now=date.starts_at) == 10


def test_what_nobody_saw_to_for_a_month_stands_in_nobodys_way(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    old, new = (
        message(db, person_of(db, make.enrolment(cohort)), f"welcome:{days}", now - days * DAY) for days in (31, 29)
    )
    old.state = new.state = MessageState.FAILED
    db.flush()
    assert let_go(db, actor=System("scheduler", cohort.service_id), production=False, now=now) == 1
    assert [(each.state, each.body) for each in (old, new)] == [
        (MessageState.DROPPED, ""),
        (MessageState.FAILED, "Hello"),
    ]
    assert old.key == "welcome:31"
