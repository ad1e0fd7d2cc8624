"""Staff see on the patient's page what a companion was told last, and what did not reach them."""

from datetime import datetime

import pytest
from sqlmodel import Session

from backtolife.config import Settings
from backtolife.mail.delivery import MessageState
from backtolife.people.models import Person
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.companions import letters
from backtolife.programme.companions.told import Beside, beside_of
from backtolife.sessions.guests.reach import NOWHERE
from tests.programme.changes.desk import SENDER, WEDNESDAY, Desk, desk_of
from tests.programme.companions.booking import booked, send_all, to
from tests.support.factories import Factory
from tests.support.statements import statements_of


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


@pytest.fixture
def place(desk: Desk) -> Enrolment:
    return enrolled_in(desk.db, desk.cohort.id)[0][0]


def beside(desk: Desk, place: Enrolment) -> list[str]:
    found: list[Beside] = beside_of(desk.db, place.id, zone=desk.cohort.zone, now=desk.now)
    return [each.told for each in found]


def test_the_newest_message_counts_with_what_became_of_it(desk: Desk, make: Factory, place: Enrolment) -> None:
    olga = booked(make, place)
    assert beside(desk, place) == ["given the link, today at 9am"]
    desk.change(WEDNESDAY, desk.now.replace(minute=1))
    assert beside(desk, place) == ["about to be told of the new date"]
    [letter] = to(desk.db, olga, "companion-moved")
    letter.state = MessageState.FAILED
    assert beside(desk, place) == ["could not be told of the new date: the message did not arrive"]
    letter.state, letter.sent_at = MessageState.SENT, desk.now.replace(minute=2)
    assert beside(desk, place) == ["told of the new date, today at 9:02am"]


def test_whom_nobody_can_write_to_is_named_with_what_is_to_be_told(desk: Desk, make: Factory, place: Enrolment) -> None:
    booked(make, place, "Pat", NOWHERE)
    assert beside(desk, place) == ["we can write to them nowhere, so you tell them what changes"]
    desk.change(WEDNESDAY)
    assert beside(desk, place) == ["still to be told of the new date: somebody has to tell them"]


def cancelled(desk: Desk, place: Enrolment, person: Person) -> None:
    person.active = False
    letters.tell_over(desk.db, place=place, people=[person], cause="c", sender=SENDER, now=desk.now.replace(minute=3))
    send_all(desk.db, person)


def test_who_is_booked_no_more_stays_with_the_word_of_it(desk: Desk, make: Factory, place: Enrolment) -> None:
    cancelled(desk, place, booked(make, place))
    booked(make, place, "Pia").active = False
    assert beside(desk, place) == ["told that the booking is over, today at 9:03am"]


def test_two_companions_are_asked_about_at_once(desk: Desk, make: Factory, place: Enrolment) -> None:
    booked(make, place)
    booked(make, place, "Pia")
    desk.db.flush()
    with statements_of(desk.db.get_bind()) as asked:  # type: ignore[arg-type]
        beside(desk, place)
    assert len(asked) == 2
