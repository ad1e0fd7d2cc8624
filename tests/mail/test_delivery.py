"""Mail leaves after the commit, once, in a real SMTP conversation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from backtolife.config import Settings
from backtolife.database.session import Db, session_scope
from backtolife.mail import delivery
from backtolife.mail.all_waiting import send_waiting
from backtolife.mail.delivery import MessageState, OutgoingMessage
from tests.support.factories import Factory
from tests.support.mail import Inbox


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["backtolife.engine"]
    return found


@pytest.fixture
def smtp(settings: Settings, mail_server: Inbox) -> Settings:
    return replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)


def queue(engine: Engine, now: datetime, key: str = "hello") -> None:
    with session_scope(engine) as db:
        service = Factory(db, now).service()
        for _ in range(2):
            delivery.queue(
                db,
                service_id=service.id,
                key=key,
                address="sam@example.org",
                subject="See you\nBcc: everyone@example.org",
                body="Hello Sam – welcome.",
                now=now,
            )


def test_one_cause_writes_one_message(engine: Engine, smtp: Settings, mail_server: Inbox, now: datetime) -> None:
    queue(engine, now)
    assert send_waiting(engine, smtp, now=now) == 1
    assert send_waiting(engine, smtp, now=now) == 0
    assert [mail["To"] for mail in mail_server.mails] == ["sam@example.org"]
    assert mail_server.mails[0].get_content().strip() == "Hello Sam – welcome."


def test_a_line_break_in_a_subject_adds_no_header(
    engine: Engine, smtp: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now)
    send_waiting(engine, smtp, now=now)
    assert mail_server.mails[0]["Bcc"] is None


def test_a_refused_message_waits_and_then_goes(
    engine: Engine, smtp: Settings, mail_server: Inbox, now: datetime
) -> None:
    mail_server.refuse = 2
    queue(engine, now)
    moments = [now, now + timedelta(seconds=5), now + timedelta(minutes=2), now + timedelta(minutes=10)]
    assert [send_waiting(engine, smtp, now=moment) for moment in moments] == [0, 0, 0, 1]
    with session_scope(engine) as db:
        message = db.exec(select(OutgoingMessage)).one()
        assert (message.state, message.tries, message.body) == (MessageState.SENT, 3, "")


def test_a_server_that_is_away_loses_nothing(engine: Engine, smtp: Settings, now: datetime) -> None:
    queue(engine, now)
    away = replace(smtp, smtp_port=1)
    assert send_waiting(engine, away, now=now) == 0
    assert send_waiting(engine, smtp, now=now + timedelta(hours=1)) == 1


def test_without_a_mail_server_messages_land_in_the_mailbox_folder(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    queue(engine, now)
    assert send_waiting(engine, settings, now=now) == 1
    assert len(list((settings.mailbox_dir / "new").iterdir())) == 1


def old_ones(db: Db, messages: Sequence[OutgoingMessage], now: datetime) -> list[OutgoingMessage]:
    del db, now
    return [each for each in messages if each.key == "old"]


def test_a_message_that_nobody_wants_any_more_is_taken_out_of_the_line(
    engine: Engine, smtp: Settings, mail_server: Inbox, now: datetime
) -> None:
    queue(engine, now, key="old")
    queue(engine, now, key="fresh")
    sent = send_waiting(engine, smtp, now=now, unwanted=old_ones)
    assert (sent, len(mail_server.mails)) == (1, 1)
    with session_scope(engine) as db:
        assert [message.key for message in db.exec(select(OutgoingMessage))] == ["fresh"]
