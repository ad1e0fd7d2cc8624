"""Two schedulers that run by mistake, each without knowing of the other, write and send each message once."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import open_engine, session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import ORDINARY, Sender
from backtolife.mail.text_sending import TextSender
from backtolife.people.models import Person
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind
from tests.support.factories import Factory
from tests.support.mail import Inbox
from tests.support.network.notify import MadeUpNotify, made_up_notify, writing_to

PEOPLE = 5


@pytest.fixture
def engines(url: str) -> Iterator[list[Engine]]:
    """As two processes have them."""
    found = [open_engine(url) for _ in range(2)]
    yield found
    for each in found:
        each.dispose()


@pytest.fixture
def notify() -> Iterator[MadeUpNotify]:
    with made_up_notify() as running:
        yield running


def an_hour_before(engine: Engine, now: datetime) -> datetime:
    """A group of some who take mail and as many who take texts; the moment when they are reminded."""
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        for number in range(2 * PEOPLE):
            person = db.get_one(Person, make.enrolment(cohort).person_id)
            if number % 2:
                person.channel, person.phone = Channel.SMS, f"07700 9001{number:02}"
        return dates_of(db, cohort.id)[0].starts_at - timedelta(minutes=50)


def test_each_message_is_written_and_sent_once(
    engines: list[Engine], settings: Settings, mail_server: Inbox, notify: MadeUpNotify, now: datetime
) -> None:
    here = writing_to(settings, mail_server, notify)
    moment = an_hour_before(engines[0], now)
    together = threading.Barrier(len(engines))

    def schedule(engine: Engine) -> None:
        together.wait()
        remind(engine, here, moment)
        together.wait()
        for sender in (Sender(engine, here, ORDINARY), TextSender(engine, here, ORDINARY)):
            sender.turn(moment)

    threads = [threading.Thread(target=schedule, args=(engine,)) for engine in engines]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with session_scope(engines[0]) as db:
        rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.state == MessageState.SENT)).all()
        assert {each.state for each in db.exec(select(OutgoingMessage))} == {MessageState.SENT}
    sent = Counter((mail["To"], mail["Subject"]) for mail in mail_server.mails)
    sent += Counter((text["phone_number"], text["reference"]) for text in notify.texts)
    assert len(sent) == len(rows)
    assert set(sent.values()) == {1}
    reminded = [each for each in rows if each.key.startswith("reminder-1h:")]
    assert Counter(each.channel for each in reminded) == {Channel.EMAIL: PEOPLE, Channel.SMS: PEOPLE}
