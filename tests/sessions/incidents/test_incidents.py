"""The record of a call for help: who may read and write it, every version kept, the details kept with it."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.sessions.records import closing
from backtolife.sessions.records.models import IncidentRecord
from backtolife.sessions.room.models import GroupSession, HelpAlert, Seat
from backtolife.sessions.safety import alerts
from tests.support.sessions.hall import Hall, ask, open_hall

WORDS = {"happened": "Sat down, pale.", "done": "Spoke with her, rang Brian.", "outcome": "call_back", "seen": "0"}


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


@pytest.fixture
def path(hall: Hall) -> str:
    """Linda has asked for help; where the record of it is."""
    hall.sit(hall.group.patients[0])
    alert = ask(hall.connect(hall.group.patients[0]), "help")["alert"]
    return f"/sessions/{hall.group.group_session.id}/incidents/{alert}"


def someone(hall: Hall, role: Role) -> Person:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.db = db
        return hall.group.make.person(db.get_one(Service, hall.group.lead.service_id), role)


def test_the_page_shows_whom_to_ring_and_every_look_is_logged(hall: Hall, path: str) -> None:
    page = hall.browser(hall.group.lead).get(path)
    assert page.status_code == 200
    assert all(words in page.text for words in ("Linda Example", "3 Elm Road", "01632 960100", "Brian, 01632 960855"))
    with hall.database() as db:
        looks = db.exec(select(AuditEntry).where(AuditEntry.action == "emergency_details_seen")).all()
    assert [each.actor_id for each in looks] == [hall.group.lead.id]


def test_the_duty_clinician_takes_a_call_that_nobody_answered_and_the_room_sees_it(hall: Hall, path: str) -> None:
    page = hall.connect(hall.group.patients[0])
    client = hall.browser(someone(hall, Role.DUTY_CLINICIAN))
    assert "Nobody has answered yet" in client.get(path).text
    taken = client.post(f"{path}/take", follow_redirects=True)
    assert "took the call" in taken.text
    assert client.post(f"{path}/take").status_code == 409
    (alert,) = hall.state["alerts"].values()
    assert alert["taken_by"]
    assert any("taken_by" in str(each) for each in page.get_received())


@pytest.mark.parametrize("role", [Role.PATIENT, Role.SERVICE_LEAD, Role.ADMINISTRATOR])
def test_who_has_no_business_there_reads_nothing(hall: Hall, path: str, role: Role) -> None:
    client = hall.browser(someone(hall, role))
    assert [client.get(path).status_code, client.post(path, data=WORDS).status_code] == [403, 403]


def test_every_version_is_kept_and_nobody_writes_over_another(hall: Hall, path: str) -> None:
    client = hall.browser(hall.group.lead)
    assert client.post(path, data=WORDS).status_code == 302
    other = client.post(path, data={**WORDS, "done": "Nothing."})
    assert (other.status_code, "Someone else saved this record" in other.text) == (400, True)
    assert client.post(path, data={**WORDS, "done": "Rang again.", "seen": "1"}).status_code == 302
    with hall.database() as db:
        kept = db.exec(select(IncidentRecord).order_by("version")).all()
    assert [(each.version, each.done) for each in kept] == [(1, WORDS["done"]), (2, "Rang again.")]
    summary = client.get(f"/sessions/{hall.group.group_session.id}/summary")
    assert summary.status_code == 200


def test_whoever_is_corrected_for_something_else_still_hears_that_somebody_wrote_meanwhile(
    hall: Hall, path: str
) -> None:
    client = hall.browser(hall.group.lead)
    assert client.post(path, data=WORDS).status_code == 302
    refused = client.post(path, data={**WORDS, "done": ""})
    began_with = re.search(r'name="seen"[^>]*value="(\d+)"', refused.text)
    assert began_with is not None
    again = client.post(path, data={**WORDS, "done": "Nothing.", "seen": began_with[1]})
    assert (again.status_code, "Someone else saved this record" in again.text) == (400, True)
    now_seen = re.search(r'name="seen"[^>]*value="(\d+)"', again.text)
    assert now_seen is not None
    assert client.post(path, data={**WORDS, "done": "Nothing.", "seen": now_seen[1]}).status_code == 302


@pytest.mark.parametrize("missing", ["happened", "done", "outcome"])
def test_a_record_that_lacks_something_is_not_saved(hall: Hall, path: str, missing: str) -> None:
    answer = hall.browser(hall.group.lead).post(path, data={**WORDS, missing: ""})
    assert answer.status_code == 400
    with hall.database() as db:
        assert db.exec(select(IncidentRecord)).all() == []


def test_a_script_in_the_record_is_shown_as_words(hall: Hall, path: str) -> None:
    client = hall.browser(hall.group.lead)
    client.post(path, data={**WORDS, "happened": "<script>alert(1)</script>"})
    assert "<script>alert(1)</script>" not in client.get(path).text


def test_what_people_told_us_is_deleted_when_the_session_is_over_but_for_who_asked_for_help(
    hall: Hall, path: str
) -> None:
    assert path
    hall.sit(hall.group.patients[1])
    lead = hall.connect(hall.group.lead)
    assert ask(lead, "start")["ok"]
    assert ask(lead, "end")["ok"]
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        scheduler = System("scheduler", hall.group.cohort.service_id)
        closing.forget_ended(db, actor=scheduler, now=clock.now() + timedelta(minutes=96))
    with hall.database() as db:
        seats = {seat.person_id: seat for seat in db.exec(select(Seat))}
    linda, joseph = (seats[person.id] for person in hall.group.patients)
    assert (linda.place, linda.emergency_name) == ("At home: 3 Elm Road", "Brian")
    assert (joseph.place, joseph.phone, joseph.emergency_name, joseph.news, joseph.flags) == ("", "", "", "", [])


def test_a_session_that_nobody_ended_ends_by_itself_and_keeps_nothing(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    later = clock.now() + timedelta(minutes=95) + closing.LEFT_OPEN
    actor = System("scheduler", hall.group.cohort.service_id)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        assert closing.close_left_open(db, actor=actor, now=later - timedelta(minutes=2)) == []
        assert len(closing.close_left_open(db, actor=actor, now=later + timedelta(minutes=2))) == 1
    with hall.database() as db:
        assert db.exec(select(Seat.phone)).all() == [""]
        assert db.get_one(GroupSession, hall.group.group_session.id).ended_at is not None


def test_help_is_asked_for_from_the_waiting_room_and_told_to_both_facilitators(hall: Hall) -> None:
    hall.sit(hall.group.patients[0])
    linda = hall.connect(hall.group.patients[0])
    staff = [hall.connect(person) for person in (hall.group.lead, hall.group.spotter)]
    for page in staff:
        page.get_received()
    alert = ask(linda, "help")["alert"]
    for page in staff:
        patches = [each["args"][0]["patch"] for each in page.get_received() if each["name"] == "patch"]
        assert any(alert in patch.get("alerts", {}) for patch in patches)


def test_a_call_of_another_session_is_not_found(hall: Hall, path: str) -> None:
    with hall.database() as db:
        alert = db.exec(select(HelpAlert)).one()
        assert alerts.open_alert_of(db, seat=db.get_one(Seat, alert.seat_id)) is not None
    client = hall.browser(hall.group.lead)
    assert client.get(path[:-4] + "beef").status_code == 404


def test_a_script_in_a_name_is_shown_as_words_on_every_page_of_a_session(hall: Hall, path: str) -> None:
    naughty = "<img src=x onerror=alert(1)>"
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for person in (*hall.group.patients, hall.group.lead):
            found = db.get_one(Person, person.id)
            found.full_name, found.shown_name = naughty, naughty
    session = f"/sessions/{hall.group.group_session.id}"
    staff, linda = hall.browser(hall.group.lead), hall.browser(hall.group.patients[0])
    pages = [staff.get(each) for each in (path, f"{session}/summary", f"{session}/room")]
    pages += [linda.get(each) for each in (f"{session}/room", f"{session}/get-ready", f"{session}/gone/removed")]
    assert [page.status_code for page in pages] == [200] * len(pages)
    assert not any("<img src=x" in page.text for page in pages)
    assert any("img src=x" in page.text for page in pages)
