"""A guest of one session hears that it has another date, and their link works until then."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.config import Settings
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import LinkPurpose, Person, Role, SignInLink
from backtolife.people.signing_in import signin
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.guests import letters
from backtolife.sessions.guests.services import Invited, invite, take_back
from backtolife.sessions.room.services import for_date
from tests.programme.changes.desk import WEDNESDAY, Desk, desk_of
from tests.programme.companions.booking import to
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    return desk_of(make, db, settings, now)


def invited(desk: Desk, make: Factory, number: int = 2, email: str = "eve@example.org", *, out: bool = True) -> Invited:
    """Eve watches one session; the message with her link has gone, where there is an address."""
    held = for_date(desk.db, dates_of(desk.db, desk.cohort.id)[number - 1])
    lead = make.actor(make.facilitator(desk.cohort))
    asked = invite(desk.db, group_session=held, role=Role.OBSERVER, name="Eve", beside="", actor=lead, now=desk.now)
    if email:
        letters.send(desk.db, person=asked.person, group_session=held, page="x", to=email, now=desk.now)
    for each in to(desk.db, asked.person):
        each.state, each.tries = (MessageState.SENT, 1) if out else (MessageState.FAILED, 3)
    desk.db.flush()
    return asked


def news(desk: Desk, person: Person) -> list[OutgoingMessage]:
    return to(desk.db, person, "companion-")


def test_they_are_told_of_the_new_date_once_and_their_link_works_until_it_ends(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make)
    desk.tell(desk.change(WEDNESDAY))
    [letter] = news(desk, eve.person)
    assert (letter.key.split(":")[0], letter.address) == ("companion-moved", "eve@example.org")
    assert "Wed 18 Mar at 10am" in letter.body
    assert still_wanted(desk.db, letter, desk.now)
    second = dates_of(desk.db, desk.cohort.id)[1]
    just_before = second.closes_at - timedelta(minutes=1)
    desk.db.expire_all()
    assert signin.find_link(desk.db, token=eve.token, purpose=LinkPurpose.JOIN, now=just_before)


def test_of_another_session_they_hear_nothing(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make, number=3)
    desk.change(WEDNESDAY)
    assert news(desk, eve.person) == []


def test_that_it_is_cancelled_and_takes_place_after_all_is_told(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make)
    desk.change(Wish(ChangeKind.LEFT_OUT, 2))
    desk.change(Wish(ChangeKind.BROUGHT_BACK, 2), desk.now + timedelta(minutes=1))
    assert sorted(each.key.split(":")[0] for each in news(desk, eve.person)) == [
        "companion-left-out",
        "companion-on-again",
    ]


def test_whom_the_link_was_given_by_hand_is_a_call_to_make(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make, email="")
    desk.change(WEDNESDAY)
    [call] = news(desk, eve.person)
    assert (call.channel, call.state) == (Channel.TELEPHONE, MessageState.WAITING)


def test_who_never_had_their_link_is_sent_a_new_one_with_the_new_date(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make, out=False)
    desk.change(WEDNESDAY)
    [letter] = to(desk.db, eve.person)
    assert (letter.key.split(":")[0], letter.state) == ("guest-invitation", MessageState.WAITING)
    assert "Wed 18 Mar at 10am" in letter.body
    wanted = select(SignInLink).where(SignInLink.person_id == eve.person.id, col(SignInLink.spent_at).is_(None))
    assert len(desk.db.exec(wanted).all()) == 1


def test_who_was_cancelled_hears_nothing(desk: Desk, make: Factory) -> None:
    eve = invited(desk, make)
    take_back(desk.db, person=eve.person, actor=make.actor(make.facilitator(desk.cohort)), now=desk.now)
    desk.change(WEDNESDAY)
    assert news(desk, eve.person) == []
