"""Who signed out, was taken back or left the group hears it no more: with the media engine itself."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from livekit import api
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.colleagues import services as colleagues
from backtolife.people.models import Person, Role, Service, SignedIn
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import CohortStaff, Enrolment, StaffPlace
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.guests import services as guests
from backtolife.sessions.realtime import reconciler, unwelcome
from backtolife.sessions.room.media_client import MediaAway, MediaEngine
from backtolife.sessions.room.models import GroupSession, Seat
from tests.support.media.engine import RunningEngine, running_engine
from tests.support.media.signals import Signals, signal_connection
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, ask, open_hall
from tests.support.statements import statements_of

Ending = Callable[[Session, Person], None]


@pytest.fixture(scope="module")
def media_engine() -> Iterator[RunningEngine]:
    with running_engine() as engine:
        yield engine


@pytest.fixture
def hall(app: Flask, media_engine: RunningEngine) -> Iterator[Hall]:
    """A session whose sound and picture a running engine carries."""
    with open_hall(app) as opened:
        settings = replace(
            app.extensions["backtolife.settings"],
            media_api_url=media_engine.api_url,
            media_api_key=media_engine.key,
            media_api_secret=media_engine.secret,
        )
        live(app).engine = MediaEngine(settings)
        yield opened


def sign_out(db: Session, person: Person) -> None:
    for place in db.exec(select(SignedIn).where(SignedIn.person_id == person.id)):
        place.ended_at = clock.now()


def run_out(db: Session, person: Person) -> None:
    for place in db.exec(select(SignedIn).where(SignedIn.person_id == person.id)):
        place.expires_at = clock.now() + timedelta(milliseconds=1)


def close_account(db: Session, person: Person) -> None:
    db.get_one(Person, person.id).active = False


def withdraw(db: Session, person: Person) -> None:
    db.exec(select(Enrolment).where(Enrolment.person_id == person.id)).one().state = EnrolmentState.WITHDRAWN


def token_of(hall: Hall, person: Person) -> str:
    """What the product gives this person's page for sound and picture."""
    given = hall.browser(person).post(f"/sessions/{hall.group.group_session.id}/media-token")
    assert given.status_code == 200
    return str(given.get_json()["token"])


def look(hall: Hall) -> None:
    with hall.app.app_context():
        reconciler.look_around(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())


async def inside(engine: RunningEngine, hall: Hall) -> set[str]:
    """The seats that the media engine has in the session's room."""
    service = engine.service()
    try:
        room = api.ListParticipantsRequest(room=hall.group.group_session.id)
        return {one.identity for one in (await service.room.list_participants(room)).participants}
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]


async def is_put_out(signals: Signals) -> bool:
    return bool((await signals.until("leave")).reason == api.DisconnectReason.PARTICIPANT_REMOVED)


@pytest.mark.media
@pytest.mark.parametrize("with_page", [True, False], ids=["with a page", "without a page"])
@pytest.mark.parametrize("end", [sign_out, close_account, withdraw])
async def test_who_may_not_be_there_any_more_is_put_out_and_a_kept_token_does_not_let_them_back(
    hall: Hall, media_engine: RunningEngine, end: Ending, with_page: bool
) -> None:
    linda, joseph = hall.group.patients
    seat, stays = hall.sit(linda, admitted=True), hall.sit(joseph, admitted=True)
    tokens = token_of(hall, linda), token_of(hall, joseph)
    pages: list[SocketIOTestClient] = [hall.connect(linda)] if with_page else []
    async with signal_connection(media_engine, tokens[0]) as first, signal_connection(media_engine, tokens[1]):
        await asyncio.to_thread(look, hall)
        assert await inside(media_engine, hall) == {seat.id, stays.id}
        with session_scope(hall.app.extensions["backtolife.engine"]) as db:
            end(db, linda)
        await asyncio.to_thread(look, hall)
        assert await is_put_out(first)
        assert await inside(media_engine, hall) == {stays.id}
        assert not any(page.is_connected() for page in pages)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with signal_connection(media_engine, tokens[0]):
                pass


@pytest.mark.media
async def test_a_guest_whose_invitation_is_taken_back_is_put_out(hall: Hall, media_engine: RunningEngine) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        hall.group.db = hall.group.make.db = db
        lead = hall.group.make.actor(db.get_one(Person, hall.group.lead.id))
        held = db.get_one(GroupSession, hall.group.group_session.id)
        guest = guests.invite(
            db, group_session=held, role=Role.OBSERVER, name="Obi", beside="", actor=lead, now=clock.now()
        ).person
        guests.enter(db, person=guest, now=clock.now())
    seat = hall.sit(guest)
    assert ask(hall.connect(hall.group.lead), "admit", {"seat": seat.id})["ok"]
    async with signal_connection(media_engine, token_of(hall, guest)) as signals:
        await asyncio.to_thread(look, hall)
        assert await inside(media_engine, hall) == {seat.id}
        with session_scope(hall.app.extensions["backtolife.engine"]) as db:
            guests.take_back(db, person=db.get_one(Person, guest.id), actor=lead, now=clock.now())
        await asyncio.to_thread(look, hall)
        assert await is_put_out(signals)


@pytest.mark.media
async def test_a_sign_in_that_only_ran_out_cuts_nobody_off(hall: Hall, media_engine: RunningEngine) -> None:
    linda = hall.group.patients[0]
    seat = hall.sit(linda, admitted=True)
    token = token_of(hall, linda)
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        run_out(db, linda)
    async with signal_connection(media_engine, token):
        await asyncio.to_thread(look, hall)
        assert await inside(media_engine, hall) == {seat.id}


class Recorder:
    """An engine that remembers what it was asked for; while `away` it cannot be reached."""

    def __init__(self) -> None:
        self.removed: set[tuple[str, str]] = set()
        self.settled: list[str] = []
        self.away = False

    def remove(self, room: str, seats: Any) -> None:
        if self.away:
            raise MediaAway
        self.removed |= {(room, seat) for seat in seats}

    def settle(self, room: str, seats: dict[str, Any]) -> None:
        self.settled += seats


@pytest.fixture
def recorder(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(live(app), "engine", recorder)
    return recorder


def test_who_signed_out_while_the_engine_was_away_is_put_out_of_every_room_once_it_answers(
    app: Flask, recorder: Recorder
) -> None:
    with open_hall(app) as hall:
        linda, own = hall.group.patients[0], hall.group.group_session.id
        seat = hall.sit(linda, admitted=True)
        hall.connect(linda)
        with session_scope(app.extensions["backtolife.engine"]) as db:
            sign_out(db, linda)
        recorder.away = True
        look(hall)
        assert not recorder.removed
        recorder.away = False
        look(hall)
        assert {(own, seat.id), (f"{own}-small-1", seat.id), (f"{own}-small-w1", seat.id)} <= recorder.removed
        recorder.removed.clear()
        look(hall)
        assert not recorder.removed


def test_who_signs_in_again_and_out_again_is_put_out_again(app: Flask, recorder: Recorder) -> None:
    with open_hall(app) as hall:
        linda = hall.group.patients[0]
        seat = hall.sit(linda, admitted=True)
        for _ in range(2):
            recorder.removed.clear()
            hall.browser(linda)
            with session_scope(app.extensions["backtolife.engine"]) as db:
                sign_out(db, linda)
            look(hall)
            assert (hall.group.group_session.id, seat.id) in recorder.removed


def test_a_page_that_signed_out_loses_sound_also_when_another_device_is_signed_in(
    app: Flask, recorder: Recorder
) -> None:
    with open_hall(app) as hall:
        linda = hall.group.patients[0]
        seat = hall.sit(linda, admitted=True)
        hall.connect(linda)
        hall.browser(linda)
        (place,) = live(app).connections.everyone()
        with session_scope(app.extensions["backtolife.engine"]) as db:
            db.get_one(SignedIn, place.signed_in_id).ended_at = clock.now()
        look(hall)
        assert (hall.group.group_session.id, seat.id) in recorder.removed


def test_who_comes_back_to_the_engine_with_a_kept_token_after_signing_out_is_put_out(
    app: Flask, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_hall(app) as hall:
        linda, own = hall.group.patients[0], hall.group.group_session.id
        seat = hall.sit(linda, admitted=True)
        hall.browser(linda)
        event = api.WebhookEvent(
            event="participant_joined",
            id="EV_1",
            created_at=int(clock.now().timestamp()),
            room=api.Room(name=own),
            participant=api.ParticipantInfo(identity=seat.id, sid="PA_1"),
        )
        monkeypatch.setattr(recorder, "receive", lambda *_: event, raising=False)
        with session_scope(app.extensions["backtolife.engine"]) as db:
            sign_out(db, linda)
        assert app.test_client().post("/webhooks/media", data=b"{}", buffered=True).status_code == 204
        assert recorder.removed == {(own, seat.id)}
        assert not recorder.settled


def test_whoever_is_unwelcome_is_found_by_one_statement_on_every_database(db: Session, now: datetime) -> None:
    group = gather(db, now, patients=("Linda", "Joseph", "Asha", "Carol"))
    linda, joseph, asha, carol = group.patients
    everyone = [linda, joseph, asha, carol, group.lead, group.spotter]
    sitting = {person.id: group.sit(person, now=now).id for person in everyone}
    for person in everyone:
        signin.begin(db, person=person, now=now - timedelta(days=3))  # ran out long ago, and was never ended
        if person is not carol:
            signin.begin(db, person=person, now=now)
    db.flush()
    sign_out(db, linda)
    close_account(db, joseph)
    withdraw(db, asha)
    db.delete(db.exec(select(CohortStaff).where(CohortStaff.person_id == group.spotter.id)).one())
    db.flush()
    with statements_of(db.connection()) as seen:
        found = {one.seat_id for one in unwelcome.seats(db, now)}
    assert len(seen) == 1
    assert found == {sitting[one.id] for one in (linda, joseph, asha, carol, group.spotter)}
    assert unwelcome.seats(db, now + unwelcome.LONGEST) == []


def test_a_colleague_who_is_switched_off_with_a_room_open_is_out_of_it_and_their_group_has_somebody(
    app: Flask, recorder: Recorder
) -> None:
    with open_hall(app) as hall:
        page, engine = hall.connect(hall.group.lead), app.extensions["backtolife.engine"]
        assert ask(page, "start", {})["ok"]
        with session_scope(engine) as db:
            seat = db.exec(select(Seat).where(Seat.person_id == hall.group.lead.id)).one().id
            hall.group.make.db = db
            service = db.get_one(Service, hall.group.lead.service_id)
            administrator = hall.group.make.person(service, Role.ADMINISTRATOR)
            other = hall.group.make.person(service, Role.FACILITATOR)
        works = app.extensions["backtolife.work_of_staff"]
        with session_scope(engine) as db:
            actor, to = acting_as(db, db.get_one(Person, administrator.id)), other.id
            person = db.get_one(Person, hall.group.lead.id)
            colleagues.switch_off(db, works, actor=actor, person=person, to_id=to, site="", now=clock.now())
        assert not ask(page, "next", {"seen": 0})["ok"]
        look(hall)
        assert (hall.group.group_session.id, seat) in recorder.removed
        assert not page.is_connected()
        with session_scope(engine) as db:
            lead = select(CohortStaff.person_id).where(CohortStaff.place == StaffPlace.LEAD)
            assert db.exec(lead.where(CohortStaff.cohort_id == hall.group.cohort.id)).all() == [other.id]
