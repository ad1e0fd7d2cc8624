"""Removed means removed: no token made until then lets anybody in again, whatever they and the room did meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from livekit import api
from livekit.protocol import models, rtc

from tests.support.media.engine import RunningEngine
from tests.support.media.signals import join_request, signal_connection
from tests.support.patience import until

pytestmark = pytest.mark.media
FLOOD = 25
"""Signals every 50 ms."""


@pytest.fixture
async def service(media_engine: RunningEngine) -> AsyncIterator[api.LiveKitAPI]:
    opened = media_engine.service()
    yield opened
    await opened.aclose()  # type: ignore[no-untyped-call]


async def comes_in(engine: RunningEngine, token: str, join: str | None = None) -> bool:
    """Whether this token lets somebody in."""
    try:
        async with signal_connection(engine, token, join) as signals:
            await signals.until("join")
            await signals.send(leave=rtc.LeaveRequest())
            return True
    except aiohttp.WSServerHandshakeError as refusal:
        if refusal.status == 401:
            return False
        raise


async def made_later(engine: RunningEngine, room: str) -> str:
    """A token of a later second than this one."""
    second = int(time.time())

    async def over() -> bool:
        return int(time.time()) > second

    await until(over, what="the next second")
    return engine.token("ana", room)


async def test_a_token_of_the_same_second_is_worthless_after_a_removal(
    media_engine: RunningEngine, service: api.LiveKitAPI, room_name: str
) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        await signals.until("join")
        kept = media_engine.token("ana", room_name)
        await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="ana"))
        assert (await signals.until("leave")).reason == models.DisconnectReason.PARTICIPANT_REMOVED
    assert not await comes_in(media_engine, kept)
    assert not await comes_in(media_engine, kept, join_request(reconnect=True))
    assert await comes_in(media_engine, await made_later(media_engine, room_name))


async def test_who_left_just_before_the_removal_stays_out(
    media_engine: RunningEngine, service: api.LiveKitAPI, room_name: str
) -> None:
    kept = media_engine.token("ana", room_name)
    assert await comes_in(media_engine, kept)
    with pytest.raises(api.TwirpError) as answer:
        await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="ana"))
    assert answer.value.code == "not_found"
    assert not await comes_in(media_engine, kept)
    assert await comes_in(media_engine, media_engine.token("ben", room_name))


async def test_who_was_removed_stays_out_of_the_room_that_was_empty_and_finished_since(
    media_engine: RunningEngine, service: api.LiveKitAPI, room_name: str
) -> None:
    await service.room.create_room(api.CreateRoomRequest(name=room_name, departure_timeout=1))
    kept = media_engine.token("ana", room_name)
    async with signal_connection(media_engine, kept) as signals:
        await signals.until("join")
        await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="ana"))
        await signals.until("leave")

    async def finished() -> bool:
        return not (await service.room.list_rooms(api.ListRoomsRequest(names=[room_name]))).rooms

    await until(finished, what="the end of the empty room")
    assert not await comes_in(media_engine, kept)
    assert await comes_in(media_engine, await made_later(media_engine, room_name))


async def test_who_signals_without_end_is_put_out_and_stays_out(media_engine: RunningEngine, room_name: str) -> None:
    kept = media_engine.token("mallory", room_name)
    async with signal_connection(media_engine, kept) as signals:

        async def flood() -> None:
            while True:
                for _ in range(FLOOD):
                    await signals.send(ping=1)
                await asyncio.sleep(0.05)

        flooding = asyncio.ensure_future(flood())
        try:
            assert (await signals.until("leave")).reason == models.DisconnectReason.PARTICIPANT_REMOVED
        finally:
            flooding.cancel()
    assert not await comes_in(media_engine, kept)
    assert media_engine.metric("media_put_out_total", kind="signals") == 1


async def test_who_comes_in_again_and_again_is_asked_to_wait(media_engine: RunningEngine, room_name: str) -> None:
    token, came = media_engine.token("ana", room_name), 0
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        for _ in range(60):
            came += await comes_in(media_engine, token)
    assert refusal.value.status == 409
    assert came >= 20
