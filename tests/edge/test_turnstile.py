"""Pages queue for their making; whoever waits holds nothing, and nobody waits for good."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from backtolife.people.signing_in import password_signin
from backtolife.web import edge
from backtolife.web.turnstile import Turnstile


def test_as_many_go_in_as_there_are_places_and_the_next_when_one_leaves() -> None:
    door = Turnstile(at_once=2, patience_seconds=0.01)
    assert [door.enter() for _ in range(3)] == [True, True, False]
    door.leave()
    assert door.enter()


@pytest.fixture
def places(app: Flask) -> Iterator[Any]:
    door = Turnstile(at_once=1, patience_seconds=0.01)
    app.extensions["backtolife.web.turnstile"] = door
    yield door


def test_every_page_gives_its_place_back_also_when_it_fails(app: Flask, places: Turnstile) -> None:
    client = app.test_client()
    for path in ("/cookies", "/no-such-page", "/sessions/x/room", "/sign-in"):
        client.get(path)
    assert places.enter()


def test_a_page_goes_in_without_a_place_after_a_while_and_takes_none_from_others(app: Flask, places: Turnstile) -> None:
    assert places.enter()
    assert app.test_client().get("/cookies").status_code == 200
    assert not places.enter()
    places.leave()
    assert places.enter()


def test_a_page_queues_before_anything_is_read_for_it_and_a_form_once_its_words_are_here(
    app: Flask, places: Turnstile, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = []

    def looks_who_asks() -> None:
        free.append(places.enter())
        if free[-1]:
            places.leave()

    monkeypatch.setattr(edge, "find_actor", looks_who_asks)
    app.test_client().get("/cookies")
    assert free == [False], "whoever looks has their place by now"
    app.test_client().post("/sign-in", data={"email": "sam@example.org"})
    assert free == [False, True], "a body that comes over a slow line holds no place"


def test_a_password_that_is_looked_at_keeps_no_page_waiting(
    app: Flask, places: Turnstile, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = []

    def looks(password_hash: str, password: str) -> bool:
        free.append(places.enter())
        places.leave()
        return bool(password_hash) and password == "the right one"

    monkeypatch.setattr(password_signin, "password_fits", looks)
    app.test_client().post("/staff/sign-in", data={"email": "sam@example.org", "password": "not the password"})
    assert free == [True]
