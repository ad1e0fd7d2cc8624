"""Who is reached by text finds the dates for their calendar behind an address at the end of the text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.database.sealing import Sealing
from backtolife.database.session import session_scope
from backtolife.errors import NotFound
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import ORDINARY
from backtolife.mail.text_sending import TextSender
from backtolife.people.models import Person, Role, Service
from backtolife.programme.calendars import feeds
from backtolife.programme.calendars.goodbye import tell_back, tell_left
from backtolife.programme.calendars.models import CalendarFeed
from backtolife.programme.cohorts.telling import with_dates
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.programme.places.transfer import transfer
from backtolife.programme.plan.message_text import sms_length
from backtolife.reminders.services import remind_cohort
from tests.programme.changes.desk import SENDER, WEDNESDAY, Desk, desk_of
from tests.support.factories import FIRST_DAY, Factory
from tests.support.network.notify import API_KEY, TEMPLATE, MadeUpNotify, made_up_notify

ADDRESS = re.compile(r" Your dates for your calendar: http://localhost/calendar/([\w-]{22})\.ics$")
THURSDAY = replace(WEDNESDAY, to=date(2026, 3, 19))


@pytest.fixture
def desk(make: Factory, db: Session, settings: Settings, now: datetime) -> Desk:
    """A group with Ann, who is reached by text, and Ben, who is by e-mail."""
    desk = desk_of(make, db, settings, now)
    ann = named(db, "Ann")
    ann.channel, ann.phone = Channel.SMS, "07700 900123"
    return desk


def named(db: Session, name: str) -> Person:
    return db.exec(select(Person).where(Person.shown_name == name)).one()


def text_of(desk: Desk, template: str, name: str = "Ann") -> str:
    person = named(desk.db, name)
    return [each.text for each in desk.mails(template) if each.person_id == person.id][-1]


def secret_in(text: str) -> str:
    found = ADDRESS.search(text)
    assert found is not None, text
    return found.group(1)


def welcome(desk: Desk, settings: Settings) -> str:
    remind_cohort(desk.db, cohort_id=desk.cohort.id, settings=settings, now=desk.now)
    return text_of(desk, "welcome")


def evenings(desk: Desk, token: str) -> list[datetime]:
    file = feeds.feed(desk.db, token=token, around=desk.around, sender=SENDER, now=desk.now)
    return [each.decoded("DTSTART") for each in Calendar.from_ical(file).walk("VEVENT")]


def test_a_text_about_a_place_and_one_about_new_dates_lead_to_the_same_file(desk: Desk, settings: Settings) -> None:
    first = welcome(desk, settings)
    token = secret_in(first)
    assert len(evenings(desk, token)) == 9
    desk.change(WEDNESDAY)
    moved = text_of(desk, "cohort-moved")
    assert secret_in(moved) == token
    assert evenings(desk, token)[1] == desk.starts(2)
    assert max(sms_length(first), sms_length(moved)) <= 306


def test_who_changes_groups_or_has_their_place_again_reads_it_too(desk: Desk, make: Factory) -> None:
    ann, service = named(desk.db, "Ann"), desk.db.get_one(Service, desk.cohort.service_id)
    lead, place = make.actor(make.person(service, Role.CLINICAL_LEAD)), make.enrolment_of(ann, desk.cohort)
    other = make.cohort(service, "Later", first_day=FIRST_DAY + timedelta(days=1), wall_time=time(14))
    transfer(desk.db, enrolment=place, to=other, words="", site=SENDER.site, actor=lead, now=desk.now)
    token = secret_in(text_of(desk, "group-changed"))
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    ending = withdraw(desk.db, enrolment=place, leaving=leaving, actor=lead, now=desk.now)
    about = {"person": ann, "cohort": other, "ending_id": ending.id, "around": desk.around, "sender": SENDER}
    tell_left(desk.db, was=ending.state_before, now=desk.now, **about)  # type: ignore[arg-type]
    assert ADDRESS.search(text_of(desk, "place-ended")) is None, "there are no dates any more"
    desk.mails("place-ended")[0].state = MessageState.SENT
    reinstate(desk.db, enrolment=place, actor=lead, now=desk.now)
    tell_back(desk.db, now=desk.now, **about)  # type: ignore[arg-type]
    assert secret_in(text_of(desk, "place-back")) == token


def test_the_address_is_made_with_the_first_text_on_record_and_only_for_who_gets_texts(
    desk: Desk, settings: Settings
) -> None:
    token = secret_in(welcome(desk, settings))
    ann = named(desk.db, "Ann")
    [feed] = desk.db.exec(select(CalendarFeed)).all()
    assert feed.person_id == ann.id
    assert token not in repr(feed.model_dump()), "its hash alone is kept"
    [made] = desk.db.exec(select(AuditEntry).where(AuditEntry.action == "calendar_made")).all()
    assert (made.subject_id, made.actor_id) == (ann.id, "texts")
    assert "calendar" not in text_of(desk, "welcome", "Ben")


def test_what_is_stopped_or_replaced_stays_dead_and_the_next_text_has_the_one_that_lives(
    desk: Desk, make: Factory, settings: Settings
) -> None:
    first, ann = secret_in(welcome(desk, settings)), make.actor(named(desk.db, "Ann"))
    replaced = feeds.make_feed(desk.db, actor=ann, now=desk.now)
    desk.change(WEDNESDAY)
    assert secret_in(text_of(desk, "cohort-moved")) == replaced
    feeds.stop_feed(desk.db, actor=ann, now=desk.now)
    desk.db.flush()
    desk.change(THURSDAY, desk.now + timedelta(hours=1))
    last = [each.text for each in desk.mails("cohort-moved") if replaced not in each.text and ADDRESS.search(each.text)]
    assert len(evenings(desk, secret_in(last[-1]))) == 9
    for dead in (first, replaced):
        with pytest.raises(NotFound):
            evenings(desk, dead)


def test_an_address_from_before_goes_on_and_texts_leave_it_out(desk: Desk, settings: Settings) -> None:
    ann, old = named(desk.db, "Ann"), "a-secret-that-was-drawn-by-lot"
    desk.db.add(
        CalendarFeed(service_id=ann.service_id, person_id=ann.id, token_hash=feeds.hash_of(old), made_at=desk.now)
    )
    desk.db.flush()
    assert "calendar" not in welcome(desk, settings)
    assert len(evenings(desk, old)) == 9


def test_an_address_is_known_after_the_key_was_changed_and_to_nobody_with_another_key() -> None:
    [token] = feeds.token_for("a" * 32, Sealing("the first key"))
    assert token in feeds.token_for("a" * 32, Sealing("the next key", "the first key"))
    assert token not in feeds.token_for("a" * 32, Sealing("the next key"))
    assert token not in feeds.token_for("b" * 32, Sealing("the first key"))


def test_what_two_parts_cannot_hold_leaves_the_address_out_and_nothing_stays_nothing() -> None:
    link = "https://go.example.org/calendar/abc.ics"
    assert with_dates("a" * 160, link).endswith(link)
    assert with_dates("a" * 280, link) == "a" * 280
    assert with_dates("", link) == ""
    assert with_dates("Hello", "") == "Hello"


@pytest.fixture
def notify() -> Iterator[MadeUpNotify]:
    with made_up_notify() as running:
        yield running


def test_it_leaves_by_notify_with_the_address(
    engine: Engine, settings: Settings, notify: MadeUpNotify, now: datetime
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        ann = db.get_one(Person, make.enrolment(cohort, "Ann").person_id)
        ann.channel, ann.phone = Channel.SMS, "07700 900123"
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)
        [text] = [each.text for each in db.exec(select(OutgoingMessage)) if each.key.startswith("welcome:")]
    here = replace(settings, notify_api_key=API_KEY, notify_template_id=TEMPLATE, notify_url=notify.url)
    TextSender(engine, here, ORDINARY).turn(now)
    assert text in notify.words_to("+447700900123")
    assert secret_in(text)
