"""What waits for a companion is looked at once more as it leaves: whether they come to that, on those dates."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort, Enrolment, PlaceMove
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.companions import letters
from tests.programme.changes.desk import SENDER, WEDNESDAY, Desk, desk_of
from tests.programme.companions.booking import booked, send_all, to
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


@pytest.fixture
def place(desk: Desk) -> Enrolment:
    return enrolled_in(desk.db, desk.cohort.id)[0][0]


@pytest.fixture
def olga(make: Factory, place: Enrolment) -> Person:
    return booked(make, place)


def newest(desk: Desk, olga: Person, template: str) -> OutgoingMessage:
    return to(desk.db, olga, template)[-1]


@pytest.mark.parametrize("template", ["companion-booked", "companion-moved"])
def test_what_is_about_sessions_goes_while_both_of_them_come(
    desk: Desk, place: Enrolment, olga: Person, template: str
) -> None:
    desk.change(WEDNESDAY)
    letter = newest(desk, olga, template)
    assert still_wanted(desk.db, letter, desk.now)
    place.state = EnrolmentState.WITHDRAWN
    assert not still_wanted(desk.db, letter, desk.now)
    place.state, olga.active = EnrolmentState.STARTED, False
    assert not still_wanted(desk.db, letter, desk.now)


def test_a_date_that_changed_again_is_not_told(desk: Desk, olga: Person) -> None:
    desk.change(WEDNESDAY)
    first = newest(desk, olga, "companion-moved")
    desk.change(Wish(ChangeKind.UNDONE, 0), desk.now + timedelta(minutes=1))
    assert not still_wanted(desk.db, first, desk.now)


def test_who_moved_on_is_not_told_of_dates_of_the_group_before(
    desk: Desk, make: Factory, place: Enrolment, olga: Person
) -> None:
    desk.change(WEDNESDAY)
    place.cohort_id = make.cohort(make.service(), "Later").id
    assert not still_wanted(desk.db, newest(desk, olga, "companion-moved"), desk.now)
    assert still_wanted(desk.db, newest(desk, olga, "companion-booked"), desk.now), "it brings the link"


def test_the_end_is_told_while_it_is_one(desk: Desk, place: Enrolment, olga: Person) -> None:
    place.state = EnrolmentState.DIED
    letters.tell_over(desk.db, place=place, people=[olga], cause="c", sender=SENDER, now=desk.now)
    letter = newest(desk, olga, "companion-ended")
    assert still_wanted(desk.db, letter, desk.now)
    place.state = EnrolmentState.STARTED
    assert not still_wanted(desk.db, letter, desk.now)
    olga.active = False
    assert still_wanted(desk.db, letter, desk.now), "a booking that was cancelled is over too"


def test_that_they_come_after_all_is_told_while_they_do(desk: Desk, place: Enrolment, olga: Person) -> None:
    about = {"place": place, "people": [olga], "sender": SENDER}
    letters.tell_over(desk.db, cause="c", now=desk.now + timedelta(minutes=1), **about)  # type: ignore[arg-type]
    send_all(desk.db, olga)
    letters.tell_again(desk.db, now=desk.now + timedelta(minutes=2), **about)  # type: ignore[arg-type]
    letter = newest(desk, olga, "companion-back")
    assert still_wanted(desk.db, letter, desk.now)
    place.state = EnrolmentState.WITHDRAWN
    assert not still_wanted(desk.db, letter, desk.now)


def moved(desk: Desk, make: Factory, place: Enrolment, to_group: Cohort, at: datetime) -> PlaceMove:
    lead = make.facilitator(desk.cohort)
    move = PlaceMove(
        service_id=place.service_id,
        enrolment_id=place.id,
        from_cohort_id=place.cohort_id,
        to_cohort_id=to_group.id,
        words="",
        at=at,
        by=lead.id,
    )
    place.cohort_id = to_group.id
    desk.db.add(move)
    desk.db.flush()
    return move


def test_another_group_is_told_until_they_move_on_or_have_met(
    desk: Desk, make: Factory, place: Enrolment, olga: Person
) -> None:
    second, third = (make.cohort(make.service(), name) for name in ("Second", "Third"))
    move = moved(desk, make, place, second, desk.now)
    letters.tell_other_group(
        desk.db, place=place, before=desk.cohort, move_id=move.id, people=[olga], sender=SENDER, now=desk.now
    )
    letter = newest(desk, olga, "companion-group")
    assert still_wanted(desk.db, letter, desk.now)
    assert not still_wanted(desk.db, letter, desk.now + timedelta(days=30)), "they have met"
    moved(desk, make, place, third, desk.now + timedelta(minutes=1))
    assert not still_wanted(desk.db, letter, desk.now)
