"""Losing and finding the room again: resume, duplicate identity, the grace period, a silent client, a new engine."""

import asyncio
import signal
from typing import Any

import pytest
from livekit import api

from tests.support.media.browser import Browsers
from tests.support.media.engine import RunningEngine, free_port, start_engine
from tests.support.media.native import native_person
from tests.support.media.signals import signal_connection
from tests.support.patience import until

pytestmark = [pytest.mark.media, pytest.mark.browser]


async def identities(engine: RunningEngine, room: str) -> list[str]:
    service = engine.service()
    try:
        people = await service.room.list_participants(api.ListParticipantsRequest(room=room))
        return sorted(person.identity for person in people.participants)
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]


async def until_gone(engine: RunningEngine, room: str, identity: str) -> None:
    async def gone() -> bool:
        return identity not in await identities(engine, room)

    await until(gone, what=f"{identity}'s leaving")


async def test_a_resume_keeps_the_session_and_the_media(people: Browsers, room_name: str) -> None:
    ana, ben = await people.person("ana", room_name), await people.person("ben", room_name)
    await asyncio.gather(ana.join(), ben.join())
    await ana.publish()
    await ben.sees("ana")
    sid = await ben.page.evaluate("room.localParticipant.sid")
    await ben.page.evaluate("room.simulateScenario('signal-reconnect')")
    await ben.until("events.some((item) => item.name === 'reconnected')")
    await ben.sees("ana", more=20)
    assert await ben.page.evaluate("room.localParticipant.sid") == sid
    assert await ana.events("participantDisconnected") == []


async def test_camera_that_comes_back_after_a_drop(people: Browsers, room_name: str) -> None:
    ana, ben = await people.person("ana", room_name), await people.person("ben", room_name)
    await asyncio.gather(ana.join(), ben.join())
    await ana.publish()
    await ben.sees("ana")
    await ana.page.evaluate("room.simulateScenario('full-reconnect')")
    await ana.until("events.some((item) => item.name === 'reconnected')")
    await ben.sees("ana", more=20)
    await ben.sees("ana", "microphone")


async def test_the_same_identity_elsewhere_sends_the_first_away(people: Browsers, room_name: str) -> None:
    first, second, other = [await people.person(name, room_name) for name in ("ana", "ana", "ben")]
    await asyncio.gather(first.join(), other.join())
    await second.join()
    await first.until("room.state === 'disconnected'")
    await second.publish()
    await other.sees("ana")
    assert await other.page.evaluate("room.remoteParticipants.size") == 1


async def test_someone_whose_connection_breaks_stays_for_the_grace_period_and_then_leaves(
    people: Browsers, media_engine: RunningEngine, room_name: str
) -> None:
    ana, ben = await people.person("ana", room_name), await people.person("ben", room_name)
    await asyncio.gather(ana.join(options={"disconnectOnPageLeave": False}), ben.join())
    await ana.page.goto("about:blank")  # told not to say goodbye
    assert await identities(media_engine, room_name) == ["ana", "ben"]
    await until_gone(media_engine, room_name, "ana")
    await ben.until("room.remoteParticipants.size === 0")


async def test_a_client_that_falls_silent_is_let_go(media_engine: RunningEngine, room_name: str) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        assert (await signals.until("join")).participant.identity == "ana"
        assert await identities(media_engine, room_name) == ["ana"]
        await until_gone(media_engine, room_name, "ana")


async def test_an_engine_that_was_starved_throws_no_living_person_out(room_name: str) -> None:
    """Stopped for longer than a client may be silent, it finds the pings that came meanwhile before it judges."""
    engine = await asyncio.to_thread(start_engine, grace=0)
    try:
        async with signal_connection(engine, engine.token("ana", room_name)) as signals:
            await signals.until("join")
            engine.process.send_signal(signal.SIGSTOP)
            for _ in range(5):
                await signals.send(ping=1)
                await asyncio.sleep(1.5)
            engine.process.send_signal(signal.SIGCONT)
            for _ in range(5):
                await signals.until("pong")
            await asyncio.sleep(1.5)
            await signals.send(ping=1)
            assert await signals.until("pong") > 0
            assert await identities(engine, room_name) == ["ana"]
    finally:
        assert await asyncio.to_thread(engine.stop) == 0


async def test_people_come_back_by_themselves_after_the_engine_was_killed(people: Browsers, room_name: str) -> None:
    port, udp_port = free_port(), free_port()
    engine: Any = await asyncio.to_thread(start_engine, port=port, udp_port=udp_port)
    ana, ben = await people.person("ana", room_name), await people.person("ben", room_name)
    ana.engine = ben.engine = engine
    try:
        await asyncio.gather(ana.join(), ben.join())
        await ana.publish()
        await ben.sees("ana")
        engine.process.kill()
        engine.process.wait()
        engine = await asyncio.to_thread(start_engine, port=port, udp_port=udp_port)
        back = "room.state === 'connected' && events.some((item) => item.name === 'reconnected')"
        await asyncio.gather(ana.until(back, seconds=40), ben.until(back, seconds=40))
        await ben.sees("ana")
        await ben.sees("ana", "microphone")
    finally:
        assert await asyncio.to_thread(engine.stop) == 0


async def test_a_stopped_engine_sends_nobody_into_the_dark(room_name: str) -> None:
    engine = await asyncio.to_thread(start_engine)
    async with native_person(engine.url, engine.token("ana", room_name)) as ana:
        assert await asyncio.to_thread(engine.stop) == 0
        await ana.reconnecting()
