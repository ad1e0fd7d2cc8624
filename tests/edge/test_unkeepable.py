"""NUL and halves of a pair of surrogates: refused in words wherever they come in, on both databases alike."""

from datetime import datetime
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Invalid
from backtolife.people.access import permission_of
from backtolife.people.models import Role
from backtolife.sessions.events import payloads
from backtolife.sessions.events.reading import read
from backtolife.text.characters import refuse_unkeepable
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import rules
from tests.access.world import build
from tests.support.factories import Factory

CANNOT_KEEP = "contains a character that we cannot save"
BAD = ["half\x00word", "half\ud800word", "half\udfffword"]


@pytest.mark.parametrize("word", BAD)
def test_no_database_is_given_a_character_that_it_cannot_keep(
    db: Session, make: Factory, now: datetime, word: str
) -> None:
    person = make.person(make.service(), Role.PATIENT, "Linda")
    person.job = word
    with pytest.raises(Invalid, match=CANNOT_KEEP):
        db.flush()


@pytest.mark.parametrize("word", BAD)
def test_the_rooms_events_take_no_such_character(word: str) -> None:
    with pytest.raises(Invalid, match="text must be text"):
        read(payloads.Chat, {"text": word, "audience": "group", "client_id": "c1"})


def test_emoji_and_every_script_are_kept(db: Session, make: Factory) -> None:
    person = make.person(make.service(), Role.PATIENT, "Zoë 阿明 🙂 عائشة")
    db.expire(person)
    assert person.shown_name == "Zoë 阿明 🙂 عائشة"


def test_a_form_with_nul_in_a_field_is_refused_in_words_on_every_page(site: Flask) -> None:
    with session_scope(site.extensions["backtolife.engine"]) as db:
        house = build(db, "A", clock.now())
    walked = 0
    for rule, method in rules(site):
        action = ROUTES[rule.endpoint]
        role = next((role for role in ROLES.get(action, ()) if role in house.tokens), None)
        if method != "POST" or (role is None and action != PUBLIC):
            continue
        client = site.test_client()
        with client.session_transaction() as session:
            session["signed_in"] = house.tokens[role] if role else ""
        values = {name: int(value) if name == "number" else value for name, value in house.ids.items()}
        with site.test_request_context():
            path = site.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
        answer = client.post(path, data={"any": "half\x00word"}, headers={"Accept": "text/html"})
        assert (answer.status_code, CANNOT_KEEP in answer.text) == (400, True), f"{rule.endpoint}: {answer.status_code}"
        walked += 1
    assert walked > 60


def test_marks_without_end_are_refused_in_every_form_and_what_a_language_needs_is_not(client: FlaskClient) -> None:
    for pile in ("\u0315\u0300" * 40, "\u0f73" * 80, "\u0344" * 80, "\uff9e" * 80):
        answer = client.post("/sign-in", data={"email": f"a{pile}"})
        assert (answer.status_code, CANNOT_KEEP in answer.text) == (400, True), ascii(pile[:2])
    refuse_unkeepable("\u1ea5\u0308\u0323 " * 400, "a" + "\u0300" * 30)
    refuse_unkeepable("\u05e9\u05c1\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd" * 400)


def test_nul_in_an_address_is_refused_in_words(site: Flask) -> None:
    client, bad = site.test_client(), quote("x\x00y")
    assert permission_of(site.view_functions["joining.open_link"]) == PUBLIC
    addresses = [
        f"/j/{bad}",
        f"/link/{bad}",
        f"/guest/{bad}",
        f"/groups/{bad}",
        f"/static/{bad}",
        f"/sign-in?next=/{bad}",
    ]
    for address in [*addresses, f"/{bad}?{bad}=1", f"/offline?{bad}"]:
        answer = client.get(address, headers={"Accept": "text/html"})
        assert (answer.status_code, CANNOT_KEEP in answer.text) == (400, True), address


def test_a_file_name_with_nul_is_refused(client: FlaskClient) -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\x00b.mp4"\r\n\r\nx\r\n--b--\r\n'
    answer = client.post("/sign-in", data=body, content_type="multipart/form-data; boundary=b")
    assert (answer.status_code, CANNOT_KEEP in answer.text) == (400, True)
