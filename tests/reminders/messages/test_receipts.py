"""What the text service says of a text counts once, and only from who knows the token."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail import delivery, receipts
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.mail.texts import reference_of
from tests.support.factories import Factory

TOKEN = "a token that the text service knows as well"
GIVEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def text(site: Flask, now: datetime) -> OutgoingMessage:
    """A text that the service took."""
    settings = site.extensions["backtolife.settings"]
    site.extensions["backtolife.settings"] = replace(settings, notify_callback_token=TOKEN)
    with session_scope(site.extensions["backtolife.engine"]) as db:
        message = delivery.queue(
            db,
            service_id=Factory(db, now).service().id,
            key="reminder",
            address="+447700900123",
            subject="See you",
            body="Hello.",
            text="See you",
            channel=Channel.SMS,
            now=now,
        )
        assert message is not None
        message.state, message.sent_at, message.carrier_id, message.tries = MessageState.SENT, now, "theirs", 1
        return message


def say(site: Flask, text: OutgoingMessage, status: str, headers: dict[str, str] = GIVEN, **other: str) -> int:
    body = {
        "id": "theirs",
        "reference": reference_of(text.id, text.address),
        "status": status,
        "to": "+447700900123",
        **other,
    }
    return site.test_client().post("/webhooks/texts", json=body, headers=headers).status_code


def now_of(site: Flask, text: OutgoingMessage) -> OutgoingMessage:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        return db.get_one(OutgoingMessage, text.id)


def traces(site: Flask) -> list[str]:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        wanted = select(AuditEntry.action).where(AuditEntry.subject_type == "message")
        return list(db.exec(wanted))


def test_a_text_that_arrived_says_so_once_and_its_words_go(site: Flask, text: OutgoingMessage) -> None:
    assert [say(site, text, "delivered") for _ in range(2)] == [204, 204]
    found = now_of(site, text)
    assert found.delivered_at is not None
    assert (found.state, found.text, found.body) == (MessageState.SENT, "", "")
    assert traces(site) == ["text_delivered"]


@pytest.mark.parametrize("status", list(receipts.WHY))
def test_a_text_that_did_not_arrive_has_failed_in_words_and_keeps_what_it_said(
    site: Flask, text: OutgoingMessage, status: str
) -> None:
    assert [say(site, text, status) for _ in range(2)] == [204, 204]
    found = now_of(site, text)
    assert (found.state, found.trouble, found.text) == (MessageState.FAILED, receipts.WHY[status], "See you")
    assert traces(site) == ["text_failed"]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": f"Bearer {TOKEN} "[:-3]}]
)
def test_a_forged_receipt_is_refused(site: Flask, text: OutgoingMessage, headers: dict[str, str]) -> None:
    assert say(site, text, "permanent-failure", headers) == 403
    assert now_of(site, text).state is MessageState.SENT


def test_without_a_token_of_ours_nobody_is_believed(site: Flask, text: OutgoingMessage) -> None:
    settings = site.extensions["backtolife.settings"]
    site.extensions["backtolife.settings"] = replace(settings, notify_callback_token="")
    assert say(site, text, "permanent-failure", {"Authorization": "Bearer "}) == 403
    assert now_of(site, text).state is MessageState.SENT


def test_a_receipt_of_an_unknown_text_of_an_earlier_try_or_with_an_unknown_word_changes_nothing(
    site: Flask, text: OutgoingMessage
) -> None:
    assert say(site, text, "permanent-failure", reference="nobody") == 204
    assert say(site, text, "permanent-failure", id="of an earlier try") == 204
    assert say(site, text, "lost in the post") == 204
    assert now_of(site, text).state is MessageState.SENT
    assert traces(site) == []


def test_a_receipt_that_comes_before_our_own_commit_is_asked_for_again(site: Flask, text: OutgoingMessage) -> None:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        message = db.get_one(OutgoingMessage, text.id)
        message.state, message.carrier_id = MessageState.WAITING, ""
    assert say(site, text, "permanent-failure") == 503
    assert now_of(site, text).state is MessageState.WAITING


@pytest.mark.parametrize("body", [b"", b"{", b'{"id": 5}', b"[]"])
def test_what_is_no_receipt_is_refused_in_words(site: Flask, text: OutgoingMessage, body: bytes) -> None:
    answer = site.test_client().post("/webhooks/texts", data=body, headers=GIVEN)
    assert answer.status_code == 400
    assert now_of(site, text).state is MessageState.SENT
