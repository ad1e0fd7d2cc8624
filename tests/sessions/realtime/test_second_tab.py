"""Two tabs of one person at two web processes: one gives way, and both close once the person may not be there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import app as application
from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.models import Person, SignedIn
from backtolife.sessions.broadcast.connections import Connection
from backtolife.sessions.broadcast.elsewhere import Elsewhere
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import reconciler
from tests.sessions.realtime.test_elsewhere import look, redis_url
from tests.support.sessions.hall import Hall, ask, open_hall

__all__ = ["redis_url"]


@pytest.fixture
def webs(app: Flask, settings: Settings, redis_url: str) -> Iterator[tuple[Hall, Hall]]:
    """One session, at two web processes that share a database and Redis."""
    other = application.create_app(settings, {"WTF_CSRF_ENABLED": False})
    other.testing = True
    for each in (app, other):
        live(each).elsewhere = Elsewhere(redis_url)
    with open_hall(app) as hall:
        yield hall, Hall(other, hall.group)
    other.extensions["backtolife.engine"].dispose()


@pytest.fixture
def said(webs: tuple[Hall, Hall], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the first web says to single pages: the event and the page."""
    sockets, told = live(webs[0].app).sockets, []
    whole = sockets.emit

    def emit(event: str, *given: Any, to: str = "", **more: Any) -> None:
        told.append((event, to))
        whole(event, *given, to=to, **more)

    monkeypatch.setattr(sockets, "emit", emit)
    return told


def socket_at(hall: Hall) -> str:
    (only,) = live(hall.app).connections.everyone()
    return only.socket_id


def sign_out(hall: Hall, person: Person) -> None:
    with session_scope(hall.app.extensions["backtolife.engine"]) as db:
        for each in db.exec(select(SignedIn).where(SignedIn.person_id == person.id)):
            each.ended_at = clock.now()


def test_a_second_tab_at_another_web_takes_the_seat_and_the_first_says_so(
    webs: tuple[Hall, Hall], said: list[tuple[str, str]]
) -> None:
    one, other = webs
    linda = one.group.patients[0]
    one.sit(linda, admitted=True)
    first = one.connect(linda, tab="first")
    of_first = socket_at(one)
    second = other.connect(linda, tab="second")
    look(other.app)
    look(one.app)
    assert not first.is_connected()
    assert ("elsewhere", of_first) in said
    assert second.is_connected()
    look(one.app)
    look(other.app)
    assert second.is_connected()
    assert one.state["seats"][next(iter(live(other.app).connections.everyone())).seat_id]["online"]


def test_the_same_tab_that_comes_back_at_another_web_says_nothing(
    webs: tuple[Hall, Hall], said: list[tuple[str, str]]
) -> None:
    one, other = webs
    linda = one.group.patients[0]
    one.sit(linda, admitted=True)
    first, second = one.connect(linda), other.connect(linda)
    look(one.app)
    assert (first.is_connected(), second.is_connected()) == (False, True)
    assert "elsewhere" not in {event for event, _ in said}


def test_a_page_that_is_refused_takes_the_seat_from_nobody(
    webs: tuple[Hall, Hall], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third page sat down in the seat while the second one came: the second is told so, and the third stays."""
    one, _ = webs
    linda = one.group.patients[0]
    one.sit(linda, admitted=True)
    one.connect(linda, tab="first")
    here = live(one.app)
    (first,) = here.connections.everyone()
    third, sit, elsewhere = replace(first, socket_id="third", tab="third"), here.connections.sit, here.elsewhere
    assert elsewhere is not None

    def sit_too_late(connection: Connection) -> Connection | None:
        earlier = sit(connection)
        sit(third)
        elsewhere.take(third.seat_id, third.page)
        return earlier

    monkeypatch.setattr(here.connections, "sit", sit_too_late)
    refused = one.connect(linda, tab="second")
    assert not refused.is_connected()
    assert elsewhere.tell({third.seat_id: third.page}) == {}, "no other page has taken it since"


def test_both_close_within_one_look_of_each_web_once_the_sign_in_ends(webs: tuple[Hall, Hall]) -> None:
    one, other = webs
    linda = one.group.patients[0]
    one.sit(linda, admitted=True)
    pages = [one.connect(linda, tab="first"), other.connect(linda, tab="second")]
    sign_out(one, linda)
    for each in webs:
        look(each.app)
    assert [page.is_connected() for page in pages] == [False, False]
    assert reconciler.EVERY_SECONDS < 5


def test_who_is_removed_at_one_web_loses_the_page_at_another(webs: tuple[Hall, Hall]) -> None:
    one, other = webs
    linda = one.group.patients[0]
    seat = one.sit(linda, admitted=True)
    lead, page = one.connect(one.group.lead), other.connect(linda)
    assert ask(lead, "remove", {"seat": seat.id})["ok"]
    assert page.is_connected()
    look(other.app)
    assert not page.is_connected()
