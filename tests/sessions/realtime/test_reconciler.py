"""The look around the rooms goes on: a step or a room that fails keeps nobody signed in, and nobody online."""

import threading

import pytest
from flask import Flask
from sqlmodel import select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.models import SignedIn
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import reconciler
from tests.support.sessions.hall import open_hall


@pytest.mark.parametrize("step", ["catch_up", "bring_back", "count_as_activity", "note_silent"])
def test_who_signed_out_is_shown_out_whatever_else_goes_wrong(
    app: Flask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("not a fault that anybody thought of")

    with open_hall(app) as hall:
        engine = app.extensions["backtolife.engine"]
        hall.connect(hall.group.lead)
        with session_scope(engine) as db:
            for place in db.exec(select(SignedIn)):
                place.ended_at = clock.now()
        monkeypatch.setattr(reconciler, step, fail)
        with app.app_context():
            assert len(live(app).connections.everyone()) == 1
            assert reconciler.look_around(live(app), engine, clock.now()) == 1


def test_an_application_that_serves_nobody_starts_no_thread(settings: Settings) -> None:
    before = set(threading.enumerate())
    app = create_app(settings)
    app.extensions["backtolife.engine"].dispose()
    assert set(threading.enumerate()) <= before
