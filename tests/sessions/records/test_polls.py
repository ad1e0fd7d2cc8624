"""A question to the group: asked by staff, answered in private, told as counts once nobody can be singled out."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIOTestClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.sessions.records.poll_models import Poll, PollAnswer
from backtolife.sessions.room.models import Seat
from tests.support.sessions.gathering import gather
from tests.support.sessions.hall import Hall, ask, open_hall

NAMES = ("Linda", "Joseph", "Maureen", "Dev", "Farah", "Alan", "Karen")
QUESTION = {"question": "Which is hardest?", "options": ["Getting up", "Sitting still", "Neither"]}


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
    return hall.connect(hall.group.lead)


def answer(hall: Hall, which: int, poll: str, choice: int) -> dict[str, Any]:
    return ask(hall.connect(hall.group.patients[which]), "poll_answer", {"poll": poll, "choice": choice})


def seen_by(page: SocketIOTestClient) -> dict[str, Any]:
    found: dict[str, Any] = ask(page, "state")["state"].get("poll", {})
    return found


def test_the_group_sees_counts_from_the_fifth_answer_and_not_the_sixth(hall: Hall, lead: SocketIOTestClient) -> None:
    poll = ask(lead, "poll_ask", QUESTION)["poll"]
    watcher = hall.connect(hall.group.patients[6])
    for which, choice in enumerate((0, 0, 1, 2)):
        assert answer(hall, which, poll, choice)["ok"]
    assert seen_by(watcher)["told"] is None
    assert "answered" not in seen_by(watcher)
    assert answer(hall, 4, poll, 0)["ok"]
    shown = seen_by(watcher)["told"]
    assert shown == {"answered": 5, "counts": [3, 1, 1]}
    assert answer(hall, 5, poll, 2)["ok"]
    assert seen_by(watcher)["told"] == shown
    assert (seen_by(lead)["answered"], seen_by(lead)["told"]) == (6, shown)


def test_an_answer_tells_the_others_nothing_and_stands_nowhere_in_the_document(
    hall: Hall, lead: SocketIOTestClient
) -> None:
    poll = ask(lead, "poll_ask", QUESTION)["poll"]
    watcher, linda = hall.connect(hall.group.patients[1]), hall.connect(hall.group.patients[0])
    watcher.get_received()
    assert ask(linda, "poll_answer", {"poll": poll, "choice": 1})["ok"]
    assert [message["args"][0]["patch"] for message in watcher.get_received()] == [{}]
    assert "choice" not in str(hall.state)
    assert (ask(linda, "state")["chosen"], ask(watcher, "state")["chosen"]) == (1, None)


def test_choosing_again_counts_once(hall: Hall, lead: SocketIOTestClient) -> None:
    poll = ask(lead, "poll_ask", QUESTION)["poll"]
    for choice in (0, 2, 1):
        assert answer(hall, 0, poll, choice)["ok"]
    with hall.database() as db:
        assert [each.choice for each in db.exec(select(PollAnswer)).all()] == [1]
    assert seen_by(lead)["answered"] == 1


def test_one_question_at_a_time_and_none_after_it_is_closed(hall: Hall, lead: SocketIOTestClient) -> None:
    poll = ask(lead, "poll_ask", QUESTION)["poll"]
    assert ask(lead, "poll_ask", QUESTION)["status"] in {409, 429}
    assert ask(lead, "poll_close", {"poll": poll})["ok"]
    assert answer(hall, 0, poll, 0)["status"] == 409
    assert seen_by(lead)["open"] is False
    assert ask(lead, "poll_clear", {"poll": poll})["ok"]
    assert seen_by(lead) == {}
    assert answer(hall, 0, poll, 0)["status"] == 404


@pytest.mark.parametrize(
    "payload",
    [
        {"question": " ", "options": ["Yes", "No"]},
        {"question": "Well?", "options": ["Yes"]},
        {"question": "Well?", "options": ["Yes", " yes "]},
        {"question": "Well?", "options": ["Yes", ""]},
        {"question": "Well?", "options": [str(number) for number in range(7)]},
        {"question": "Well?", "options": "Yes"},
        {"question": "Well?", "options": ["Yes", 7]},
        {"question": "W" * 201, "options": ["Yes", "No"]},
        {"question": "Well?", "options": ["Yes", "N" * 61]},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(
    hall: Hall, lead: SocketIOTestClient, payload: dict[str, Any]
) -> None:
    assert ask(lead, "poll_ask", payload)["status"] == 400
    with hall.database() as db:
        assert db.exec(select(Poll)).all() == []


def test_an_answer_that_does_not_exist_is_refused(hall: Hall, lead: SocketIOTestClient) -> None:
    poll = ask(lead, "poll_ask", QUESTION)["poll"]
    assert answer(hall, 0, poll, 3)["status"] == 400
    assert ask(lead, "poll_answer", {"poll": poll, "choice": 0})["status"] == 403


def test_a_question_that_was_refused_may_be_corrected_at_once(hall: Hall, lead: SocketIOTestClient) -> None:
    for options in (["Yes"], ["Yes", "yes", "Yes"]):
        assert ask(lead, "poll_ask", {"question": "Well?", "options": options})["status"] == 400
    assert ask(lead, "poll_ask", QUESTION)["ok"]
    assert ask(lead, "poll_ask", QUESTION)["error"].startswith("That was too fast")


def test_a_question_of_another_room_is_out_of_reach(hall: Hall, lead: SocketIOTestClient) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        other = gather(db, clock.now()).group_session
        foreign = Poll(
            service_id=other.service_id,
            group_session_id=other.id,
            question="Well?",
            options=["Yes", "No"],
            asked_by=hall.group.lead.id,
            asked_at=clock.now(),
        )
        db.add(foreign)
    assert [ask(lead, name, {"poll": foreign.id})["status"] for name in ("poll_close", "poll_clear")] == [404, 404]
    assert answer(hall, 0, foreign.id, 0)["status"] == 404


def test_script_in_a_question_comes_back_as_the_words_it_is(hall: Hall, lead: SocketIOTestClient) -> None:
    words = "<script>alert(1)</script>"
    assert ask(lead, "poll_ask", {"question": words, "options": ["<b>Yes</b>", "No"]})["ok"]
    assert seen_by(hall.connect(hall.group.patients[0]))["question"] == words


def test_a_reaction_reaches_everyone_as_a_small_patch(hall: Hall, seats: list[Seat], lead: SocketIOTestClient) -> None:
    linda = hall.connect(hall.group.patients[0])
    lead.get_received()
    assert ask(linda, "react", {"what": "me_too"})["ok"]
    [patch] = [message["args"][0]["patch"] for message in lead.get_received()]
    assert set(patch) == {"people"}
    assert patch["people"][seats[0].id]["sign"]["what"] == "me_too"
    assert ask(linda, "react", {"what": "me_too"})["error"].startswith("That was too fast")
    assert ask(lead, "react", {"what": "boo"})["status"] == 400
