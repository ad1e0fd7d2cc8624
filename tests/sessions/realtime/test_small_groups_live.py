"""Small groups in the whole application: tokens, moves, help, the countdown and who is put out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from livekit import api

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.events import participating
from backtolife.sessions.realtime import media_webhooks, reconciler
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.room.models import Seat

# With the whole application
from tests.sessions.state.test_breakouts import NAMES
from tests.sessions.state.test_document import SECTIONS
from tests.support.sessions.hall import Hall, ask, open_hall

HELLO = {"text": "Hello", "audience": "group", "client_id": "c1"}


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app, NAMES) as opened:
        yield opened


class Engine:
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, list[str]]] = []

    def settle(self, room: str, seats: dict[str, Any]) -> None:
        self.asked.append(("settle", room, sorted(seats)))

    def remove(self, room: str, seats: Any) -> None:
        self.asked.append(("remove", room, sorted(seats)))

    def mute(self, room: str, seats: Any) -> None:
        self.asked.append(("mute", room, sorted(seats)))

    def close(self, *rooms: str) -> None:
        self.asked += [("close", room, []) for room in rooms]

    def names_beside(self, room: str, seats: Any) -> dict[str, str]:
        return MediaEngine.names_beside(self, room, seats)  # type: ignore[arg-type]

    _secret = "a secret of the tests"


def in_groups(hall: Hall) -> tuple[Any, dict[str, Seat], Engine]:
    """Everyone in, the session at its reflection, two small groups open."""
    seats = {person.shown_name: hall.sit(person, admitted=True) for person in hall.group.patients}
    for person in hall.group.patients:
        hall.browser(person)
    lead = hall.connect(hall.group.lead)
    place = next(at for at, section in enumerate(SECTIONS) if section.kind == "reflection")
    assert ask(lead, "start")["ok"]
    assert ask(lead, "go_to", {"seen": 0, "index": place})["ok"]
    engine = Engine()
    live(hall.app).engine = engine  # type: ignore[assignment]
    live(hall.app).owed.clear()
    assert ask(lead, "small_plan", {"groups": 2})["ok"]
    assert ask(lead, "small_open", {"minutes": 7})["ok"]
    return lead, seats, engine


def test_opening_the_groups_ends_the_main_room_for_patients_and_moves_follow(hall: Hall) -> None:
    lead, seats, engine = in_groups(hall)
    main = hall.group.group_session.id
    assert engine.asked == [("remove", main, sorted(seat.id for seat in seats.values()))]
    engine.asked.clear()
    linda = seats["Linda"]
    assert ask(lead, "small_move", {"seat": linda.id, "group": "2"})["ok"]
    assert ask(lead, "mute", {"seat": linda.id})["ok"]
    assert ask(lead, "small_end")["ok"]
    assert ask(lead, "small_end")["ok"]
    assert engine.asked == [
        ("remove", f"{main}-small-1", [linda.id]),
        ("mute", f"{main}-small-2", [linda.id]),
        ("close", f"{main}-small-1", []),
        ("close", f"{main}-small-2", []),
    ]


def test_a_reload_in_a_small_group_gives_a_token_for_that_group_and_state_to_match(hall: Hall) -> None:
    _, seats, _ = in_groups(hall)
    live(hall.app).engine = MediaEngine(hall.app.extensions["backtolife.settings"])
    page = hall.connect(hall.group.patients[1])
    seen = ask(page, "state")["state"]
    assert (seen["me"]["small"], sorted(one["name"] for one in seen["people"].values())) == (
        "2",
        ["Asha", "Carol", "Joseph"],
    )
    assert room_of_token(hall, seats["Joseph"]) == f"{hall.group.group_session.id}-small-2"


def room_of_token(hall: Hall, seat: Seat) -> str:
    """The room that the product lets this seat into, asked for as their page would."""
    from backtolife.people.models import Person

    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        person = db.get_one(Person, seat.person_id)
    browser = hall.browser(person)
    given = browser.post(f"/sessions/{hall.group.group_session.id}/media-token")
    settings = hall.app.extensions["backtolife.settings"]
    verifier = api.TokenVerifier(settings.media_api_key, settings.media_api_secret)
    video = verifier.verify(given.get_json()["token"]).video
    assert video is not None
    return video.room


def test_help_pressed_in_a_small_group_reaches_staff_with_the_group(hall: Hall) -> None:
    lead, seats, _ = in_groups(hall)
    assert ask(hall.connect(hall.group.patients[1]), "help")["ok"]
    seen = ask(lead, "state")["state"]
    (alert,) = seen["alerts"].values()
    assert (alert["seat"], seen["people"][alert["seat"]]["small"]) == (seats["Joseph"].id, "2")


def test_chat_in_a_small_group_is_read_by_that_group_and_staff_only(hall: Hall) -> None:
    lead, _, _ = in_groups(hall)
    pages = {person.shown_name: hall.connect(person) for person in hall.group.patients}
    for page in (lead, *pages.values()):
        page.get_received()
    assert ask(pages["Linda"], "chat", {**HELLO, "small": "1"})["message"]["small"] == "1"
    assert (heard(lead), [name for name, page in pages.items() if heard(page)]) == (
        1,
        ["Linda", "Maureen", "Ben", "Dev"],
    )

    assert ask(lead, "chat", {**HELLO, "text": "Two more minutes"})["ok"]
    assert [heard(page) for page in pages.values()] == [1] * len(pages), "from the main room to every group"

    assert ask(lead, "small_end")["ok"]
    read = {name: [one["text"] for one in ask(pages[name], "state")["chat"]] for name in ("Maureen", "Joseph")}
    assert read == {"Maureen": ["Hello", "Two more minutes"], "Joseph": ["Two more minutes"]}


def test_words_for_a_small_group_never_reach_everyone_when_it_is_over(hall: Hall) -> None:
    lead, _, _ = in_groups(hall)
    linda = hall.connect(hall.group.patients[0])
    words = {**HELLO, "small": "1"}
    assert ask(linda, "chat", words)["ok"]
    assert ask(lead, "small_end")["ok"]
    assert ask(linda, "chat", words)["ok"], "sent again because the page never heard of it"
    late = ask(linda, "chat", {**words, "client_id": "c2"})
    assert (late["status"], late["error"]) == (409, participating.GROUP_IS_OVER)
    assert len(ask(lead, "state")["chat"]) == 1


def test_words_for_a_small_group_never_reach_the_next_group_of_that_name(hall: Hall) -> None:
    lead, _, _ = in_groups(hall)
    linda = hall.connect(hall.group.patients[0])
    opened = ask(linda, "state")["state"]["small"]["opened_ms"]
    words = {**HELLO, "small": "1", "round": opened}
    assert ask(linda, "chat", words)["ok"]
    for event, given in (("small_end", {}), ("small_plan", {"groups": 2}), ("small_open", {"minutes": 7})):
        assert ask(lead, event, given)["ok"], event
    late = ask(linda, "chat", {**words, "client_id": "c2"})
    assert (late["status"], late["error"]) == (409, participating.GROUP_IS_OVER)
    again = ask(linda, "state")["state"]["small"]["opened_ms"]
    assert ask(linda, "chat", {**words, "round": again, "client_id": "c3"})["ok"]


def heard(page: SocketIOTestClient) -> int:
    """How many messages this page was told of since it was last asked."""
    return [message["name"] for message in page.get_received()].count("chat")


def test_when_the_countdown_ran_out_the_look_around_brings_everyone_back(hall: Hall) -> None:
    lead, _, engine = in_groups(hall)
    engine.asked.clear()
    assert ask(lead, "small_back", {"seconds": 5})["ok"]
    database = hall.app.extensions["backtolife.engine"]
    with hall.app.app_context():
        reconciler.look_around(live(hall.app), database, clock.now())
        assert "small" in hall.state
        reconciler.look_around(live(hall.app), database, clock.now() + timedelta(seconds=6))
    assert "small" not in hall.state
    assert [asked[0] for asked in engine.asked] == ["close", "close"]


def test_the_engine_learns_later_what_it_missed_in_every_room(hall: Hall) -> None:
    _, seats, engine = in_groups(hall)
    engine.asked.clear()
    main = hall.group.group_session.id
    live(hall.app).owed.add(main)
    with hall.app.app_context():
        reconciler.catch_up(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())
    settled = {where: who for name, where, who in engine.asked if name == "settle"}
    group_1 = sorted(seats[name].id for name in ("Linda", "Maureen", "Ben", "Dev"))
    assert settled[f"{main}-small-1"] == group_1
    assert ("close", f"{main}-small-5", []) in engine.asked
    (removed,) = [who for name, where, who in engine.asked if (name, where) == ("remove", main)]
    assert set(removed) == {seat.id for seat in seats.values()}


def test_a_page_in_a_group_it_does_not_belong_to_is_put_out(hall: Hall) -> None:
    _, seats, engine = in_groups(hall)
    engine.asked.clear()
    main = hall.group.group_session.id
    for name in (f"{main}-small-2", main, f"{main}-small-1"):
        event = api.WebhookEvent(
            event="participant_joined",
            room=api.Room(name=name),
            participant=api.ParticipantInfo(identity=seats["Linda"].id, sid="PA"),
        )
        media_webhooks.hold_to_the_rules(live(hall.app), event, hall.state, clock.now())
    linda = [seats["Linda"].id]
    assert engine.asked == [
        ("remove", f"{main}-small-2", linda),
        ("remove", main, linda),
        ("settle", f"{main}-small-1", linda),
    ]


def test_a_private_camera_beside_a_small_group_is_held_to_the_rules_there(hall: Hall) -> None:
    _, seats, engine = in_groups(hall)
    engine.asked.clear()
    group_1 = f"{hall.group.group_session.id}-small-1"
    known_as = private_cameras.name_beside(group_1, seats["Linda"].id, Engine._secret)
    event = api.WebhookEvent(
        event="participant_joined",
        room=api.Room(name=private_cameras.beside(group_1)),
        participant=api.ParticipantInfo(identity=known_as, sid="PA"),
    )
    with hall.database() as db:
        state = media_webhooks.beside(db, event)
    media_webhooks.hold_to_the_rules(live(hall.app), event, state, clock.now())
    assert engine.asked == [("settle", group_1, [seats["Linda"].id])]
