"""Webhooks, received by livekit-api's own receiver: signed, in order, and each counted once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from livekit import api

from tests.support.media.engine import KEY, SECRET, RunningEngine, free_port, start_engine
from tests.support.media.native import native_person
from tests.support.patience import until

pytestmark = pytest.mark.media


class Sink:
    """A receiver that fails as often as it is told to before it takes anything."""

    def __init__(self) -> None:
        self.failures = 0
        self.tries: list[str] = []
        self.taken: list[Any] = []
        self._receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))

    async def receive(self, request: web.Request) -> web.Response:
        event = self._receiver.receive(await request.text(), request.headers["Authorization"])
        self.tries.append(event.id)
        if self.tries.count(event.id) <= self.failures:
            return web.Response(status=500)
        self.taken.append(event)
        return web.Response()

    async def until(self, event: str) -> None:
        async def told() -> bool:
            return any(taken.event == event for taken in self.taken)

        await until(told, what=event)


@pytest.fixture
async def sink() -> AsyncIterator[tuple[Sink, RunningEngine]]:
    taken, port = Sink(), free_port()
    app = web.Application()
    app.router.add_post("/media-events", taken.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    engine = await asyncio.to_thread(start_engine, webhooks=f"http://127.0.0.1:{port}/media-events")
    try:
        yield taken, engine
    finally:
        await asyncio.to_thread(engine.stop)
        await runner.cleanup()


async def visit(engine: RunningEngine, room: str) -> None:
    async with native_person(engine.url, engine.token("ana", room)) as ana:
        await ana.publish()
        async with native_person(engine.url, engine.token("ben", room)) as ben:

            async def sees() -> bool:
                return ben.frames["ana"] > 0

            await until(sees, what="the first picture")


async def test_each_event_is_taken_once_and_in_order_from_a_sink_that_fails_twice(
    sink: tuple[Sink, RunningEngine], room_name: str
) -> None:
    taken, engine = sink
    taken.failures = 2
    await visit(engine, room_name)
    service = engine.service()
    await taken.until("participant_left")
    await service.room.delete_room(api.DeleteRoomRequest(room=room_name))
    await service.aclose()  # type: ignore[no-untyped-call]
    await taken.until("room_finished")
    names = [(event.event, event.participant.identity) for event in taken.taken]
    assert names[0] == ("room_started", "")
    assert names[-1] == ("room_finished", "")
    for identity in ("ana", "ben"):
        assert names.count(("participant_joined", identity)) == 1
        assert names.count(("participant_left", identity)) == 1
        assert names.index(("participant_joined", identity)) < names.index(("participant_left", identity))
    assert names.count(("track_published", "ana")) == 2
    assert names.count(("track_unpublished", "ana")) == 2
    ids = [event.id for event in taken.taken]
    assert len(set(ids)) == len(ids)
    assert all(taken.tries.count(one) == 3 for one in ids)
    assert {event.room.name for event in taken.taken} == {room_name}


async def test_a_stopping_engine_delivers_what_it_owes(sink: tuple[Sink, RunningEngine], room_name: str) -> None:
    taken, engine = sink
    async with native_person(engine.url, engine.token("ana", room_name)):
        await taken.until("participant_joined")
        assert await asyncio.to_thread(engine.stop) == 0
    assert [event.event for event in taken.taken] == [
        "room_started",
        "participant_joined",
        "participant_left",
        "room_finished",
    ]
