"""A text leaves by GOV.UK Notify, in a real HTTP conversation with a made-up one: once, whatever it answers."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail import delivery, notify
from backtolife.mail.all_waiting import send_waiting
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import GIVE_UP_AFTER, ORDINARY, URGENT, keep
from backtolife.mail.text_sending import TextSender
from backtolife.people.models import Person
from tests.support.factories import Factory
from tests.support.mail import Inbox
from tests.support.network.notify import API_KEY, SERVICE, TEMPLATE, MadeUpNotify, made_up_notify

NUMBER, WORDS = "+447700900123", "NHS Midtown: we start at 6:30pm. Join: http://localhost/j/abc"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def service() -> Iterator[MadeUpNotify]:
    with made_up_notify() as running:
        yield running


@pytest.fixture
def here(settings: Settings, service: MadeUpNotify) -> Settings:
    return with_notify(settings, service.url)


def with_notify(settings: Settings, url: str) -> Settings:
    return replace(settings, notify_api_key=API_KEY, notify_template_id=TEMPLATE, notify_url=url)


def queue(engine: Engine, now: datetime, *, key: str = "reminder", urgent: bool = False, body: str = "Hello.") -> str:
    with session_scope(engine) as db:
        person = db.exec(select(Person)).first()
        if person is None:
            make = Factory(db, now)
            person = make.person(make.service())
        message = delivery.queue(
            db,
            service_id=person.service_id,
            key=key,
            address=NUMBER,
            subject="We start at 6:30pm today",
            body=body,
            text=WORDS,
            channel=Channel.SMS,
            now=now,
            person_id=person.id,
            urgent=urgent,
        )
        assert message is not None
        return message.id


def row(engine: Engine, message_id: str) -> OutgoingMessage:
    with session_scope(engine) as db:
        return db.get_one(OutgoingMessage, message_id)


def test_a_text_goes_with_its_words_in_the_one_gap_of_the_template(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    sent = queue(engine, now)
    assert TextSender(engine, here, ORDINARY).turn(now) is False
    [text] = service.texts
    assert (text["phone_number"], text["template_id"], text["body"]) == (NUMBER, TEMPLATE, WORDS)
    found = row(engine, sent)
    assert (found.state, found.carrier_id, found.text) == (MessageState.SENT, text["id"], WORDS)


def test_a_call_is_signed_with_our_key_and_another_key_is_turned_away(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    stranger = replace(here, notify_api_key=f"key-{SERVICE}-{SERVICE}")
    sent = queue(engine, now)
    TextSender(engine, stranger, ORDINARY).turn(now)
    assert service.refused_calls == ["Signature verification failed"]
    found = row(engine, sent)
    assert (found.state, found.trouble) == (MessageState.FAILED, notify.NOT_ALLOWED)


WHY = {400: notify.NOT_A_NUMBER, 403: notify.NOT_ALLOWED}


@pytest.mark.parametrize("code", WHY)
def test_what_is_refused_for_good_says_why_and_keeps_its_words_to_be_tried_again(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime, code: int
) -> None:
    service.answers = [code]
    sent = queue(engine, now)
    sender = TextSender(engine, here, ORDINARY)
    sender.turn(now)
    sender.turn(now + 5 * MINUTE)
    found = row(engine, sent)
    assert (found.state, found.trouble, found.tries) == (MessageState.FAILED, WHY[code], 1)
    assert found.text == WORDS
    assert NUMBER not in found.trouble


@pytest.mark.parametrize("code", [429, 500])
def test_what_may_pass_is_tried_again_a_little_later(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime, code: int
) -> None:
    service.answers = [code]
    sent = queue(engine, now)
    sender = TextSender(engine, here, ORDINARY)
    sender.turn(now)
    assert row(engine, sent).state is MessageState.WAITING
    sender.pause_until = 0.0
    sender.turn(now + MINUTE)
    assert len(service.texts) == 1
    assert row(engine, sent).state is MessageState.SENT


def test_a_service_that_never_answers_gets_the_text_once(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "ANSWER_SECONDS", 0.2)
    service.answers = [0]
    sent = queue(engine, now)
    sender = TextSender(engine, here, ORDINARY)
    sender.turn(now)
    assert row(engine, sent).state is MessageState.WAITING
    sender.pause_until = 0.0
    sender.turn(now + MINUTE)
    assert len(service.texts) == 1
    assert row(engine, sent).state is MessageState.SENT


def test_a_scheduler_killed_after_the_call_sends_nothing_twice(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    sent = queue(engine, now)
    killed = TextSender(engine, here, ORDINARY)
    with session_scope(engine) as db:
        message = killed.claimed(db, sent, now)
    assert message is not None
    killed.tried(message, now)  # and nothing is written down
    TextSender(engine, here, ORDINARY).turn(now + ORDINARY.claim)
    assert len(service.texts) == 1
    assert row(engine, sent).state is MessageState.SENT


def test_two_schedulers_at_once_send_each_text_once(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    for number in range(6):
        queue(engine, now, key=f"reminder:{number}")
    together = threading.Barrier(2)

    def work() -> None:
        sender = TextSender(engine, here, ORDINARY)
        due = sender.due(now)
        together.wait()
        sender.send(due, now)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({text["reference"] for text in service.texts}) == len(service.texts) == 6


def test_after_a_day_of_a_service_that_is_away_staff_read_why(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    service.answers = [500, 500]
    sent = queue(engine, now)
    sender = TextSender(engine, here, ORDINARY)
    sender.turn(now)
    sender.pause_until = 0.0
    sender.turn(now + GIVE_UP_AFTER + MINUTE)
    found = row(engine, sent)
    assert found.state is MessageState.FAILED
    assert found.trouble == "The text service could not be reached, or put us off, for a whole day (code 500)."


def test_in_quiet_hours_a_text_waits_until_they_end(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    night, morning = now + timedelta(hours=11), now + timedelta(hours=23)
    sent = queue(engine, night)
    sender = TextSender(engine, here, ORDINARY)
    sender.turn(night)
    sender.turn(night + timedelta(hours=6))
    assert service.texts == []
    assert (row(engine, sent).tries, row(engine, sent).not_before) == (0, morning)
    sender.turn(morning)
    assert len(service.texts) == 1


def test_a_text_that_is_tried_again_wakes_nobody_and_is_tried_for_a_day(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    service.answers = [500] * 4
    sent = queue(engine, now + timedelta(hours=10))
    sender = TextSender(engine, here, ORDINARY)
    for hours in (10, 11, 17, 22):
        sender.pause_until = 0.0
        sender.turn(now + timedelta(hours=hours))
    assert len(service.answers) == 3, "one try in the evening, none in the night"
    for hours in (23, 33, 34):
        assert row(engine, sent).state is MessageState.WAITING
        sender.pause_until = 0.0
        sender.turn(now + timedelta(hours=hours, minutes=1))
    assert row(engine, sent).state is MessageState.FAILED


@pytest.mark.parametrize("urgent", [True, False])
def test_what_is_of_no_use_in_the_morning_goes_at_night(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime, urgent: bool
) -> None:
    night = now + timedelta(hours=14)
    sent = queue(engine, night, urgent=urgent)
    with session_scope(engine) as db:
        db.get_one(OutgoingMessage, sent).at_once = not urgent
    TextSender(engine, here, URGENT if urgent else ORDINARY).turn(night)
    assert len(service.texts) == 1


def correct_number(engine: Engine, message_id: str, number: str) -> None:
    with session_scope(engine) as db:
        db.get_one(OutgoingMessage, message_id).address = number


def test_to_a_corrected_number_it_is_another_text_and_to_the_same_one_it_is_not(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime
) -> None:
    sent, other = queue(engine, now), "+447700900456"
    killed = TextSender(engine, here, ORDINARY)
    for number in (NUMBER, other, other):
        correct_number(engine, sent, number)
        with session_scope(engine) as db:
            message = killed.claimed(db, sent, now)
            assert message is not None
            message.try_at = now
        killed.tried(message, now)  # and nothing is written down
    assert [text["phone_number"] for text in service.texts] == [NUMBER, other]


@pytest.mark.parametrize("answer", [0, 400])
def test_a_number_that_is_corrected_while_the_text_goes_stays_with_what_went_or_is_tried_next(
    engine: Engine, here: Settings, service: MadeUpNotify, now: datetime, answer: int
) -> None:
    service.answers = [answer] if answer else []
    sent, other = queue(engine, now), "+447700900456"
    sender = TextSender(engine, here, ORDINARY)
    with session_scope(engine) as db:
        message = sender.claimed(db, sent, now)
    assert message is not None
    tried = sender.tried(message, now)
    correct_number(engine, sent, other)
    with session_scope(engine) as db:
        keep(db, tried)
    found = row(engine, sent)
    assert (found.state, found.address) == ((MessageState.WAITING, other) if answer else (MessageState.SENT, NUMBER)), (
        "what is out went to the old number; what was refused there was not tried at the new one"
    )
    sender.turn(now)
    assert [text["phone_number"] for text in service.texts] == [other if answer else NUMBER]


def test_without_a_text_service_it_goes_by_mail_and_a_copy_of_a_mail_does_not(
    engine: Engine, settings: Settings, mail_server: Inbox, now: datetime
) -> None:
    here = replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    queue(engine, now)
    queue(engine, now, key="page", urgent=True, body="")
    for minutes in range(2):
        send_waiting(engine, here, now=now + minutes * MINUTE)
    assert [mail["Subject"] for mail in mail_server.mails] == ["We start at 6:30pm today"]
    with session_scope(engine) as db:
        assert [each.channel for each in db.exec(select(OutgoingMessage))] == [Channel.EMAIL]


def test_on_a_machine_that_sends_nothing_texts_lie_in_the_mailbox(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    queue(engine, now, urgent=True)
    assert TextSender(engine, settings, URGENT).turn(now) is False
    [kept] = (settings.mailbox_dir / "new").iterdir()
    assert NUMBER in kept.read_text()
