"""A patient chooses how we reach them; staff do it for them."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.people.contact.choosing import Contact, contact_of
from backtolife.people.models import Person

TEXTS = {"channel": "sms", "others_read": "y", "text_from": "9", "text_until": "18"}
OWN = "/your-details/how-we-reach-you"


def sign_in(client: FlaskClient, token: str) -> None:
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token


def kept(app: Flask, person_id: str) -> Contact:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return contact_of(db.get_one(Person, person_id))


@pytest.mark.parametrize("who", ["own", "staff"])
def test_it_is_shown_kept_and_on_record(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]], who: str
) -> None:
    person_id, place_id, tokens = patient
    sign_in(client, tokens[who])
    address = OWN if who == "own" else f"/patients/{place_id}/contact"
    assert 'value="email" checked' in re.sub(r"\s+", " ", client.get(address).text)
    assert client.post(address, data=TEXTS).status_code == 302
    assert kept(app, person_id) == Contact(Channel.SMS, True, 9, 18)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        [entry] = db.exec(select(AuditEntry).where(AuditEntry.action == "contact_chosen"))
        assert entry.subject_id == person_id


def test_whoever_rings_or_looks_reads_how_they_want_to_be_reached(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]]
) -> None:
    _, place_id, tokens = patient
    sign_in(client, tokens["own"])
    assert client.post(OWN, data=TEXTS | {"message_language": "pl"}).status_code == 302
    own = client.get("/your-details").text
    assert "By text message. Texts come between 9am and 6pm. Other people may read your messages." in own
    sign_in(client, tokens["staff"])
    for address in (f"/patients/{place_id}", f"/patients/{place_id}/calls", f"/patients/{place_id}/details"):
        text = client.get(address).text
        assert "By text message. Texts come between 9am and 6pm. Others may read their messages" in text, address
        assert "Would like messages in Polish." in text, address


def test_without_a_mobile_number_texts_are_refused_in_words(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]]
) -> None:
    person_id, _, tokens = patient
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, person_id).phone = "01632 960001"
    sign_in(client, tokens["own"])
    answer = client.post(OWN, data=TEXTS)
    assert answer.status_code == 400
    assert "We need a mobile number for texts" in answer.text
    assert kept(app, person_id).channel is Channel.EMAIL


def test_where_no_texts_are_sent_none_are_offered_and_the_hours_stay(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]]
) -> None:
    person_id, _, tokens = patient
    settings = app.extensions["backtolife.settings"]
    app.extensions["backtolife.settings"] = replace(settings, smtp_host="mail.example.org")
    sign_in(client, tokens["own"])
    assert 'value="sms"' not in client.get(OWN).text
    assert client.post(OWN, data=TEXTS).status_code == 400
    assert client.post(OWN, data={"channel": "telephone"}).status_code == 302
    assert kept(app, person_id) == Contact(Channel.TELEPHONE, False, 8, 20)
