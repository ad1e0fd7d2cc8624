"""Letters about an answer and about the waiting list: nobody is rung in vain, and none goes once it is not so."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.database.session import new_id
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, System
from backtolife.people.models import LinkPurpose, Person, Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.models import Enrolment, StaffPlace
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.letters.waiting import tell_off_list, tell_on_list
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.offers import offer
from backtolife.programme.places.queue import stopping, waiting
from backtolife.programme.places.queue.waiting import after_not_now
from backtolife.programme.places.rules import Said
from backtolife.programme.staffing.services import change_staff
from backtolife.reminders.messages.stale import let_go
from tests.programme.places.test_offers import offered, say
from tests.programme.places.test_waiting import LAST_DAY, SITE, admin_of, waits
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory

HOUR = timedelta(hours=1)


def letters(db: Session, person_id: str) -> list[OutgoingMessage]:
    theirs = select(OutgoingMessage).where(OutgoingMessage.person_id == person_id)
    return [each for each in db.exec(theirs.order_by(OutgoingMessage.key)) if not each.key.startswith("invitation")]


def off_list(make: Factory, because: str, channel: Channel = Channel.EMAIL) -> tuple[Waiting, bool]:
    """Somebody is taken off the list for this reason; and whether a letter was queued."""
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann", days=3)
    make.db.get_one(Person, row.person_id).channel = channel
    found = waiting.find_waiting(make.db, actor=admin, waiting_id=row.id)
    stopping.stop_waiting(make.db, waits=found, because=because, actor=admin, now=make.now)
    return row, tell_off_list(make.db, row=row, now=make.now)


def test_who_could_not_be_reached_reads_so_and_is_never_rung_about_it(db: Session, make: Factory) -> None:
    row, told = off_list(make, "no_contact")
    [letter] = letters(db, row.person_id)
    assert told and "could not" in letter.body and "put you back on the list" in letter.body
    silent, told = off_list(make, "no_contact", Channel.TELEPHONE)
    assert (told, letters(db, silent.person_id)) == (False, [])
    rung, told = off_list(make, "elsewhere", Channel.TELEPHONE)
    assert told and [each.channel for each in letters(db, rung.person_id)] == [Channel.TELEPHONE]


def test_a_call_that_stood_on_the_list_before_this_rule_is_let_go(db: Session, make: Factory) -> None:
    row, _ = off_list(make, "no_contact", Channel.TELEPHONE)
    person = db.get_one(Person, row.person_id)
    old = delivery.queue(
        db,
        service_id=person.service_id,
        key=f"waiting-ended:{row.id}:20260301090000",
        address=person.phone,
        subject="Off the list",
        body="Hello",
        now=make.now,
        person_id=person.id,
        channel=Channel.TELEPHONE,
    )
    assert old is not None
    assert let_go(db, actor=System("scheduler", person.service_id), production=False, now=make.now) == 1
    assert old.state is MessageState.DROPPED


def test_who_asks_for_calls_alone_is_not_rung_about_a_letter_that_waited(db: Session, make: Factory) -> None:
    row, _ = off_list(make, "no_contact")
    [letter] = letters(db, row.person_id)
    letter.channel = Channel.TELEPHONE
    assert still_wanted(db, letter, make.now), "one of staff decided to ring"
    db.get_one(Person, row.person_id).channel = Channel.TELEPHONE
    assert not still_wanted(db, letter, make.now)


def test_a_letter_of_the_list_goes_while_it_is_so(db: Session, make: Factory) -> None:
    admin = admin_of(make, make.service())
    row = waits(make, admin, "Ann")
    tell_on_list(db, row=row, now=make.now)
    [on] = letters(db, row.person_id)
    assert still_wanted(db, on, make.now)
    on.state = MessageState.SENT
    found = waiting.find_waiting(db, actor=admin, waiting_id=row.id)
    stopping.stop_waiting(db, waits=found, because="elsewhere", actor=admin, now=make.now)
    tell_off_list(db, row=row, now=make.now)
    off = next(each for each in letters(db, row.person_id) if each.key.startswith("waiting-ended:"))
    assert [still_wanted(db, each, make.now) for each in (on, off)] == [False, True]
    stopping.put_back(db, waiting_id=row.id, actor=admin, now=make.now)
    assert [still_wanted(db, each, make.now) for each in (on, off)] == [True, False]


def test_nobody_who_is_offered_a_place_reads_that_they_wait_no_more(db: Session, make: Factory) -> None:
    row, _ = off_list(make, "elsewhere")
    [off] = letters(db, row.person_id)
    person = db.get_one(Person, row.person_id)
    service = db.get_one(Service, person.service_id)
    lead, cohort = make.actor(make.person(service, Role.CLINICAL_LEAD)), make.cohort(service)
    offer(db, patient=person, cohort=cohort, answer_by=LAST_DAY, site=SITE, actor=lead, now=make.now + HOUR)
    assert not still_wanted(db, off, make.now + HOUR)


@pytest.mark.parametrize(
    ("said", "template", "words"),
    [
        (Said.NO, "offer-declined", "If you change your mind"),
        (Said.NOT_NOW, "offer-not-now", "You are on our waiting list for a later group"),
        (Said.NOTHING, "offer-not-reached", "We tried to reach you"),
    ],
)
def test_whoever_will_not_come_reads_what_happens_now_by_their_channel(
    make: Factory, said: Said, template: str, words: str
) -> None:
    for channel in Channel:
        place, _, lead = offered(make, make.cohort(make.service()))
        person = make.db.get_one(Person, place.person_id)
        person.channel, person.phone = channel, "07700 900123"
        answered = say(make, place, said, lead, make.now)
        assert answered.told is (channel is not Channel.TELEPHONE), "nobody is rung about what they said"
        assert say(make, place, said, lead, make.now + HOUR).told is False, "and only once"
        found = letters(make.db, place.person_id)
        assert [(each.key.split(":")[0], each.channel) for each in found] == [(template, channel)] * answered.told
        assert all(words in " ".join(each.body.split()) for each in found)


def answered_so(make: Factory, said: Said) -> tuple[Enrolment, Actor, OutgoingMessage]:
    place, _, lead = offered(make, make.cohort(make.service()))
    say(make, place, said, lead, make.now)
    if said is Said.NOT_NOW:
        after_not_now(make.db, enrolment=place, actor=lead, now=make.now)
    [letter] = letters(make.db, place.person_id)
    return place, lead, letter


def test_that_they_said_no_goes_until_it_is_not_so(db: Session, make: Factory) -> None:
    place, lead, letter = answered_so(make, Said.NO)
    assert still_wanted(db, letter, make.now)
    say(make, place, Said.YES, lead, make.now + HOUR)
    assert not still_wanted(db, letter, make.now + HOUR)


def test_that_they_wait_goes_only_while_they_wait(db: Session, make: Factory) -> None:
    place, _, letter = answered_so(make, Said.NOT_NOW)
    assert still_wanted(db, letter, make.now)
    row = db.exec(select(Waiting).where(Waiting.person_id == place.person_id)).one()
    row.left_at = make.now
    assert not still_wanted(db, letter, make.now)


def test_a_link_that_opens_nothing_any_more_is_not_sent(db: Session, make: Factory) -> None:
    person = make.person(make.service())
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=make.now)
    sent = delivery.queue(
        db,
        service_id=person.service_id,
        key=f"link:{issued.link.id}",
        address=person.email,
        subject="Your link",
        body="Hello",
        now=make.now,
        person_id=person.id,
        urgent=True,
    )
    assert sent is not None
    assert still_wanted(db, sent, make.now + timedelta(minutes=14))
    assert not still_wanted(db, sent, issued.link.expires_at)
    signin.spend_link(db, token=issued.token, purpose=LinkPurpose.SIGN_IN, now=make.now)
    assert not still_wanted(db, sent, make.now)


def test_staff_are_not_told_of_a_place_that_another_has_since(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    lead = make.facilitator(cohort)
    date = dates_of(db, cohort.id)[0]
    assert team_on(db, date)[StaffPlace.LEAD].id == lead.id

    def told(template: str) -> OutgoingMessage:
        made = delivery.queue(
            db,
            service_id=cohort.service_id,
            key=f"{template}:{date.id}:{StaffPlace.LEAD}:{lead.id}:{new_id()[:8]}",
            address=lead.email,
            subject="You lead",
            body="Hello",
            now=make.now,
            person_id=lead.id,
        )
        assert made is not None
        return made

    taken, given_up = told("staff-place"), told("staff-relieved")
    assert [still_wanted(db, each, make.now) for each in (taken, given_up)] == [True, False]
    change_staff(db, cohort=cohort, place=StaffPlace.LEAD, person=None, actor=make.actor(lead), now=make.now)
    assert [still_wanted(db, each, make.now) for each in (taken, given_up)] == [False, True]
