"""Guests of one session: invited by a link of their own, named to the group, kept to what they came for."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.migrating import migrate
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Invalid, NotFound
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import SessionDate
from backtolife.programme.plan.message_text import HEALTH_WORDS
from backtolife.sessions.events.registry import EVENTS
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.guests import services as guests
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import schedule
from backtolife.sessions.state import breakout_rules, breakouts, document, script, seats, visibility
from backtolife.sessions.state.document import changed
from backtolife.sessions.state.rules import Camera, SeatRole, publishing
from tests.access.decided.events import EVENTS as DECIDED
from tests.access.decided.roles import ROLES
from tests.sessions.state.test_document import SECTIONS, seated
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as opened:
        yield opened


def invite(hall: Hall, role: Role, name: str = "Marek") -> guests.Invited:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.db = hall.group.make.db = db
        return guests.invite(
            db,
            group_session=db.get_one(GroupSession, hall.group.group_session.id),
            role=role,
            name=name,
            beside=hall.group.patients[0].id,
            actor=hall.group.make.actor(hall.group.lead),
            now=clock.now(),
        )


def come(hall: Hall, invited: guests.Invited, *, admitted: bool = True) -> FlaskClient:
    """Through the link into the waiting room, and let in."""
    client = hall.app.test_client()
    answer = client.post(f"/guest/{invited.token}", data={"camera": "everyone", "private": "y"})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    seat = seat_of(hall, invited.person)
    if admitted:
        with session_scope(hall.app.extensions["backtolife.engine"]) as db:
            hall.group.db = db
            hall.group.apply(seats.admit, clock.now(), seat=seat, now_ms=0)
    return client


def seat_of(hall: Hall, person: Person) -> str:
    return next(seat for seat, entry in hall.state["seats"].items() if entry["person"] == person.id)


def test_staff_invite_a_guest_on_a_page_that_shows_the_link_once(hall: Hall) -> None:
    lead, path = hall.browser(hall.group.lead), f"/sessions/{hall.group.group_session.id}/guests"
    patient = hall.group.patients[0]
    made = lead.post(path, data={"name": "Marek", "role": "companion", "beside": patient.id}).get_data(as_text=True)
    found = re.search(r"/guest/([\w-]{20,})", made)
    assert found
    assert found[1] not in lead.get(path).get_data(as_text=True)
    page = hall.app.test_client().get(f"/guest/{found[1]}").get_data(as_text=True)
    assert f"You are invited to support <bdi>{patient.shown_name}</bdi>" in page
    refused = lead.post(path, data={"name": "Eve", "role": "companion", "beside": hall.group.spotter.id})
    assert (refused.status_code, "Choose who they are supporting" in refused.get_data(as_text=True)) == (400, True)


def test_an_invitation_is_sent_and_a_new_link_goes_to_the_same_address(hall: Hall) -> None:
    lead, path = hall.browser(hall.group.lead), f"/sessions/{hall.group.group_session.id}/guests"
    given = {"name": "Marek", "role": "companion", "beside": hall.group.patients[0].id, "email": "marek@example.org"}
    assert "It goes to marek@example.org" in lead.post(path, data=given).get_data(as_text=True)
    (first,) = waiting(hall)
    link = re.search(r"/guest/([\w-]{20,})", first.body)
    assert link
    assert hall.app.test_client().get(f"/guest/{link[1]}").status_code == 200
    assert (first.address, first.subject) == ("marek@example.org", "Your invitation")
    for told in (hall.group.patients[0].shown_name, hall.group.patients[0].full_name):
        assert told not in first.body
    assert not HEALTH_WORDS.search(first.subject + guest_letters.BODY)

    lead.post(f"{path}/{first.person_id}/link")
    (second,) = waiting(hall)
    assert (second.address, second.id != first.id, link[1] not in second.body) == ("marek@example.org", True, True)
    lead.post(f"{path}/{first.person_id}/take-back")
    assert waiting(hall) == []


def test_an_address_that_is_none_invites_nobody(hall: Hall) -> None:
    lead, path = hall.browser(hall.group.lead), f"/sessions/{hall.group.group_session.id}/guests"
    refused = lead.post(path, data={"name": "Eve", "role": "observer", "email": "eve at home"})
    assert (refused.status_code, "in the right format" in refused.get_data(as_text=True)) == (400, True)
    assert waiting(hall) == []


def waiting(hall: Hall) -> list[OutgoingMessage]:
    with hall.database() as db:
        return list(db.exec(select(OutgoingMessage).where(OutgoingMessage.state == MessageState.WAITING)))


def test_opening_the_link_changes_nothing_and_pressing_sits_the_guest_down_to_wait(hall: Hall) -> None:
    invited = invite(hall, Role.COMPANION)
    for _ in range(2):
        assert hall.app.test_client().get(f"/guest/{invited.token}").status_code == 200
    with hall.database() as db:
        assert db.get_one(GroupSession, hall.group.group_session.id).state == {}
    come(hall, invited, admitted=False)
    assert hall.state["seats"][seat_of(hall, invited.person)]["status"] == "lobby"


def test_who_does_not_promise_to_keep_it_private_does_not_come_in(hall: Hall) -> None:
    invited = invite(hall, Role.OBSERVER)
    assert hall.app.test_client().post(f"/guest/{invited.token}", data={}).status_code == 400


def test_a_link_works_on_one_device_and_not_after_it_was_taken_back_or_made_anew(hall: Hall) -> None:
    invited = invite(hall, Role.COMPANION)
    room_path = f"/sessions/{hall.group.group_session.id}/room"
    first, second = come(hall, invited), come(hall, invited, admitted=False)
    assert (first.get(room_path).status_code, second.get(room_path).status_code) == (403, 200)
    lead = hall.browser(hall.group.lead)
    base = f"/sessions/{hall.group.group_session.id}/guests/{invited.person.id}"
    assert lead.post(f"{base}/link").status_code == 200
    assert hall.app.test_client().get(f"/guest/{invited.token}").status_code == 404
    lead.post(f"{base}/take-back")
    assert second.get(room_path).status_code == 403
    assert not hall.connect(invited.person).is_connected()


@pytest.mark.parametrize("role", [Role.COMPANION, Role.OBSERVER])
def test_every_event_lets_a_guest_do_what_was_decided_and_nothing_else(hall: Hall, role: Role) -> None:
    invited = invite(hall, role)
    come(hall, invited)
    hall.start()
    page, seat = hall.connect(invited.person), seat_of(hall, invited.person)
    with hall.database() as db:
        from backtolife.sessions.room.models import Seat

        row = db.get_one(Seat, seat)
    answers = {name: hall.ask_fresh(row, page, name) for name in EVENTS if name != "leave"}
    refused = {name for name, answer in answers.items() if answer.get("status") == 403}
    assert refused == {name for name in answers if role not in ROLES[DECIDED[name]]}
    assert hall.ask_fresh(row, page, "leave")["ok"]


@pytest.mark.parametrize("role", [Role.COMPANION, Role.OBSERVER])
def test_a_guest_reaches_no_other_session_of_the_same_group(hall: Hall, role: Role) -> None:
    invited = invite(hall, role)
    client = come(hall, invited)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        second = schedule(db, cohort=hall.group.cohort)[1].id
    assert client.get(f"/sessions/{second}/room").status_code == 404
    assert not hall.connect(invited.person, room=second).is_connected()
    for path in ("/", "/videos", "/questions", "/your-details", f"/groups/{hall.group.cohort.id}"):
        assert client.get(path).status_code in {302, 403, 404}


def test_nobody_makes_a_guest_of_another_session_theirs(hall: Hall) -> None:
    invited = invite(hall, Role.OBSERVER)
    with hall.database() as db:
        second = schedule(db, cohort=hall.group.cohort)[1]
        with pytest.raises(NotFound):
            guests.find_guest(db, group_session=second, guest_id=invited.person.id)
        first = db.get_one(GroupSession, hall.group.group_session.id)
        with pytest.raises(NotFound):
            guests.find_guest(db, group_session=first, guest_id=hall.group.patients[0].id)


def test_there_is_a_limit_to_guests_and_links_end_with_the_session(hall: Hall) -> None:
    made = [invite(hall, Role.OBSERVER, f"Guest {number}") for number in range(guests.MOST)]
    with pytest.raises(Invalid, match="at most"):
        invite(hall, Role.OBSERVER)
    with hall.database() as db, pytest.raises(NotFound):
        guests.by_token(db, token=made[0].token, now=clock.now() + timedelta(hours=3))


def test_a_patients_code_opens_no_guests_page(hall: Hall) -> None:
    from backtolife.people.models import LinkPurpose

    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        issued = signin.issue_link(db, person=hall.group.patients[0], purpose=LinkPurpose.JOIN, now=clock.now())
    assert hall.app.test_client().get(f"/guest/{issued.token}").status_code == 404


def test_the_group_sees_who_a_guest_is_and_whom_they_sit_beside(hall: Hall) -> None:
    come(hall, invite(hall, Role.COMPANION))
    hall.sit(hall.group.patients[0], admitted=True)
    seen = ask(hall.connect(hall.group.patients[0]), "state")["state"]["people"].values()
    (guest,) = [one for one in seen if one["role"] == "companion"]
    assert (guest["name"], guest["beside"]["name"]) == ("Marek", hall.group.patients[0].shown_name)


@pytest.mark.parametrize("sound", ["open", "muted"])
def test_an_observer_sends_nothing_and_a_companion_may_always_interpret(sound: str) -> None:
    assert publishing(SeatRole.OBSERVER, Camera.EVERYONE, sound).sources == ()
    assert publishing(SeatRole.COMPANION, Camera.EVERYONE, sound).sources == ("camera", "microphone")
    assert publishing(SeatRole.COMPANION, Camera.OFF, sound).sources == ("microphone",)


def test_a_companions_page_lets_them_speak_in_a_part_in_which_patients_are_silent(hall: Hall) -> None:
    for role in (Role.COMPANION, Role.OBSERVER):
        come(hall, invite(hall, role, name=role.value))
    hall.sit(hall.group.patients[0], admitted=True)
    hall.sit(hall.group.lead)
    assert ask(hall.connect(hall.group.lead), "start")["ok"]
    assert hall.state["section"]["mic"] != "open"
    may = {
        one["role"]: visibility.view(hall.state, seat)["me"]["may_speak"] for seat, one in hall.state["seats"].items()
    }
    assert may == {"companion": True, "observer": False, "patient": False, "facilitator": True}


def test_a_companion_goes_into_the_small_group_of_their_patient_and_moves_with_them() -> None:
    state = document.empty({})
    for name in ("linda", "joseph"):
        state = changed(seated(state, name), seats.admit, seat=name, now_ms=0)
    state = changed(
        state,
        seats.take_seat,
        seat="marek",
        person="person of marek",
        name="Marek",
        role=SeatRole.COMPANION,
        camera=Camera.OFF,
        news="",
        now_ms=3,
        beside={"person": "person of joseph", "name": "Joseph"},
    )
    state = changed(changed(state, seats.admit, seat="marek", now_ms=4), script.start, sections=SECTIONS, now_ms=5)
    state = changed(state, breakouts.small_plan, groups=2, division={"linda": "1", "joseph": "2"})
    opened = changed(state, breakouts.small_open, minutes=5, now_ms=6)
    assert visibility.view(opened, "marek")["people"].keys() == {"marek", "joseph"}
    assert visibility.view(opened, "marek")["me"]["small"] == "2"
    assert set(breakout_rules.who_moves(state, opened, 7)) == {"linda", "joseph", "marek"}
    moved = changed(opened, breakouts.small_move, seat="joseph", group="1")
    assert breakout_rules.place_of(moved, "marek", 8) == "1"
    assert set(breakout_rules.who_moves(opened, moved, 8)) == {"joseph", "marek"}


def test_a_database_that_was_migrated_takes_guests(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'new.db'}")
    migrate(engine)
    with engine.begin() as connection:
        (made,) = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'person'").one()
        (seat,) = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'seat'").one()
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()
    assert made.count("'observer'") == seat.count("'observer'") == 1


def test_a_guest_who_comes_early_is_told_when_and_not_about_a_patients_video_or_home(hall: Hall) -> None:
    invited = invite(hall, Role.OBSERVER)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        when = db.get_one(SessionDate, hall.group.group_session.session_date_id)
        when.starts_at += timedelta(days=2)
        when.ends_at += timedelta(days=2)
    page = hall.app.test_client().get(f"/guest/{invited.token}").get_data(as_text=True)
    assert "Open your own link again then" in page
    assert "video" not in page.split('id="main"')[1].lower()
    assert "Go to your home page" not in page


@pytest.mark.parametrize("role", [Role.COMPANION, Role.OBSERVER])
def test_a_guest_who_lost_the_room_comes_back_by_their_own_seat(hall: Hall, role: Role) -> None:
    client, room = come(hall, invite(hall, role)), f"/sessions/{hall.group.group_session.id}/room"
    sheet = client.get(room).get_data(as_text=True).split('id="refused-sheet"')[1]
    again = sheet.split('href="')[1].split('"')[0]
    assert client.get(again).status_code == 200
    link = client.get(f"/j/{hall.group.group_session.join_code}")
    assert (link.status_code, link.location) == (302, room)
