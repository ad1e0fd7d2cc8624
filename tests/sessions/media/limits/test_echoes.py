"""Rooms in which somebody tries camera and sound: few at once, each for a short while, none beside too much to do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from livekit import api

from backtolife import clock
from backtolife.config import from_environment
from backtolife.sessions.media.limits import echoes
from backtolife.sessions.room.media_client import MediaEngine
from tests.support.media.engine import RunningEngine
from tests.support.media.signals import signal_connection

FIVE_GROUPS = [f"group-{number}" for number in range(5)]


def test_so_many_may_run_at_once_and_groups_do_not_count() -> None:
    running = [f"{echoes.PREFIX}{number}" for number in range(echoes.MOST)]
    assert echoes.another([*running[1:], *FIVE_GROUPS])
    assert not echoes.another(running)


@pytest.mark.parametrize(
    ("age", "level", "over"), [(echoes.LIFE, 0, False), (echoes.LIFE + 1, 0, True), (1.0, 1, True), (1.0, 0, False)]
)
def test_each_ends_by_itself_and_where_the_engine_has_too_much_to_do(age: float, level: int, *, over: bool) -> None:
    assert echoes.is_over("echo-1", age=age, level=level) is over
    assert not echoes.is_over("group-1", age=age, level=level)


@pytest.fixture
async def service(media_engine: RunningEngine) -> AsyncIterator[api.LiveKitAPI]:
    opened = media_engine.service()
    yield opened
    await opened.aclose()  # type: ignore[no-untyped-call]


@pytest.fixture
def site(media_engine: RunningEngine) -> MediaEngine:
    """What the site asks this engine with."""
    settings = replace(
        from_environment({"BACKTOLIFE_ENV": "test"}),
        media_api_url=media_engine.api_url,
        media_api_key=media_engine.key,
        media_api_secret=media_engine.secret,
    )
    return MediaEngine(settings)


@pytest.mark.media
async def test_beside_the_last_one_nobody_begins_until_one_has_ended_and_groups_go_on(
    media_engine: RunningEngine, service: api.LiveKitAPI, site: MediaEngine
) -> None:
    for number in range(echoes.MOST):
        await service.room.create_room(api.CreateRoomRequest(name=f"{echoes.PREFIX}{number}"))
    assert not await asyncio.to_thread(site.has_room_for_echo, clock.now())
    tokens = site.echo_tokens()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with signal_connection(media_engine, tokens["listen"]):
            pass
    async with signal_connection(media_engine, media_engine.token("ana", "group-1")) as signals:
        assert (await signals.until("join")).participant.identity == "ana"
    async with signal_connection(media_engine, media_engine.token("ana", f"{echoes.PREFIX}0")) as signals:
        assert (await signals.until("join")).room.name == f"{echoes.PREFIX}0", "a second page of one that runs"
    later = clock.now() + timedelta(seconds=echoes.LIFE + 5)
    assert await asyncio.to_thread(site.has_room_for_echo, later)
    left = {each.name for each in (await service.room.list_rooms(api.ListRoomsRequest())).rooms}
    assert not any(echoes.is_echo(name) for name in left)
    async with signal_connection(media_engine, tokens["listen"]) as signals:
        assert echoes.is_echo((await signals.until("join")).room.name)
