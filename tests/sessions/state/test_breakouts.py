"""Small groups: how people are divided, where each of them is, what they see, and that attendance goes on counting."""

from datetime import datetime, timedelta

import pytest
from livekit import api
from sqlmodel import Session

from backtolife.errors import Conflict, NotFound
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.realtime import media_webhooks
from backtolife.sessions.records import attendance
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room import store as room
from backtolife.sessions.state import breakout_rules, breakouts, document, script, seats, visibility
from backtolife.sessions.state.document import changed
from backtolife.sessions.state.room_state import RoomState
from backtolife.sessions.state.rules import SeatRole
from tests.sessions.state.test_document import SECTIONS, seated
from tests.support.sessions.gathering import Gathering, gather

NAMES = ("Linda", "Joseph", "Maureen", "Asha", "Ben", "Carol", "Dev")


@pytest.fixture
def state() -> RoomState:
    """Priya leads, Tom spots, seven patients are in and the session runs."""
    made = document.empty({"person of priya": "lead", "person of tom": "spotter"})
    for staff in ("priya", "tom"):
        made = seated(made, staff, SeatRole.FACILITATOR)
    for name in NAMES:
        made = changed(seated(made, name.lower()), seats.admit, seat=name.lower(), now_ms=10)
    return changed(made, script.start, sections=SECTIONS, now_ms=1_000)


def planned(state: RoomState, groups: int = 2) -> RoomState:
    division = breakout_rules.divided(breakout_rules.patients_in(state), groups)
    return changed(state, breakouts.small_plan, groups=groups, division=division)


def opened(state: RoomState) -> RoomState:
    return changed(planned(state), breakouts.small_open, minutes=7, now_ms=2_000)


@pytest.mark.parametrize(
    ("people", "sizes"),
    [(1, [1]), (4, [4]), (5, [5]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4]), (9, [3, 3, 3]), (14, [4, 4, 3, 3])],
)
def test_groups_are_of_three_or_four_wherever_that_can_be(people: int, sizes: list[int]) -> None:
    groups = breakout_rules.how_many(people)
    division = breakout_rules.divided([f"s{number}" for number in range(people)], groups)
    assert sorted((list(division.values()).count(each) for each in set(division.values())), reverse=True) == sizes


def test_nobody_is_alone_or_in_a_pair_from_six_people_on() -> None:
    assert all(people // breakout_rules.how_many(people) >= 3 for people in range(6, 15))


def test_nobody_moves_and_nobody_is_told_before_the_groups_are_opened(state: RoomState) -> None:
    plan = planned(state)
    assert {breakout_rules.place_of(plan, seat, 5_000) for seat in plan["seats"]} == {""}
    assert visibility.view(plan, "linda") == visibility.view(state, "linda")
    assert visibility.view(plan, "tom")["small"]["groups"] == ["1", "2"]


def test_in_a_small_group_people_see_their_own_group_and_staff_see_all(state: RoomState) -> None:
    small = opened(state)
    assert visibility.view(small, "linda")["people"].keys() == {"linda", "maureen", "ben", "dev"}
    assert visibility.view(small, "linda")["me"]["small"] == "1"
    assert {seat: one.get("small") for seat, one in visibility.view(small, "tom")["people"].items()}["asha"] == "2"


def test_a_facilitator_who_drops_in_is_seen_there_and_nowhere_else(state: RoomState) -> None:
    visit = changed(opened(state), breakouts.small_visit, seat="tom", group="2")
    assert "tom" in visibility.view(visit, "joseph")["people"]
    assert "tom" not in visibility.view(visit, "linda")["people"]
    assert breakout_rules.place_of(visit, "tom", 3_000) == "2"
    assert breakout_rules.place_of(changed(visit, breakouts.small_visit, seat="tom", group=""), "tom", 3_000) == ""


def test_everyone_is_back_when_the_countdown_is_over_whatever_their_page_does(state: RoomState) -> None:
    called = changed(opened(state), breakouts.small_back, seconds=30, now_ms=10_000)
    assert breakout_rules.place_of(called, "linda", 39_999) == "1"
    assert breakout_rules.place_of(called, "linda", 40_000) == ""


def test_the_next_part_the_end_and_the_call_bring_everyone_together(state: RoomState) -> None:
    for after in (
        changed(opened(state), script.next, sections=SECTIONS, seen=0, now_ms=3_000),
        changed(opened(state), script.end, now_ms=3_000),
        changed(opened(state), breakouts.small_end),
    ):
        assert "small" not in after
        assert not any("small" in entry for entry in after["seats"].values())


def test_a_late_joiner_is_put_into_the_smallest_group(state: RoomState) -> None:
    late = changed(seated(opened(state), "gwen"), seats.admit, seat="gwen", now_ms=9_000)
    assert late["seats"]["gwen"]["small"] == "2"
    assert "gwen" in visibility.view(late, "joseph")["people"]


def test_who_drops_out_leaves_or_has_a_private_word_comes_back_to_their_own_group(state: RoomState) -> None:
    small = changed(opened(state), seats.drop, seat="joseph", now_ms=3_000)
    assert changed(small, seats.arrive, seat="joseph")["seats"]["joseph"]["small"] == "2"
    left = seated(changed(small, seats.leave, seat="joseph"), "joseph")
    assert changed(left, seats.admit, seat="joseph", now_ms=4_000)["seats"]["joseph"]["small"] == "2"
    held = changed(small, seats.hold, seat="joseph")
    assert changed(held, seats.admit, seat="joseph", now_ms=4_000)["seats"]["joseph"]["small"] == "2"


def test_what_cannot_be_done_with_small_groups_is_refused_and_says_why(state: RoomState) -> None:
    with pytest.raises(Conflict, match="Make them first"):
        changed(state, breakouts.small_open, minutes=5, now_ms=0)
    with pytest.raises(Conflict, match="not open yet"):
        changed(planned(state), breakouts.small_visit, seat="tom", group="1")
    with pytest.raises(Conflict, match="Call them back first"):
        planned(opened(state))
    with pytest.raises(NotFound, match="no such small group"):
        changed(opened(state), breakouts.small_move, seat="linda", group="5")
    with pytest.raises(Conflict, match="not in a small group"):
        changed(opened(state), breakouts.small_move, seat="tom", group="1")


def test_each_small_group_has_a_media_room_that_belongs_to_its_session(state: RoomState) -> None:
    small = opened(state)
    rooms = breakout_rules.by_room("g", small, breakout_rules.patients_in(small), 3_000)
    assert {where: len(who) for where, who in rooms.items()} == {"g-small-1": 4, "g-small-2": 3}
    assert breakout_rules.session_and_place("g-small-2") == ("g", "2")
    assert breakout_rules.session_and_place("g") == ("g", "")
    assert private_cameras.group_of(private_cameras.beside("g-small-2")) == "g-small-2"


# Attendance


@pytest.fixture
def group(db: Session, now: datetime) -> Gathering:
    made = gather(db, now, NAMES)
    seat = made.sit(made.patients[0], now=now)
    made.apply(seats.admit, now, seat=seat.id, now_ms=0)
    made.apply(script.start, now, sections=SECTIONS, now_ms=0)
    return made


def hears(group: Gathering, minute: int, kind: str, place: str, connection: str = "") -> None:
    """The engine tells what happened to Linda in a room, a number of minutes after the start."""
    linda = next(iter(group.group_session.state["seats"]))
    at = group.make.now + timedelta(minutes=minute)
    event = api.WebhookEvent(
        event=kind,
        id=f"{kind} {connection} {minute} {place}",
        created_at=int(at.timestamp()),
        room=api.Room(name=breakout_rules.room_of(group.group_session.id, place)),
        participant=api.ParticipantInfo(identity=linda, sid=connection),
    )
    media_webhooks.take(group.db, event, at)


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
        assert (part.breakout_size_min, part.breakout_size_max) == (breakout_rules.SMALLEST, breakout_rules.LARGEST)
        assert 0 < part.breakout_minutes < part.minutes


def test_the_room_keeps_small_groups_with_everything_else(group: Gathering, now: datetime) -> None:
    group.apply(breakouts.small_plan, now, groups=1, division={})
    group.apply(breakouts.small_open, now, minutes=7, now_ms=room.milliseconds(now))
    group.db.flush()
    group.db.expire_all()
    assert group.group_session.state["small"]["open"] is True
