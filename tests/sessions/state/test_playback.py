"""A video watched together: everybody is at the same place, by the server's clock; only the room gets the files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from hypothesis import given
from hypothesis import strategies as st

from backtolife import clock
from backtolife.content.models import PackageState
from backtolife.content.services import adopt_scripts
from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Service
from backtolife.people.signing_in import signin
from backtolife.sessions.state import playback
from backtolife.sessions.state.room_state import FilmShown
from tests.support.sessions.hall import Hall, ask, open_hall

SHOWN: FilmShown = {"package": "p", "title": "Why it hurts", "duration_ms": 60_000, "captions": True}
PLAYLIST = "#EXTM3U\n"


def test_it_runs_with_the_servers_clock_and_stands_when_paused() -> None:
    opened = playback.begun(SHOWN, 1_000)
    assert playback.place_at(opened, 9_000) == 0
    running = playback.played(opened, 10_000)
    assert playback.place_at(running, 12_500) == 2_500
    standing = playback.paused(running, 15_000)
    assert playback.place_at(standing, 90_000) == 5_000
    assert playback.place_at(playback.played(standing, 100_000), 101_000) == 6_000


def test_a_second_press_of_play_changes_nothing_for_those_who_watch() -> None:
    running = playback.played(playback.begun(SHOWN, 0), 1_000)
    again = playback.played(running, 4_000)
    assert playback.place_at(again, 9_000) == playback.place_at(running, 9_000) == 8_000


def test_it_ends_at_its_end_and_begins_again_from_the_start() -> None:
    running = playback.played(playback.begun(SHOWN, 0), 0)
    assert playback.place_at(running, 600_000) == 60_000
    assert playback.place_at(playback.played(running, 600_000), 601_000) == 1_000


@given(st.lists(st.tuples(st.sampled_from(["play", "pause", "seek"]), st.integers(0, 90_000)), max_size=20))
def test_whatever_is_pressed_the_place_stays_inside_the_film(presses: list[tuple[str, int]]) -> None:
    shown, now_ms = playback.begun(SHOWN, 0), 0
    for what, amount in presses:
        now_ms += amount
        if what == "play":
            shown = playback.played(shown, now_ms)
        elif what == "pause":
            shown = playback.paused(shown, now_ms)
        else:
            shown = playback.sought(shown, amount, now_ms)
        assert 0 <= playback.place_at(shown, now_ms) <= SHOWN["duration_ms"]


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app) as running:
        yield running


@pytest.fixture
def package(hall: Hall) -> str:
    """The id of a package of the session's own video that can be played."""
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        return make_playable(db, hall)


def make_playable(db: Any, hall: Hall) -> str:
    from sqlmodel import select

    from backtolife.content.models import VideoPackage

    service = db.get_one(Service, hall.group.lead.service_id)
    videos = adopt_scripts(db, service=service, actor=System("test", service.id), now=clock.now())
    video = next(each for each in videos if each.session_number == 1)
    found = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).one()
    found.state, found.duration_ms = PackageState.READY, 60_000
    folder = Path(hall.app.extensions["backtolife.settings"].videos_dir) / "packages" / found.id
    folder.mkdir(parents=True)
    (folder / "master.m3u8").write_text(PLAYLIST)
    return str(found.id)


@pytest.fixture
def lead(hall: Hall) -> SocketIOTestClient:
    return hall.connect(hall.group.lead)


def film_seen_by(page: SocketIOTestClient) -> dict[str, Any] | None:
    found: dict[str, Any] | None = ask(page, "state")["state"].get("film")
    return found


def fetch(hall: Hall, person: Person, package: str, *, joins_only: bool = False) -> tuple[int, bytes]:
    browser = hall.app.test_client()
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        token = signin.begin(db, person=person, now=clock.now(), joins_only=joins_only)
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    answer = browser.get(f"/sessions/{hall.group.group_session.id}/film/{package}/master.m3u8", buffered=True)
    return answer.status_code, answer.data


def test_staff_open_play_move_and_close_it_and_a_late_joiner_is_told_where_it_is(
    hall: Hall, package: str, lead: SocketIOTestClient
) -> None:
    hall.sit(hall.group.patients[0], admitted=True)
    assert ask(lead, "film_open")["ok"]
    assert ask(lead, "film_play")["ok"]
    assert ask(lead, "film_seek", {"at_ms": 30_000})["ok"]
    late = hall.connect(hall.group.patients[0])
    told = ask(late, "state")
    shown = told["state"]["film"]
    assert (shown["package"], shown["playing"]) == (package, True)
    assert 30_000 <= playback.place_at(shown, told["sent_ms"]) < 40_000
    assert ask(lead, "film_pause")["ok"]
    assert film_seen_by(late)["playing"] is False  # type: ignore[index]
    assert ask(lead, "film_close")["ok"]
    assert film_seen_by(late) is None
    assert ask(lead, "film_play")["status"] == 409


def test_without_a_video_that_plays_staff_are_told_so(hall: Hall, lead: SocketIOTestClient) -> None:
    answer = ask(lead, "film_open")
    assert (answer["status"], "Videos" in answer["error"]) == (409, True)
    assert "film" not in hall.state


def test_only_the_room_gets_the_files_and_only_while_it_is_open(
    hall: Hall, package: str, lead: SocketIOTestClient
) -> None:
    linda, joseph = hall.group.patients
    hall.sit(linda, admitted=True)
    assert fetch(hall, linda, package)[0] == 404
    assert ask(lead, "film_open")["ok"]
    assert fetch(hall, linda, package) == (200, PLAYLIST.encode())
    assert fetch(hall, linda, package, joins_only=True)[0] == 200
    assert fetch(hall, linda, "another")[0] == 404
    assert fetch(hall, joseph, package)[0] == 409
    hall.sit(joseph)
    assert fetch(hall, joseph, package)[0] == 403
    assert ask(lead, "film_close")["ok"]
    assert fetch(hall, linda, package)[0] == 404


def test_waiting_people_are_not_told_of_it(hall: Hall, package: str, lead: SocketIOTestClient) -> None:
    assert package
    hall.sit(hall.group.patients[0])
    assert ask(lead, "film_open")["ok"]
    assert film_seen_by(hall.connect(hall.group.patients[0])) is None


def test_a_patient_may_not_show_their_screen_and_staff_may(hall: Hall) -> None:
    from backtolife.sessions.state.rules import Camera, SeatRole, publishing

    patient = publishing(SeatRole.PATIENT, Camera.EVERYONE, "open")
    staff = publishing(SeatRole.FACILITATOR, Camera.EVERYONE, "open")
    assert not {"screen_share", "screen_share_audio"} & set(patient.sources)
    assert {"screen_share", "screen_share_audio"} <= set(staff.sources)
    assert hall.app.testing
