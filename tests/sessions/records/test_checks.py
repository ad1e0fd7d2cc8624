"""Pain and effort before and after: for the team, and for the group as counts once nobody can be singled out."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.records import checks
from backtolife.sessions.records.models import CheckAnswer, FeltAnswer, Moment
from backtolife.sessions.room.models import Seat
from backtolife.sessions.state.small_counts import FEWEST, counted, for_the_group
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, ask, open_hall

SECTIONS = shipped().session(1).sections
NAMES = ("Linda", "Joseph", "Maureen", "Dev", "Farah", "Alan", "Karen")


def place_of(kind: str) -> int:
    return next(place for place, section in enumerate(SECTIONS) if section.kind == kind)


@settings(deadline=None)
@given(st.lists(st.integers(0, 10), max_size=16))
def test_the_difference_between_two_pictures_is_never_fewer_than_five_answers(values: list[int]) -> None:
    shown: dict[str, Any] | None = None
    pictures = []
    for count in range(len(values) + 1):
        shown = counted(values[:count], shown)
        assert shown["answered"] == count
        if shown["told"] and shown["told"] not in pictures:
            pictures.append(shown["told"])
    totals = [0, *(sum(each["counts"]) for each in pictures)]
    assert all(later - earlier >= FEWEST for earlier, later in pairwise(totals))


def test_below_five_the_group_sees_nothing_at_all() -> None:
    checks_so_far = {"before": {"pain": counted([3, 4, 8, 9], None), "effort": counted([], None)}}
    assert for_the_group(checks_so_far) == {}


def test_a_number_outside_the_scale_cannot_be_kept(db: Session, now: datetime) -> None:
    group = gather(db, now)
    seat = group.sit(group.patients[0], now=now)
    with pytest.raises(IntegrityError):
        checks.keep(db, seat=seat, moment=Moment.BEFORE, now=now, pain=11)


def test_saying_it_again_replaces_the_number_and_keeps_the_other(db: Session, now: datetime) -> None:
    group = gather(db, now)
    seat = group.sit(group.patients[0], now=now)
    checks.keep(db, seat=seat, moment=Moment.BEFORE, now=now, pain=6)
    checks.keep(db, seat=seat, moment=Moment.BEFORE, now=now, effort=2)
    checks.keep(db, seat=seat, moment=Moment.BEFORE, now=now, pain=4)
    checks.keep(db, seat=seat, moment=Moment.AFTER, now=now, pain=3)
    said = {"before": {"pain": 4, "effort": 2}, "after": {"pain": 3, "effort": None}}
    assert checks.of_seat(db, seat) == said
    with pytest.raises(Invalid):
        checks.keep(db, seat=seat, moment=Moment.BEFORE, now=now)


def test_only_check_in_and_check_out_ask() -> None:
    assert [checks.moment_in(kind) for kind in ("check_in", "check_out")] == [Moment.BEFORE, Moment.AFTER]
    with pytest.raises(Conflict):
        checks.moment_in("exercise")


@pytest.fixture
def hall(app: Flask) -> Iterator[Hall]:
    with open_hall(app, NAMES) as running:
        yield running


@pytest.fixture
def seats(hall: Hall) -> list[Seat]:
    return [hall.sit(person, admitted=True) for person in hall.group.patients]


@pytest.fixture
def lead(hall: Hall, seats: list[Seat]) -> SocketIOTestClient:
    assert len(seats) == len(NAMES)
    page = hall.connect(hall.group.lead)
    assert ask(page, "start")["ok"]
    assert ask(page, "go_to", {"seen": 0, "index": place_of("check_in")})["ok"]
    return page


def say(hall: Hall, which: int, **values: int) -> dict[str, Any]:
    return ask(hall.connect(hall.group.patients[which]), "check", values)


def seen_by(page: SocketIOTestClient) -> dict[str, Any]:
    found: dict[str, Any] = ask(page, "state")["state"]["checks"]
    return found


def test_the_group_sees_counts_from_the_fifth_answer_and_not_the_sixth(hall: Hall, lead: SocketIOTestClient) -> None:
    watcher = hall.connect(hall.group.patients[6])
    for which, pain in enumerate((3, 4, 4, 7)):
        assert say(hall, which, pain=pain)["ok"]
    assert seen_by(watcher) == {}
    assert say(hall, 4, pain=9)["ok"]
    shown = seen_by(watcher)["before"]["pain"]
    assert shown == {"answered": 5, "counts": [0, 0, 0, 1, 2, 0, 0, 1, 0, 1, 0]}
    assert say(hall, 5, pain=1)["ok"]
    assert seen_by(watcher)["before"]["pain"] == shown
    assert seen_by(lead)["before"]["pain"]["answered"] == 6


def test_a_patient_is_never_sent_what_another_said(hall: Hall, lead: SocketIOTestClient) -> None:
    watcher, linda = hall.connect(hall.group.patients[1]), hall.connect(hall.group.patients[0])
    watcher.get_received()
    assert ask(linda, "check", {"pain": 8, "effort": 3})["ok"]
    assert [message["args"][0]["patch"] for message in watcher.get_received()] == [{}]
    assert ask(watcher, "look_checks")["status"] == 403
    assert ask(watcher, "state")["checked"] == {}
    assert lead.is_connected()


def test_staff_see_who_said_what(hall: Hall, seats: list[Seat], lead: SocketIOTestClient) -> None:
    assert say(hall, 0, pain=8, effort=3)["ok"]
    assert ask(lead, "look_checks")["checks"] == {seats[0].id: {"before": {"pain": 8, "effort": 3}}}
    assert ask(hall.connect(hall.group.patients[0]), "state")["checked"] == {"before": {"pain": 8, "effort": 3}}


def test_no_number_of_anyone_stands_in_the_rooms_document(hall: Hall, lead: SocketIOTestClient) -> None:
    assert say(hall, 0, pain=8)["ok"]
    assert hall.state["checks"]["before"]["pain"] == {"answered": 1, "told": None}
    assert all("pain" not in entry for entry in hall.state["seats"].values())
    assert lead.is_connected()


@pytest.mark.parametrize("payload", [{}, {"pain": 11}, {"pain": -1}, {"effort": 2.5}, {"pain": True}, {"fear": 3}])
def test_what_is_no_number_from_0_to_10_is_refused(
    hall: Hall, lead: SocketIOTestClient, payload: dict[str, Any]
) -> None:
    assert ask(hall.connect(hall.group.patients[0]), "check", payload)["ok"] is False
    with hall.database() as db:
        assert db.exec(select(CheckAnswer)).all() == []
    assert lead.is_connected()


def test_staff_have_no_pain_to_tell_and_other_sections_do_not_ask(hall: Hall, lead: SocketIOTestClient) -> None:
    assert ask(lead, "check", {"pain": 4})["status"] == 403
    assert ask(lead, "next", {"seen": place_of("check_in")})["ok"]
    assert say(hall, 0, pain=4)["status"] == 409


def test_how_an_exercise_felt_is_kept_for_each_circuit(hall: Hall, seats: list[Seat], lead: SocketIOTestClient) -> None:
    circuit = place_of("exercise")
    assert ask(lead, "go_to", {"seen": place_of("check_in"), "index": circuit})["ok"]
    linda = hall.connect(hall.group.patients[0])
    assert ask(linda, "exercising", {"way": "lying"})["ok"]
    assert ask(linda, "exercising", {"feels": "hard"})["ok"]
    assert ask(linda, "exercising", {"feels": "right"})["ok"]
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        kept = db.exec(select(FeltAnswer)).one()
        assert (kept.seat_id, kept.section_id, kept.way, kept.feels) == (
            seats[0].id,
            SECTIONS[circuit].id,
            "lying",
            "right",
        )
        assert kept.at <= clock.now()
