"""The same people, the same page and the same RoomService calls on a LiveKit server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from livekit import api

from tests.interop.livekit_server import running_livekit
from tests.media_browser import Browsers, browsers
from tests.media_engine import RunningEngine
from tests.media_native import native_person


@pytest.fixture(scope="module")
def livekit() -> Iterator[RunningEngine]:
    with running_livekit() as server:
        yield server


@pytest.fixture
async def people(livekit: RunningEngine) -> AsyncIterator[Browsers]:
    async with browsers(livekit) as opened:
        yield opened


@pytest.fixture
def room_name() -> str:
    return f"room-{uuid4().hex[:8]}"


async def test_browsers_and_the_native_client_see_and_hear_each_other(
    people: Browsers, livekit: RunningEngine, room_name: str
) -> None:
    ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
    await asyncio.gather(ana.join(), ben.join())
    await asyncio.gather(ana.publish(), ben.publish())
    async with native_person(livekit.url, livekit.token("native", room_name)) as native:
        await native.publish()
        await asyncio.gather(*(one.sees(name) for one, name in ((ana, "ben"), (ben, "ana"), (ana, "native"))))
        await ana.sees("native", "microphone")
        assert native.frames["ana"] > 0


async def test_roomservice_mutes_and_removes(people: Browsers, livekit: RunningEngine, room_name: str) -> None:
    ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
    await asyncio.gather(ana.join(), ben.join())
    await ben.publish()
    await ana.sees("ben", "microphone")
    service = livekit.service()
    try:
        person = await service.room.get_participant(api.RoomParticipantIdentity(room=room_name, identity="ben"))
        sound = next(track for track in person.tracks if track.mime_type.startswith("audio/"))
        await service.room.mute_published_track(
            api.MuteRoomTrackRequest(room=room_name, identity="ben", track_sid=sound.sid, muted=True)
        )
        await ana.until("room.remoteParticipants.get('ben').getTrackPublication('microphone').isMuted")
        await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="ben"))
        await ben.until("room.state === 'disconnected'")
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]


async def test_a_private_camera_in_a_room_for_staff_reaches_no_patient(
    people: Browsers, livekit: RunningEngine, room_name: str
) -> None:
    """LiveKit knows no ceiling: the private camera goes into a second room that only staff get a token for."""
    shy = await people.person("shy", f"{room_name}-staff")
    curious, lead = await people.person("curious", room_name), await people.person("lead", f"{room_name}-staff")
    await asyncio.gather(shy.join(), curious.join(), lead.join())
    await shy.publish()
    await lead.sees("shy", more=40)
    assert await curious.page.evaluate("videoPackets()") == 0
