"""From the reminder's link to the waiting room, and every way in which that does not work."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person, SignedIn
from backtolife.sessions.room.forms import SPACE
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state import seats
from backtolife.sessions.state.rules import SeatStatus
from tests.support.sessions.door import Door, before_the_door

READY = {"camera": "facilitators", "where": "At home", "phone": "01632 960100", "space": ["chair"], "news": "A fall"}


@pytest.fixture
def door(app: Flask, client: FlaskClient) -> Door:
    return before_the_door(app, client)


def test_opening_the_link_signs_nobody_in(door: Door) -> None:
    door.remember(door.linda)
    door.client.get(door.link)
    with door.database() as db:
        assert db.exec(select(SignedIn)).all() == []


def test_a_remembered_device_opens_the_session_and_not_the_record(door: Door) -> None:
    door.remember(door.linda)
    door.client.post(door.link)
    assert door.client.get("/your-details").status_code == 403


def test_the_page_asks_where_somebody_is_and_answers_for_nobody(door: Door) -> None:
    door.remember(door.linda)
    door.client.post(door.link)
    page = door.client.get(f"{door.page}/get-ready").text
    radio = r'<input type="radio" name="where" value="([^"]*)"(?: (checked))?\s+required>\s*<span>([^<]*)'
    asked = re.findall(radio, page)
    assert asked == [
        ("At home", "", "At home"),
        ("At work", "", "At work"),
        ("Somewhere else", "", "I am somewhere else"),
    ]
    assert all(words in page for _, words in SPACE)


def test_who_has_not_said_where_they_are_is_asked_that_and_is_not_told_where_they_are_not(door: Door) -> None:
    with door.database() as db:
        db.get_one(Person, door.linda.id).address = "3 Elm Road"
    door.remember(door.linda)
    door.client.post(door.link)
    data = {**READY, "where": "", "address": "3 Elm Road"}
    answer = door.client.post(f"{door.page}/get-ready", data=data)
    assert answer.status_code == 400
    assert "Tell us where you are" in answer.text
    assert "You say you are not at home" not in answer.text


def test_an_unknown_device_is_asked_for_a_code(door: Door) -> None:
    assert "Send me a code" in door.client.get(door.link).text
    door.client.post(f"{door.link}/who", data={"email": door.linda.email})
    with door.database() as db:
        body = db.exec(select(OutgoingMessage.body)).one()
    found = re.search(r"\b\d{6}\b", body)
    assert found is not None
    ready = door.client.post(f"{door.link}/code", data={"code": found[0], "remember": "y"}, follow_redirects=True)
    assert "Get ready for session 1" in ready.text
    assert door.client.get_cookie("device") is not None


def test_a_wrong_code_says_so_and_lets_nobody_in(door: Door) -> None:
    door.client.post(f"{door.link}/who", data={"email": door.linda.email})
    answer = door.client.post(f"{door.link}/code", data={"code": "000000"})
    assert (answer.status_code, "does not work" in answer.text) == (400, True)


def test_a_forwarded_link_sends_no_code_to_a_stranger(door: Door) -> None:
    answer = door.client.post(f"{door.link}/who", data={"email": "stranger@example.org"}, follow_redirects=True)
    assert "If we know that address" in answer.text
    with door.database() as db:
        assert db.exec(select(OutgoingMessage)).all() == []


def test_a_session_that_is_not_open_yet_says_when_it_opens(door: Door) -> None:
    door.move(hours=3)
    answer = door.client.get(door.link)
    assert (answer.status_code, "opens at" in answer.text) == (200, True)


def test_a_link_opened_a_day_late_says_that_the_session_is_over(door: Door) -> None:
    door.move(days=-1)
    answer = door.client.get(door.link)
    assert (answer.status_code, "is over" in answer.text) == (409, True)


def test_an_unknown_link_is_not_found(door: Door) -> None:
    assert door.client.get("/j/nosuchcode").status_code == 404


def test_a_patient_of_another_group_finds_nothing(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.make.db = db
        other = door.group.make.enrolment(door.group.make.cohort(door.group.make.service()))
        stranger = db.get_one(Person, other.person_id)
    door.sign_in(stranger)
    paths = (f"{door.page}/get-ready", f"{door.page}/room")
    assert [door.client.get(path).status_code for path in paths] == [404, 404]
    assert "Are you somebody else?" in door.client.get(door.link).text, "it may be the link of who shares the device"
    assert door.client.post(f"{door.page}/media-token").status_code == 404


def test_nothing_is_chosen_beforehand_the_first_time(door: Door) -> None:
    door.sign_in(door.linda)
    page = door.client.get(f"{door.page}/get-ready").text
    assert "checked" not in page.replace('value="At home" checked', "")


def test_a_form_that_lacks_something_keeps_the_rest(door: Door) -> None:
    door.sign_in(door.linda)
    answer = door.client.post(f"{door.page}/get-ready", data={**READY, "phone": ""})
    assert answer.status_code == 400
    assert "Enter a number we can ring" in answer.text
    assert "A fall" in answer.text


def test_the_room_cannot_be_entered_without_getting_ready(door: Door) -> None:
    door.sign_in(door.linda)
    answer = door.client.get(f"{door.page}/room")
    assert answer.headers["Location"].endswith("/get-ready")


def test_a_media_token_is_refused_before_admission(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post(f"{door.page}/get-ready", data=READY)
    answer = door.client.post(f"{door.page}/media-token", headers={"Accept": "application/json"})
    assert (answer.status_code, "lets you in" in answer.json["error"]) == (403, True)


def test_a_patient_who_was_removed_and_joins_again_reads_why_not(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post(f"{door.page}/get-ready", data=READY)
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = db
        seat = db.exec(select(Seat)).one()
        door.group.apply(seats.remove, clock.now(), seat=seat.id)
        assert seat.status is SeatStatus.REMOVED
    for answer in (door.client.get(f"{door.page}/room"), door.client.post(f"{door.page}/get-ready", data=READY)):
        assert (answer.status_code, "ended your time in the group for today" in answer.text) == (403, True)


def test_a_facilitator_who_opens_the_link_comes_to_the_room(door: Door) -> None:
    door.sign_in(door.group.lead)
    assert door.client.get(door.link, follow_redirects=True).status_code == 200


def test_staff_who_sign_in_from_the_link_come_back_to_it(door: Door) -> None:
    door.client.get(door.link)
    with door.client.session_transaction() as cookie:
        assert cookie["next"] == door.link


def test_a_webhook_that_the_engine_did_not_sign_is_refused(door: Door) -> None:
    answer = door.client.post("/webhooks/media", data="{}", headers={"Authorization": "nonsense"})
    assert answer.status_code == 403
    with door.database() as db:
        assert db.get_one(GroupSession, door.group.group_session.id).version == 0


def test_a_reminder_link_that_a_mail_scanner_opened_first_still_joins_the_patient(door: Door) -> None:
    scanner = door.app.test_client()
    for _ in range(3):
        assert scanner.get(door.link).status_code == 200
        scanner.head(door.link)
    door.remember(door.linda)
    ready = door.client.post(door.link, follow_redirects=True)
    assert "Get ready for session 1" in ready.text


def test_a_mail_scanner_that_presses_the_button_gets_no_further_than_the_code(door: Door) -> None:
    scanner = door.app.test_client()
    answer = scanner.post(door.link, follow_redirects=True)
    assert "Send me a code" in answer.text
    with door.database() as db:
        assert db.exec(select(SignedIn)).all() == []


def test_a_forwarded_link_shows_a_stranger_nothing_of_the_person_it_was_sent_to(door: Door) -> None:
    stranger = door.app.test_client()
    page = stranger.get(door.link).text
    hidden = (door.linda.full_name, door.linda.shown_name, door.linda.email, door.group.cohort.name, "Priya")
    assert [word for word in hidden if word in page] == []
    assert "Send me a code" in page, "and it lets nobody go on as them"
    assert stranger.post(door.link, follow_redirects=True).request.path == door.link
    with door.database() as db:
        assert db.exec(select(SignedIn)).all() == []


def test_on_another_device_a_patient_of_another_group_gets_no_code(door: Door) -> None:
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.make.db = db
        other = door.group.make.enrolment(door.group.make.cohort(door.group.make.service()))
        email = db.get_one(Person, other.person_id).email
    door.client.post(f"{door.link}/who", data={"email": email})
    with door.database() as db:
        assert db.exec(select(OutgoingMessage)).all() == []


def test_warning_signs_are_kept_for_the_spotter_and_the_room_learns_only_how_urgent(door: Door) -> None:
    door.sign_in(door.linda)
    page = door.client.get(f"{door.page}/get-ready").text
    assert "Go to A&amp;E now, or call 999" in page
    door.client.post(f"{door.page}/get-ready", data={**READY, "flags": ["emergency", "not_today"]})
    with door.database() as db:
        assert db.exec(select(Seat)).one().flags == ["emergency", "not_today"]
        state = db.get_one(GroupSession, door.group.group_session.id).state
    (entry,) = state["seats"].values()
    assert entry["news"] == "urgent"
    assert "A fall" not in str(state)


def test_a_warning_sign_that_does_not_exist_is_refused(door: Door) -> None:
    door.sign_in(door.linda)
    answer = door.client.post(f"{door.page}/get-ready", data={**READY, "flags": ["other"]})
    assert answer.status_code == 400


def test_who_joins_again_finds_what_they_told_us_today(door: Door) -> None:
    door.sign_in(door.linda)
    told = {**READY, "where": "At work", "address": "The library", "emergency_name": "Brian"}
    door.client.post(f"{door.page}/get-ready", data=told)
    page = door.client.get(f"{door.page}/get-ready").text
    assert 'value="The library"' in page
    assert 'value="Brian"' in page


def test_before_the_doors_open_the_link_leads_to_the_video(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(door.app.extensions, "backtolife.video_is_ready", lambda *_: True)
    door.move(hours=20)
    page = door.client.get(door.link).text
    assert "watch the video first" in page
    assert "You cannot join just now" not in page
    assert 'href="/videos"' in page
    there = door.client.get("/videos", headers={"Accept": "text/html"})
    assert there.headers["Location"] == "/sign-in?next=/videos"


def test_where_there_is_no_video_nobody_is_sent_to_one_and_an_early_visit_is_no_fault(door: Door) -> None:
    door.move(hours=20)
    answer = door.client.get(door.link)
    assert (answer.status_code, "opens at" in answer.text) == (200, True)
    assert "the video" not in answer.text.lower()


def test_who_was_let_in_goes_straight_back_into_the_room_until_they_leave(door: Door) -> None:
    door.sign_in(door.linda)
    door.client.post(f"{door.page}/get-ready", data=READY)
    assert door.client.get(door.link).headers["Location"].endswith("/get-ready")
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db, seat = db, db.exec(select(Seat)).one().id
        door.group.apply(seats.admit, clock.now(), seat=seat, now_ms=1)
    assert door.client.get(door.link).headers["Location"].endswith("/room")
    with session_scope(door.app.extensions["backtolife.engine"]) as db:
        door.group.db = db
        door.group.apply(seats.leave, clock.now(), seat=seat)
    assert door.client.get(door.link).headers["Location"].endswith("/get-ready")
