"""Whether messages should still go is asked of many at once, and anew once the answer is old."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import col, select

from backtolife.config import Settings
from backtolife.database.session import Db, session_scope
from backtolife.mail import deciding
from backtolife.mail.delivery import OutgoingMessage
from backtolife.mail.sending import ORDINARY, Sender
from tests.support.factories import Factory
from tests.support.mail import Inbox

KEYS = ["first", "second", "third"]


class Asked:
    """Notes what it was asked about; whatever is in `gone` is wanted no more."""

    def __init__(self) -> None:
        self.about: list[list[str]] = []
        self.gone: set[str] = set()

    def __call__(self, db: Db, messages: Sequence[OutgoingMessage], now: datetime) -> list[OutgoingMessage]:
        del db, now
        self.about.append(sorted(each.key for each in messages))
        return [each for each in messages if each.key in self.gone]


@pytest.fixture
def three_wait(app: Flask, now: datetime) -> Engine:
    engine: Engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        service = Factory(db, now).service()
        for number, key in enumerate(KEYS):
            queued = now - timedelta(seconds=len(KEYS) - number)
            row = OutgoingMessage(
                service_id=service.id,
                key=key,
                address=f"{key}@example.com",
                subject="Tomorrow",
                body="Tomorrow",
                queued_at=queued,
                try_at=queued,
            )
            db.add(row)
    return engine


def waiting(engine: Engine) -> list[str]:
    with session_scope(engine) as db:
        rows = db.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.queued_at)))
        return [each.key for each in rows]


def test_a_row_of_messages_is_asked_about_once(
    three_wait: Engine, settings: Settings, mail_server: Inbox, now: datetime
) -> None:
    asked = Asked()
    asked.gone = {"second"}
    here = replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    Sender(three_wait, here, ORDINARY, asked).turn(now)
    assert asked.about == [KEYS]
    assert [mail["To"] for mail in mail_server.mails] == ["first@example.com", "third@example.com"]
    assert waiting(three_wait) == ["first", "third"], "what nobody wants is taken out of the line"


def test_what_is_wanted_no_more_while_others_go_does_not_go(
    three_wait: Engine,
    settings: Settings,
    mail_server: Inbox,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deciding, "HOLDS_SECONDS", 0.0)
    asked = Asked()
    here = replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    mail_server.on_mail = lambda: asked.gone.add("third")
    Sender(three_wait, here, ORDINARY, asked).turn(now)
    assert asked.about == [KEYS, ["second", "third"], ["third"]]
    assert [mail["To"] for mail in mail_server.mails] == ["first@example.com", "second@example.com"]
