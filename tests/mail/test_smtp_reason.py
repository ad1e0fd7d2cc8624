"""Why a mail did not go stands in the log: the server's words, and nothing of whom it was for or what it said."""

import json
import smtplib
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail import delivery
from backtolife.mail.all_waiting import send_waiting
from backtolife.mail.smtp_reason import reason_without
from backtolife.processes.logs import configure_logs
from tests.support.factories import Factory
from tests.support.mail import Inbox

PRIVATE = (
    "linda.marsh@example.org",
    "Your questions are open",
    "Hello Linda\nThe first questions are waiting for you.",
)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials"),
            {"code": 535, "reason": "5.7.8 Bad credentials"},
        ),
        (
            smtplib.SMTPRecipientsRefused({"linda.marsh@example.org": (550, b"<linda.marsh@example.org>: no mailbox")}),
            {"code": 550, "reason": "… no mailbox"},
        ),
        (
            smtplib.SMTPDataError(554, b"Subject 'Your questions are open' looks like spam"),
            {"code": 554, "reason": "Subject '…' looks like spam"},
        ),
        (
            smtplib.SMTPDataError(
                554, b"Blocked: hello linda the first words; see https://spam.example/?to=linda.marsh"
            ),
            {"code": 554, "reason": "Blocked: … … … … words; see …"},
        ),
        (
            smtplib.SMTPSenderRefused(553, b"Sender not allowed", "no-reply@example.org"),
            {"code": 553, "reason": "Sender not allowed"},
        ),
        (ConnectionRefusedError(111, "Connection refused"), {"reason": "Connection refused"}),
        (
            smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
            {"reason": "Connection unexpectedly closed"},
        ),
    ],
)
def test_the_reason_is_the_servers_without_the_mail(error: Exception, said: dict[str, object]) -> None:
    assert reason_without(error, *PRIVATE) == said


def test_a_mail_that_the_server_refuses_leaves_its_reason_in_the_log(
    app: Flask, settings: Settings, mail_server: Inbox, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    smtp = replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    mail_server.refuse = 1
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        service = Factory(db, now).service()
        address, subject, body = PRIVATE
        delivery.queue(db, service_id=service.id, key="a", address=address, subject=subject, body=body, now=now)
    assert send_waiting(engine, smtp, now=now) == 0
    line = next(json.loads(one) for one in capsys.readouterr().out.splitlines() if "message_not_sent" in one)
    assert line["code"] >= 400
    assert line["reason"]
    assert "linda" not in json.dumps(line).casefold()
