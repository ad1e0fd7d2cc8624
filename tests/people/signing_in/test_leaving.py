"""What stays behind on a shared device: nothing of the record, nothing unsent, and no device remembered unasked."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people import services
from backtolife.people.models import LinkPurpose, Person
from backtolife.people.roles import acting_as
from backtolife.people.sign_in_pages.patients import DEVICE_COOKIE
from backtolife.people.signing_in import devices, signin
from backtolife.sessions.room.models import Seat
from tests.support.sessions.hall import Hall, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def link_for(app: Flask, person: Person) -> str:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=clock.now()).token


def device_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(DEVICE_COOKIE)
    return cookie.value if cookie else ""


def test_a_second_press_on_the_link_leads_in_whoever_it_has_led_in(app: Flask, hall: Hall) -> None:
    mine, theirs = link_for(app, hall.group.patients[0]), link_for(app, hall.group.patients[1])
    client = app.test_client()
    assert client.post(f"/link/{mine}").headers["Location"] == "/"
    assert client.post(f"/link/{mine}").headers["Location"] == "/"
    assert client.get(f"/link/{mine}").headers["Location"] == "/"
    app.test_client().post(f"/link/{theirs}")
    assert client.post(f"/link/{theirs}").status_code == 404, "somebody else's used link leads nobody in"
    client.post("/sign-out")
    assert client.post(f"/link/{mine}").status_code == 404


def test_a_device_is_remembered_only_when_asked(app: Flask, hall: Hall) -> None:
    client, link = app.test_client(), link_for(app, hall.group.patients[0])
    assert "checked" not in client.get(f"/link/{link}").text
    client.post(f"/link/{link}")
    assert not device_of(client)


def test_logging_out_forgets_the_device(app: Flask, hall: Hall) -> None:
    client, link = app.test_client(), link_for(app, hall.group.patients[0])
    client.post(f"/link/{link}", data={"remember": "y"})
    secret = device_of(client)
    assert secret
    client.post("/sign-out")
    assert not device_of(client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert devices.person_of_device(db, token=secret, now=clock.now()) is None


def test_a_remembered_device_shows_nothing_of_the_record_and_still_leads_in(app: Flask, hall: Hall) -> None:
    patient, session_id = hall.group.patients[0], hall.group.group_session.id
    with session_scope(app.extensions["backtolife.engine"]) as db:
        me = db.get_one(Person, patient.id)
        services.change_details(
            db, actor=acting_as(db, me), person=me, shown_name=me.shown_name, phone="07700 900117",
            emergency=("Brian Secret", "07700 900118"), now=clock.now(),
        )  # fmt: skip
        secret, code = devices.remember_device(db, person=me, now=clock.now()), hall.group.group_session.join_code
    client = app.test_client()
    client.set_cookie(DEVICE_COOKIE, secret)
    pages = client.get(f"/j/{code}").text
    assert "Get ready to join" in pages
    assert client.post(f"/j/{code}").status_code == 302
    pages += client.get(f"/sessions/{session_id}/get-ready").text
    assert "use the number that your team has" in pages
    for secret_words in ("900117", "900118", "Brian", patient.full_name, f"Hello {patient.shown_name}"):
        assert secret_words not in pages
    answer = client.post(f"/sessions/{session_id}/get-ready", data={"camera": "off", "where": "At home"})
    assert answer.status_code == 302, answer.text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        seat = db.exec(select(Seat).where(Seat.person_id == patient.id)).one()
        assert (seat.phone, seat.emergency_name) == ("07700 900117", "Brian Secret")


def test_text_messages_cannot_be_chosen_while_none_are_sent(app: Flask, hall: Hall) -> None:
    client, link = app.test_client(), link_for(app, hall.group.patients[0])
    client.post(f"/link/{link}")
    assert "Text message" not in client.get("/your-details").text
