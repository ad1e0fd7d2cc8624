"""Small groups: how people are divided, where each of them is, what they see, and that attendance goes on counting."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from livekit import api
from sqlmodel import Session

from backtolife import clock
from backtolife.db import session_scope
from backtolife.errors import Conflict, NotFound
from backtolife.programme.loading import shipped
from backtolife.sessions import attendance, document, room, sight, small_rules, staff_cameras, watch, webhooks
from backtolife.sessions.document import Document, changed
from backtolife.sessions.engine import MediaEngine
from backtolife.sessions.live import live
from backtolife.sessions.models import Seat
from backtolife.sessions.rules import SeatRole
from tests.sessions.gathering import Gathering, gather
from tests.sessions.hall import Hall, ask, open_hall
from tests.sessions.test_document import SECTIONS, seated

NAMES = ("Linda", "Joseph", "Maureen", "Asha", "Ben", "Carol", "Dev")


@pytest.fixture
def state() -> Document:
    """Priya leads, Tom spots, seven patients are in and the session runs."""
    made = document.empty({"person of priya": "lead", "person of tom": "spotter"})
    for staff in ("priya", "tom"):
        made = seated(made, staff, SeatRole.FACILITATOR)
    for name in NAMES:
        made = changed(seated(made, name.lower()), "admit", seat=name.lower(), now_ms=10)
    return changed(made, "start", sections=SECTIONS, now_ms=1_000)


def planned(state: Document, groups: int = 2) -> Document:
    division = small_rules.divided(small_rules.patients_in(state), groups)
    return changed(state, "small_plan", groups=groups, division=division)


def opened(state: Document) -> Document:
    return changed(planned(state), "small_open", minutes=7, now_ms=2_000)


@pytest.mark.parametrize(
    ("people", "sizes"),
    [(1, [1]), (4, [4]), (5, [5]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4]), (9, [3, 3, 3]), (14, [4, 4, 3, 3])],
)
def test_groups_are_of_three_or_four_wherever_that_can_be(people: int, sizes: list[int]) -> None:
    groups = small_rules.how_many(people)
    division = small_rules.divided([f"s{number}" for number in range(people)], groups)
    assert sorted((list(division.values()).count(each) for each in set(division.values())), reverse=True) == sizes


def test_nobody_is_alone_or_in_a_pair_from_six_people_on() -> None:
    assert all(people // small_rules.how_many(people) >= 3 for people in range(6, 15))


def test_nobody_moves_and_nobody_is_told_before_the_groups_are_opened(state: Document) -> None:
    plan = planned(state)
    assert {small_rules.place_of(plan, seat, 5_000) for seat in plan["seats"]} == {""}
    assert sight.view(plan, "linda") == sight.view(state, "linda")
    assert sight.view(plan, "tom")["small"]["groups"] == ["1", "2"]


def test_in_a_small_group_people_see_their_own_group_and_staff_see_all(state: Document) -> None:
    small = opened(state)
    assert sight.view(small, "linda")["people"].keys() == {"linda", "maureen", "ben", "dev"}
    assert sight.view(small, "linda")["me"]["small"] == "1"
    assert {seat: one.get("small") for seat, one in sight.view(small, "tom")["people"].items()}["asha"] == "2"


def test_a_facilitator_who_drops_in_is_seen_there_and_nowhere_else(state: Document) -> None:
    visit = changed(opened(state), "small_visit", seat="tom", group="2")
    assert "tom" in sight.view(visit, "joseph")["people"]
    assert "tom" not in sight.view(visit, "linda")["people"]
    assert small_rules.place_of(visit, "tom", 3_000) == "2"
    assert small_rules.place_of(changed(visit, "small_visit", seat="tom", group=""), "tom", 3_000) == ""


def test_everyone_is_back_when_the_countdown_is_over_whatever_their_page_does(state: Document) -> None:
    called = changed(opened(state), "small_back", seconds=30, now_ms=10_000)
    assert small_rules.place_of(called, "linda", 39_999) == "1"
    assert small_rules.place_of(called, "linda", 40_000) == ""


@pytest.mark.parametrize("event", ["next", "end", "small_end"])
def test_the_next_part_the_end_and_the_call_bring_everyone_together(state: Document, event: str) -> None:
    given = {
        "next": {"sections": SECTIONS, "seen": 0, "now_ms": 3_000},
        "end": {"now_ms": 3_000},
        "small_end": {},
    }[event]
    after = changed(opened(state), event, **given)
    assert "small" not in after
    assert not any("small" in entry for entry in after["seats"].values())


def test_a_late_joiner_is_put_into_the_smallest_group(state: Document) -> None:
    late = changed(seated(opened(state), "gwen"), "admit", seat="gwen", now_ms=9_000)
    assert late["seats"]["gwen"]["small"] == "2"
    assert "gwen" in sight.view(late, "joseph")["people"]


def test_who_drops_out_leaves_or_has_a_private_word_comes_back_to_their_own_group(state: Document) -> None:
    small = changed(opened(state), "drop", seat="joseph", now_ms=3_000)
    assert changed(small, "arrive", seat="joseph")["seats"]["joseph"]["small"] == "2"
    left = seated(changed(small, "leave", seat="joseph"), "joseph")
    assert changed(left, "admit", seat="joseph", now_ms=4_000)["seats"]["joseph"]["small"] == "2"
    held = changed(small, "hold", seat="joseph")
    assert changed(held, "admit", seat="joseph", now_ms=4_000)["seats"]["joseph"]["small"] == "2"


def test_what_cannot_be_done_with_small_groups_is_refused_and_says_why(state: Document) -> None:
    with pytest.raises(Conflict, match="Make them first"):
        changed(state, "small_open", minutes=5, now_ms=0)
    with pytest.raises(Conflict, match="not open yet"):
        changed(planned(state), "small_visit", seat="tom", group="1")
    with pytest.raises(Conflict, match="Call them back first"):
        planned(opened(state))
    with pytest.raises(NotFound, match="no such small group"):
        changed(opened(state), "small_move", seat="linda", group="5")
    with pytest.raises(Conflict, match="not in a small group"):
        changed(opened(state), "small_move", seat="tom", group="1")


def test_each_small_group_has_a_media_room_that_belongs_to_its_session(state: Document) -> None:
    small = opened(state)
    rooms = small_rules.by_room("g", small, small_rules.patients_in(small), 3_000)
    assert {where: len(who) for where, who in rooms.items()} == {"g-small-1": 4, "g-small-2": 3}
    assert small_rules.session_and_place("g-small-2") == ("g", "2")
    assert small_rules.session_and_place("g") == ("g", "")
    assert staff_cameras.group_of(staff_cameras.beside("g-small-2")) == "g-small-2"


# With the whole application


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
    from backtolife.people import signin
    from backtolife.people.models import Person

    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        token = signin.begin(db, person=db.get_one(Person, seat.person_id), now=clock.now())
    browser = hall.app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
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


def test_when_the_countdown_ran_out_the_look_around_brings_everyone_back(hall: Hall) -> None:
    lead, _, engine = in_groups(hall)
    engine.asked.clear()
    assert ask(lead, "small_back", {"seconds": 5})["ok"]
    database = hall.app.extensions["backtolife.engine"]
    with hall.app.app_context():
        watch.look_around(live(hall.app), database, clock.now())
        assert "small" in hall.state
        watch.look_around(live(hall.app), database, clock.now() + timedelta(seconds=6))
    assert "small" not in hall.state
    assert [asked[0] for asked in engine.asked] == ["close", "close"]


def test_the_engine_learns_later_what_it_missed_in_every_room(hall: Hall) -> None:
    _, seats, engine = in_groups(hall)
    engine.asked.clear()
    main = hall.group.group_session.id
    live(hall.app).owed.add(main)
    with hall.app.app_context():
        watch.catch_up(live(hall.app), hall.app.extensions["backtolife.engine"], clock.now())
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
        webhooks.hold_to_the_rules(live(hall.app), event, hall.state, clock.now())
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
    known_as = staff_cameras.name_beside(group_1, seats["Linda"].id, Engine._secret)
    event = api.WebhookEvent(
        event="participant_joined",
        room=api.Room(name=staff_cameras.beside(group_1)),
        participant=api.ParticipantInfo(identity=known_as, sid="PA"),
    )
    with hall.database() as db:
        state = webhooks.beside(db, event)
    webhooks.hold_to_the_rules(live(hall.app), event, state, clock.now())
    assert engine.asked == [("settle", group_1, [seats["Linda"].id])]


# Attendance


@pytest.fixture
def group(db: Session, now: datetime) -> Gathering:
    made = gather(db, now, NAMES)
    seat = made.sit(made.patients[0], now=now)
    made.apply("admit", now, seat=seat.id, now_ms=0)
    made.apply("start", now, sections=SECTIONS, now_ms=0)
    return made


def hears(group: Gathering, minute: int, kind: str, place: str, connection: str = "") -> None:
    """The engine tells what happened to Linda in a room, a number of minutes after the start."""
    linda = next(iter(group.group_session.state["seats"]))
    at = group.make.now + timedelta(minutes=minute)
    event = api.WebhookEvent(
        event=kind,
        id=f"{kind} {connection} {minute} {place}",
        created_at=int(at.timestamp()),
        room=api.Room(name=small_rules.room_of(group.group_session.id, place)),
        participant=api.ParticipantInfo(identity=linda, sid=connection),
    )
    webhooks.take(group.db, event, at)


def test_minutes_in_small_groups_count_for_the_session_and_rooms_that_end_end_only_their_own(group: Gathering) -> None:
    linda = next(iter(group.group_session.state["seats"]))
    hears(group, 0, "participant_joined", "", "PA_1")
    hears(group, 10, "participant_left", "", "PA_1")
    hears(group, 10, "participant_joined", "2", "PA_2")
    hears(group, 11, "room_finished", "")
    hears(group, 20, "room_started", "")
    assert group.group_session.state["seats"][linda]["at"] == "2"
    hears(group, 30, "participant_left", "2", "PA_2")
    hears(group, 30, "participant_joined", "", "PA_3")
    hears(group, 31, "room_finished", "2")
    group.db.flush()
    (line,) = attendance.measured_at(group.db, group.group_session, now=group.make.now + timedelta(minutes=60))
    assert line.minutes == 60


def test_a_connection_that_the_engine_forgot_ends_when_its_person_turns_up_in_another_room(group: Gathering) -> None:
    linda = next(iter(group.group_session.state["seats"]))
    hears(group, 0, "participant_joined", "1", "PA_1")
    hears(group, 20, "participant_joined", "", "PA_2")
    hears(group, 30, "participant_left", "", "PA_2")
    group.db.flush()
    (line,) = attendance.measured_at(group.db, group.group_session, now=group.make.now + timedelta(minutes=60))
    assert line.minutes == 30
    assert group.group_session.state["seats"][linda]["media"] is False


def test_every_reflection_of_the_programme_has_its_small_groups() -> None:
    for number in range(1, 10):
        (part,) = [section for section in shipped().session(number).sections if section.kind == "reflection"]
        assert (part.breakout_size_min, part.breakout_size_max) == (small_rules.SMALLEST, small_rules.LARGEST)
        assert 0 < part.breakout_minutes < part.minutes


def test_the_room_keeps_small_groups_with_everything_else(group: Gathering, now: datetime) -> None:
    group.apply("small_plan", now, groups=1, division={})
    group.apply("small_open", now, minutes=7, now_ms=room.milliseconds(now))
    group.db.flush()
    group.db.expire_all()
    assert group.group_session.state["small"]["open"] is True
