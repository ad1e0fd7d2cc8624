"""Several web processes tell each other whose page they have, so that nobody is called gone who sits at another one."""

import time
from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.sessions.broadcast.elsewhere import Elsewhere
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.realtime import reconciler
from tests.support.network.redis_server import running_redis
from tests.support.running import free_port
from tests.support.sessions.hall import Hall, open_hall

NOBODY = f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with running_redis() as url:
        yield url


def seat_left_behind(hall: Hall) -> str:
    """Linda's page is not at this process any more, and has not been for long; the lead's is."""
    hall.connect(hall.group.lead)
    linda = hall.group.patients[0]
    hall.sit(linda, admitted=True)
    hall.connect(linda)
    here = live(hall.app).connections
    mine = next(each for each in here.everyone() if each.person_id == linda.id)
    here.rise(mine.socket_id)
    here.missing_since(mine.seat_id, time.monotonic() - reconciler.SILENT_SECONDS - 1)
    return mine.seat_id


def called_online(hall: Hall, seat: str) -> bool:
    return bool(hall.state["seats"][seat]["online"])


def look(app: Flask) -> None:
    with app.app_context():
        reconciler.look_around(live(app), app.extensions["backtolife.engine"], clock.now())


def test_who_sits_at_another_web_is_not_gone_and_who_sits_at_none_is(app: Flask, redis_url: str) -> None:
    with open_hall(app) as hall:
        live(app).elsewhere = Elsewhere(redis_url)
        seat = seat_left_behind(hall)
        Elsewhere(redis_url).take(seat, "another page")
        look(app)
        assert called_online(hall, seat)
        Elsewhere(redis_url)._redis.flushall()
        look(app)
        assert not called_online(hall, seat)


def test_each_look_tells_the_others_who_is_here(app: Flask, redis_url: str) -> None:
    with open_hall(app) as hall:
        live(app).elsewhere = Elsewhere(redis_url)
        hall.connect(hall.group.lead)
        (mine,) = live(app).connections.everyone()
        look(app)
        assert Elsewhere(redis_url).among([mine.seat_id, "another"]) == {mine.seat_id}


def test_while_redis_is_away_nobody_is_called_gone(app: Flask) -> None:
    with open_hall(app) as hall:
        live(app).elsewhere = Elsewhere(NOBODY)
        seat = seat_left_behind(hall)
        look(app)
        assert called_online(hall, seat)
        live(app).elsewhere = None
        look(app)
        assert not called_online(hall, seat), "a web alone knows it by itself"
