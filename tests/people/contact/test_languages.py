"""In which language we write to somebody and which they speak: told by them or by staff, and seen by whoever rings."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.mail.channels import Channel
from backtolife.people.contact.choosing import Contact, choose
from backtolife.people.models import Person
from tests.people.contact.test_contact_pages import OWN, kept, sign_in
from tests.support.factories import Factory

HOURS = {"channel": "email", "text_from": "8", "text_until": "20"}
CHOSEN = HOURS | {"message_language": "cy", "needs_language": "pl"}


@pytest.mark.parametrize("who", ["own", "staff"])
def test_a_patient_or_staff_choose_both_and_the_record_says_that_and_not_which(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]], who: str
) -> None:
    person_id, place_id, tokens = patient
    sign_in(client, tokens[who])
    address = OWN if who == "own" else f"/patients/{place_id}/contact"
    assert client.post(address, data=CHOSEN).status_code == 302
    chosen = kept(app, person_id)
    assert (chosen.written, chosen.spoken) == ("cy", "pl")
    assert client.post(address, data=HOURS).status_code == 302
    assert kept(app, person_id) == chosen, "what was not asked stays"
    page = client.get(address).text
    assert page.count("selected") == 4, "two hours and two languages"
    with session_scope(app.extensions["backtolife.engine"]) as db:
        [entry] = db.exec(select(AuditEntry).where(AuditEntry.action == "contact_chosen"))
        assert entry.detail["language_changed"] is True
        assert not any(words in str(entry.model_dump()) for words in ("cy'", "pl'", "Welsh", "Polish"))


def test_whoever_rings_or_writes_sees_both(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]]
) -> None:
    person_id, place_id, tokens = patient
    sign_in(client, tokens["staff"])
    assert "Speaks" not in client.get("/patients").text
    client.post(f"/patients/{place_id}/contact", data=CHOSEN)
    assert "Would like messages in Welsh. Speaks Polish." in client.get(f"/patients/{place_id}/details").text
    for page in ("/patients", f"/patients/{place_id}/calls"):
        assert "Speaks Polish" in client.get(page).text, page
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, person_id).needs = ["interpreter"]
    assert "Speaks Polish, through an interpreter" in client.get("/patients").text


def test_an_interpreter_is_never_left_without_a_language(
    app: Flask, client: FlaskClient, patient: tuple[str, str, dict[str, str]]
) -> None:
    person_id, _, tokens = patient
    with session_scope(app.extensions["backtolife.engine"]) as db:
        person = db.get_one(Person, person_id)
        person.needs, person.needs_language = ["interpreter"], "Polish"
    sign_in(client, tokens["own"])
    for none in ("", "en"):
        answer = client.post(OWN, data=CHOSEN | {"needs_language": none})
        assert (answer.status_code, "Choose the language for the interpreter." in answer.text) == (400, True)
    assert kept(app, person_id).spoken == "pl"


@pytest.mark.parametrize(
    ("wanted", "field"), [({"written": "tlh"}, "message_language"), ({"spoken": "tlh"}, "needs_language")]
)
def test_a_language_that_is_not_on_the_list_is_refused_and_one_told_before_stays(
    db: Session, make: Factory, now: datetime, wanted: dict[str, str], field: str
) -> None:
    linda = make.person(make.service())
    actor = make.actor(linda)
    with pytest.raises(Invalid, match="Choose from the list") as refused:
        choose(db, person=linda, wanted=Contact(Channel.EMAIL, False, 8, 20, **wanted), actor=actor, now=now)
    assert refused.value.field == field
    linda.needs_language = "Gorani"
    assert choose(db, person=linda, wanted=Contact(Channel.EMAIL, False, 8, 20, "pl", "Gorani"), actor=actor, now=now)
    assert (linda.message_language, linda.needs_language) == ("pl", "Gorani")
