"""A report of a mail server marks the mail that came back as not arrived, once, and nothing else."""

import io
import sys
from datetime import datetime
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from backtolife.cli import main
from backtolife.config import Settings
from backtolife.database.session import open_engine, session_scope
from backtolife.mail import delivery
from backtolife.mail.bounces import read_bounce, take_bounce
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.sending import to_email
from tests.support.factories import Factory

NO_SUCH = "The mail server does not take mail for this address (code 5.1.1). Ask for another address."


def sent(db: Session, make: Factory, now: datetime) -> OutgoingMessage:
    person = make.person(make.service())
    message = delivery.queue(
        db,
        service_id=person.service_id,
        key="welcome:1",
        address=person.email,
        subject="Welcome",
        body="Hello",
        now=now,
        person_id=person.id,
    )
    assert message is not None
    message.state = MessageState.SENT
    db.flush()
    return message


def report(mail: EmailMessage, *, action: str = "failed", status: str = "5.1.1", whole: bool = True) -> bytes:
    """As a mail server writes it: words for people, the fields of RFC 3464, and what came back."""
    headers = "".join(f"{name}: {value}\n" for name, value in mail.items())
    back = ("message/rfc822", mail.as_string()) if whole else ("text/rfc822-headers", headers)
    return (
        "From: MAILER-DAEMON@mail.example.org\nTo: us@example.org\nMessage-ID: <1@mail.example.org>\n"
        "Subject: Undelivered Mail\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI am sorry.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.org\n\n"
        f"Final-Recipient: rfc822; them@example.org\nAction: {action}\nStatus: {status}\n\n"
        f"--b\nContent-Type: {back[0]}\n\n{back[1]}\n--b--\n"
    ).encode()


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_that_came_back_did_not_arrive_and_says_why(
    db: Session, make: Factory, settings: Settings, now: datetime, whole: bool
) -> None:
    message, other = sent(db, make, now), sent(db, make, now)
    bounce = read_bounce(report(to_email(message, settings, now), whole=whole))
    assert bounce is not None
    assert take_bounce(db, bounce)
    assert (message.state, message.trouble) == (MessageState.FAILED, NO_SUCH)
    assert other.state is MessageState.SENT
    message.state = MessageState.DROPPED
    assert not take_bounce(db, bounce), "staff have seen to it"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_delay_or_a_receipt_is_no_bounce(
    db: Session, make: Factory, settings: Settings, now: datetime, action: str
) -> None:
    mail = to_email(sent(db, make, now), settings, now)
    assert read_bounce(report(mail, action=action)) is None


def test_a_full_mailbox_is_not_called_a_wrong_address(
    db: Session, make: Factory, settings: Settings, now: datetime
) -> None:
    bounce = read_bounce(report(to_email(sent(db, make, now), settings, now), status="5.2.2"))
    assert bounce is not None
    assert bounce.trouble == "The mail server does not take this message (code 5.2.2)."


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", b"Subject: Out of office\n\nI am away.", b"Content-Type: a\n\n"])
def test_what_is_no_report_changes_nothing(raw: bytes) -> None:
    assert read_bounce(raw) is None


def test_a_report_about_the_mail_of_somebody_else_changes_nothing(now: datetime) -> None:
    mail = EmailMessage()
    mail["Message-ID"] = "<hello@example.org>"
    mail.set_content("Hello")
    assert read_bounce(report(mail)) is None


def test_one_that_staff_rang_about_stays_told(db: Session, make: Factory, settings: Settings, now: datetime) -> None:
    message = sent(db, make, now)
    bounce = read_bounce(report(to_email(message, settings, now)))
    assert bounce is not None
    message.channel = Channel.TELEPHONE
    assert not take_bounce(db, bounce)


def test_a_mail_server_gives_the_report_to_the_command(
    url: str, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(url)
    with session_scope(engine) as db:
        message = sent(db, Factory(db, now), now)
        raw, message_id = report(to_email(message, settings, now)), message.id
    monkeypatch.setenv("DATABASE_URL", url)
    for words in ("marked as not arrived", "Nothing was changed"):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        assert main(["mail", "bounced"]) == 0
        assert words in capsys.readouterr().out
    with session_scope(engine) as db:
        assert db.get_one(OutgoingMessage, message_id).trouble == NO_SUCH
    engine.dispose()
