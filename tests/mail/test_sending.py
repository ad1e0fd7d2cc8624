"""What somebody waits for goes first and soon; nothing goes twice, and one message or server never stops the rest."""

import socket
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail import delivery, smtp
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.mail_address import CANNOT_SEND
from backtolife.mail.sending import AT_ONCE, ORDINARY, URGENT, Lane, Sender
from tests.support.factories import Factory
from tests.support.mail import Inbox, mail_server_running

SECOND = timedelta(seconds=1)


@pytest.fixture
def here(settings: Settings, mail_server: Inbox) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)


def queue(engine: Engine, now: datetime, many: int, *, urgent: bool = False, address: str = "") -> None:
    with session_scope(engine) as db:
        service = Factory(db, now).service()
        for number in range(many):
            delivery.queue(
                db,
                service_id=service.id,
                key=f"made-up:{number}",
                address=address or f"sam{number}@example.org",
                subject="See you",
                body="Hello Sam.",
                now=now,
                urgent=urgent,
            )


def states(engine: Engine) -> list[MessageState]:
    with session_scope(engine) as db:
        return sorted(one.state for one in db.exec(select(OutgoingMessage)))


def test_a_call_for_help_waits_behind_no_other_mail(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, 60)
    queue(engine, now + SECOND, 1, urgent=True, address="duty@example.org")
    Sender(engine, here, URGENT).turn(now + SECOND)
    assert [mail["To"] for mail in mail_server.mails] == ["duty@example.org"]


def test_after_a_day_without_a_server_a_call_for_help_goes_within_a_minute(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, 1, urgent=True)
    away = Sender(engine, replace(here, smtp_port=1), URGENT)
    for minute in range(30):
        away.pause_until = 0.0
        away.turn(now + timedelta(minutes=minute))
    assert URGENT.pause_seconds < 60
    assert Sender(engine, here, URGENT).turn(now + timedelta(minutes=30)) is False
    assert len(mail_server.mails) == 1


def test_a_scheduler_that_replaces_another_in_a_slow_batch_sends_nothing_twice(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, 6)
    old, new = Sender(engine, here, ORDINARY), Sender(engine, here, ORDINARY)
    listed = old.due(now)
    old.send(listed[:2], now)
    with session_scope(engine) as db:  # the third is on its way, and the server takes its time
        slow = old.claimed(db, listed[2], now + 31 * SECOND)
        assert slow is not None
    new.turn(now + 62 * SECOND)
    old.send(listed[3:], now + 70 * SECOND)
    old.way.close()
    everybody = {f"sam{number}@example.org" for number in range(6)}
    assert sorted(mail["To"] for mail in mail_server.mails) == sorted(everybody - {slow.address})


def test_being_told_to_stop_ends_the_batch_after_the_message_in_hand(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, 5)
    stopping = threading.Event()
    mail_server.on_mail = stopping.set
    assert Sender(engine, here, ORDINARY, stopping=stopping).turn(now) is False
    assert len(mail_server.mails) == 1
    assert states(engine) == [MessageState.SENT] + [MessageState.WAITING] * 4


def test_a_message_that_cannot_be_built_fails_with_a_reason_and_stops_no_other(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, 1, address="two\nlines@example.org")
    queue(engine, now + SECOND, 2)
    Sender(engine, here, ORDINARY).turn(now + SECOND)
    assert len(mail_server.mails) == 2
    with session_scope(engine) as db:
        failed = db.exec(select(OutgoingMessage).where(OutgoingMessage.state == MessageState.FAILED)).one()
        assert failed.trouble.startswith("This message cannot be written as an e-mail")
        assert "lines@example.org" not in failed.trouble


@pytest.mark.usefixtures("mail_server")
def test_an_address_that_the_server_cannot_take_fails_in_words_and_stops_no_other(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    queue(engine, now, 1, address="zoë@example.org")
    queue(engine, now + SECOND, 1)
    with mail_server_running(plain_letters=True) as inbox:
        here = replace(settings, smtp_host="127.0.0.1", smtp_port=inbox.port, smtp_starttls=False)
        Sender(engine, here, ORDINARY).turn(now + SECOND)
        assert [mail["To"] for mail in inbox.mails] == ["sam0@example.org"]
    with session_scope(engine) as db:
        failed = db.exec(select(OutgoingMessage).where(OutgoingMessage.state == MessageState.FAILED)).one()
        assert (failed.address, failed.trouble) == ("zoë@example.org", CANNOT_SEND)


def test_a_server_that_never_answers_is_tried_once_and_then_the_lane_rests(
    engine: Engine, here: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "CONNECT_SECONDS", 0.2)
    queue(engine, now, 5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        sender = Sender(engine, replace(here, smtp_port=silent.getsockname()[1]), ORDINARY)
        assert [sender.turn(now) for _ in range(3)] == [False] * 3
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
    with session_scope(engine) as db:
        assert sorted(one.tries for one in db.exec(select(OutgoingMessage))) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("lane", [URGENT, ORDINARY])
def test_a_clock_that_is_set_back_stops_no_mail(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime, lane: Lane
) -> None:
    later = now + timedelta(hours=2)
    queue(engine, later, 1, urgent=lane.urgent)
    Sender(engine, here, lane).turn(now)
    assert len(mail_server.mails) == 1
    queue(engine, later, 1, urgent=lane.urgent)
    Sender(engine, replace(here, smtp_port=1), lane).turn(later)
    Sender(engine, here, lane).turn(now)
    assert len(mail_server.mails) == 2


def test_many_messages_share_a_connection_and_the_next_batch_begins_at_once(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, AT_ONCE + 20)
    sender = Sender(engine, here, ORDINARY)
    assert [sender.turn(now), sender.turn(now)] == [True, False]
    assert (len(mail_server.mails), len(mail_server.peers)) == (AT_ONCE + 20, 1)


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(
    engine: Engine, here: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, AT_ONCE + 1)
    sender = Sender(engine, here, ORDINARY)
    assert sender.turn(now)
    assert sender.way._open is not None
    assert sender.way._open.sock is not None
    sender.way._open.sock.shutdown(socket.SHUT_RDWR)
    sender.turn(now)
    assert len(mail_server.mails) == AT_ONCE + 1
