"""An invitation says the first session as it is: where that changes before it goes, it is written anew."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage, set_aside
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.patients.correcting import correct, details_of
from backtolife.programme.places import offers
from backtolife.programme.places.offer_lists import own_offers
from backtolife.reminders.letters.busy import busy
from backtolife.reminders.messages.acting import send_again
from backtolife.reminders.messages.stale import let_go
from backtolife.reminders.services import remind_cohort
from tests.programme.changes.desk import Desk, desk_of
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TEN = time(10)
A_DAY_LATER = Wish(ChangeKind.MOVED, 1, date(2026, 3, 11), TEN)


@pytest.fixture
def desk(db: Session, make: Factory, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


def offered(desk: Desk, make: Factory, answer_by: date = date(2026, 3, 9)) -> Enrolment:
    patient = make.person(desk.db.get_one(Service, desk.cohort.service_id), Role.PATIENT, "Linda")
    by = desk.member(make, Role.ADMINISTRATOR)
    return offers.offer(
        desk.db,
        patient=patient,
        cohort=desk.cohort,
        answer_by=answer_by,
        site="http://localhost",
        actor=by,
        now=desk.now,
    )


def invitation_of(desk: Desk, place: Enrolment) -> OutgoingMessage | None:
    desk.db.flush()
    return desk.db.exec(select(OutgoingMessage).where(OutgoingMessage.key == f"invitation:{place.id}")).one_or_none()


def tick(desk: Desk, settings: Settings, now: datetime) -> None:
    """As the scheduler does it: what nobody wants is dropped, then the groups that are busy are written to."""
    let_go(desk.db, actor=System("scheduler", desk.cohort.service_id), production=False, now=now)
    if desk.cohort.id in busy(desk.db, service_ids=[desk.cohort.service_id], now=now):
        remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=now)


@pytest.mark.parametrize("wish", [A_DAY_LATER, Wish(ChangeKind.LEFT_OUT, 1)])
def test_a_held_invitation_with_the_old_first_session_is_written_anew_with_the_new_one(
    desk: Desk, make: Factory, settings: Settings, wish: Wish
) -> None:
    place = offered(desk, make)
    held = invitation_of(desk, place)
    assert held is not None
    held.state = MessageState.HELD
    assert "Tue 10 Mar at 10am" in held.body
    desk.change(wish, desk.now + HOUR)
    assert not still_wanted(desk.db, held, desk.now + HOUR)
    tick(desk, settings, desk.now + 2 * HOUR)
    anew = invitation_of(desk, place)
    assert anew is not None
    assert (anew.id == held.id, held.state) == (False, MessageState.DROPPED)
    first = "Wed 11 Mar at 10am" if wish is A_DAY_LATER else "Tue 17 Mar at 10am"
    assert first in anew.body
    assert still_wanted(desk.db, anew, desk.now + 2 * HOUR)


def test_an_invitation_stays_when_a_later_session_moves_or_the_first_one_is_back_where_it_was(
    desk: Desk, make: Factory
) -> None:
    told = invitation_of(desk, offered(desk, make))
    assert told is not None
    desk.change(Wish(ChangeKind.MOVED, 4, date(2026, 4, 1), TEN), desk.now + HOUR)
    desk.change(A_DAY_LATER, desk.now + 2 * HOUR)
    assert not still_wanted(desk.db, told, desk.now + 2 * HOUR)
    desk.change(Wish(ChangeKind.UNDONE, 0), desk.now + 3 * HOUR)
    assert still_wanted(desk.db, told, desk.now + 3 * HOUR)


def test_a_failed_invitation_that_is_tried_again_does_not_say_the_old_date(desk: Desk, make: Factory) -> None:
    told = invitation_of(desk, offered(desk, make))
    assert told is not None
    told.state = MessageState.FAILED
    desk.change(A_DAY_LATER, desk.now + HOUR)
    lead = desk.member(make, Role.CLINICAL_LEAD)
    again = send_again(desk.db, message_id=told.id, by=Channel.EMAIL, actor=lead, now=desk.now + 2 * HOUR)
    assert again.state is MessageState.WAITING
    assert not still_wanted(desk.db, again, desk.now + 2 * HOUR)


def test_an_invitation_that_went_to_a_wrong_address_goes_to_the_right_one(
    desk: Desk, make: Factory, settings: Settings
) -> None:
    place = offered(desk, make)
    told, linda = invitation_of(desk, place), desk.db.get_one(Person, place.person_id)
    assert told is not None
    told.state = MessageState.SENT
    before = details_of(linda)
    correct(
        desk.db,
        actor=desk.member(make, Role.CLINICAL_LEAD),
        whose=place,
        details=replace(before, email="lynda@example.org"),
        seen=before.mark,
        send_again=True,
        now=desk.now + HOUR,
    )
    for hours in (2, 3):
        tick(desk, settings, desk.now + hours * HOUR)
    anew = invitation_of(desk, place)
    assert anew is not None
    assert (anew.address, anew.queued_at) == ("lynda@example.org", desk.now + 2 * HOUR)


def test_who_is_invited_anew_is_reminded_half_way_from_then_and_not_at_once(
    desk: Desk, make: Factory, settings: Settings
) -> None:
    place = offered(desk, make)
    told = invitation_of(desk, place)
    assert told is not None
    set_aside(told)
    late = desk.now + 4 * DAY
    for days in (0, 1, 2):
        tick(desk, settings, late + days * DAY)
        reminded = desk.mails("invitation-reminder")
        assert len(reminded) == (1 if days == 2 else 0)


def test_nobody_is_invited_anew_at_night_after_the_last_day_or_to_a_group_that_meets_no_more(
    desk: Desk, make: Factory, settings: Settings
) -> None:
    place = offered(desk, make)
    told = invitation_of(desk, place)
    assert told is not None
    set_aside(told)
    night, over = desk.now.replace(hour=23), desk.now + 8 * DAY
    for at in (night, over):
        tick(desk, settings, at)
        assert invitation_of(desk, place) is None
    long_place = offered(desk, make, date(2026, 3, 10))
    late = invitation_of(desk, long_place)
    assert late is not None
    set_aside(late)
    for date_row in dates_of(desk.db, desk.cohort.id):
        date_row.left_out_at = desk.now
    tick(desk, settings, desk.now + DAY)
    assert invitation_of(desk, long_place) is None


def test_what_staff_dropped_is_not_written_anew(desk: Desk, make: Factory, settings: Settings) -> None:
    place = offered(desk, make)
    told = invitation_of(desk, place)
    assert told is not None
    told.state = MessageState.DROPPED
    tick(desk, settings, desk.now + HOUR)
    assert invitation_of(desk, place) is told


def test_an_offer_counts_and_names_the_sessions_that_take_place(desk: Desk, make: Factory) -> None:
    desk.change(Wish(ChangeKind.LEFT_OUT, 1))
    place = offered(desk, make)
    told, linda = invitation_of(desk, place), make.actor(desk.db.get_one(Person, place.person_id))
    assert told is not None
    assert "Tue 17 Mar at 10am" in told.body
    (own,) = own_offers(desk.db, actor=linda, now=desk.now)
    assert [each.number for each in own.dates] == list(range(2, 10))
    (late,) = own_offers(desk.db, actor=linda, now=desk.starts(2))
    assert late.dates[0].number == 3
