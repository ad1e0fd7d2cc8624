"""A room is shut for somebody in it: a yes was taken back, or the patient whom they sit beside may not be there."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.consent.rules import ConsentKind
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.guests import services as guests
from backtolife.sessions.realtime import reconciler, unwelcome
from backtolife.sessions.room.belonging import NO_GUEST
from backtolife.sessions.room.models import GroupSession
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, ask, open_hall


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    """A group that has agreed to everything its service asks."""
    with open_hall(app) as opened:
        publishes(opened)
        for patient in opened.group.patients:
            says(opened, patient, agreed=True, kinds=list(ConsentKind))
        yield opened


@pytest.fixture
def told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What pages read as they were closed."""
    words: list[str] = []
    sockets = live(app).sockets
    emit = sockets.emit

    def listen(name: str, payload: Any, **more: Any) -> None:
        if name == "signed_out":
            words.append(payload["error"])
        emit(name, payload, **more)

    monkeypatch.setattr(sockets, "emit", listen)
    return words


def publishes(hall: Hall) -> None:
    """The service publishes words of every kind, the first ones or new ones that ask again."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.db = db
        hall.group.make.asks(db.get_one(Service, hall.group.cohort.service_id))


def says(hall: Hall, person: Person, *, agreed: bool, kinds: Sequence[ConsentKind] = (ConsentKind.GROUP,)) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.db = db
        hall.group.make.agrees(person, agreed=agreed, kinds=kinds)


def leaves_the_group(hall: Hall, person: Person) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        db.exec(select(Enrolment).where(Enrolment.person_id == person.id)).one().state = EnrolmentState.WITHDRAWN


def look(hall: Hall) -> None:
    with hall.app.app_context():
        reconciler.look_around(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())


def companion_of(hall: Hall, patient: Person) -> tuple[Person, str]:
    """Somebody invited beside this patient, with the secret of their link."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.make.db = db
        invited = guests.invite(
            db,
            group_session=db.get_one(GroupSession, hall.group.group_session.id),
            role=Role.COMPANION,
            name="Brian",
            beside=patient.id,
            actor=hall.group.make.actor(db.get_one(Person, hall.group.lead.id)),
            now=clock.now(),
        )
        return invited.person, invited.token


def test_who_takes_a_yes_back_in_the_room_reads_why_it_is_shut_and_comes_back_with_a_yes(
    hall: Hall, told: list[str]
) -> None:
    linda, room = hall.group.patients[0], f"/sessions/{hall.group.group_session.id}"
    seat, browser = hall.sit(linda, admitted=True), hall.browser(linda)
    page, other = hall.connect(linda), hall.connect(hall.group.lead)
    says(hall, linda, agreed=False)
    look(hall)
    assert not page.is_connected()
    assert ["that is all right" in words and "We keep your place" in words for words in told] == [True]
    assert seat.id in live(hall.app).to_put_out[hall.group.group_session.id], "sound and picture end too"
    assert other.is_connected()
    assert not hall.connect(linda).is_connected()
    assert browser.post(f"{room}/media-token").status_code == 403
    assert browser.get(f"{room}/room").location.startswith("/agreement")
    says(hall, linda, agreed=True)
    look(hall)
    assert hall.connect(linda).is_connected()
    assert browser.get(f"{room}/room").status_code == 200


def test_a_no_to_what_is_free_and_new_words_during_a_session_put_nobody_out(hall: Hall) -> None:
    linda = hall.group.patients[0]
    hall.sit(linda, admitted=True)
    page = hall.connect(linda)
    says(hall, linda, agreed=False, kinds=[ConsentKind.GP])
    publishes(hall)
    look(hall)
    assert page.is_connected()
    assert hall.browser(linda).get(f"/sessions/{hall.group.group_session.id}/room").status_code == 200


@pytest.mark.parametrize("why", ["left the group", "took a yes back"])
def test_a_companion_goes_when_their_patient_may_not_be_there_and_is_not_told_why(
    hall: Hall, told: list[str], why: str
) -> None:
    linda, own = hall.group.patients[0], hall.group.group_session.id
    brian, token = companion_of(hall, linda)
    seat = hall.sit(brian)
    assert ask(hall.connect(hall.group.lead), "admit", {"seat": seat.id})["ok"]
    page, browser = hall.connect(brian), hall.browser(brian)
    look(hall)
    assert page.is_connected()
    if why == "left the group":
        leaves_the_group(hall, linda)
    else:
        says(hall, linda, agreed=False)
    look(hall)
    assert (page.is_connected(), told) == (False, [NO_GUEST])
    assert seat.id in live(hall.app).to_put_out[own]
    assert not hall.connect(brian).is_connected()
    assert browser.post(f"/sessions/{own}/media-token").status_code in (403, 404)
    assert NO_GUEST in hall.app.test_client().get(f"/guest/{token}").text


def test_for_whom_a_room_is_shut_is_found_by_every_database(db: Session, now: datetime) -> None:
    group = gather(db, now, patients=("Linda", "Joseph", "Asha"))
    linda, joseph, asha = group.patients
    group.make.asks(db.get_one(Service, group.cohort.service_id))
    for patient in group.patients:
        group.make.agrees(patient)
    lead = group.make.actor(group.lead)
    beside = [
        guests.invite(
            db, group_session=group.group_session, role=Role.COMPANION, name="B", beside=one.id, actor=lead, now=now
        ).person
        for one in group.patients
    ]
    sitting = {one.id: group.sit(one, now=now).id for one in [*group.patients, *beside]}
    for one in [*group.patients, *beside]:
        guests.enter(db, person=one, now=now)
    db.flush()
    assert unwelcome.seats(db, now) == []
    group.make.agrees(linda, agreed=False, kinds=[ConsentKind.DATA])
    group.make.agrees(asha, agreed=False, kinds=[ConsentKind.LATER])
    db.exec(select(Enrolment).where(Enrolment.person_id == joseph.id)).one().state = EnrolmentState.WITHDRAWN
    db.flush()
    found = {one.seat_id for one in unwelcome.seats(db, now)}
    assert found == {sitting[one.id] for one in (linda, joseph, beside[0], beside[1])}
