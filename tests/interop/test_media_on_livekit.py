"""The same people, the same page and the same RoomService calls on a LiveKit server."""

import asyncio

import pytest
from livekit import api

from tests.interop.livekit_server import LiveKit
from tests.sessions.media.rooms.test_four_people import BROWSERS, NATIVE, everyone_flows, ten_seconds
from tests.support.media.browser import Browsers, Person
from tests.support.media.native import native_person
from tests.support.patience import until

pytestmark = [pytest.mark.media, pytest.mark.browser]
LEAST_FRAMES = 50


async def test_twelve_ordered_pairs_see_and_hear_each_other(people: Browsers, livekit: LiveKit, room_name: str) -> None:
    pages = [await people.person(name, room_name) for name in BROWSERS]
    await asyncio.gather(*(page.join() for page in pages))
    await asyncio.gather(*(page.publish() for page in pages))
    async with native_person(livekit.url, livekit.token(NATIVE, room_name)) as native:
        await native.publish()
        await everyone_flows(pages)
        gained = await ten_seconds(pages, native)
    assert len(gained) == 12
    poor = {pair: gain for pair, gain in gained.items() if gain["frames"] < LEAST_FRAMES or gain["energy"] <= 0}
    assert not poor, gained


async def both_publish(people: Browsers, room_name: str) -> tuple[Person, Person]:
    ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
    await asyncio.gather(ana.join(), ben.join())
    await asyncio.gather(ana.publish(), ben.publish())
    await asyncio.gather(ana.sees("ben", "microphone"), ben.sees("ana", "microphone"), ana.sees("ben"))
    return ana, ben


async def test_a_muted_microphone_is_silent_and_a_removed_person_is_gone(
    people: Browsers, livekit: LiveKit, room_name: str
) -> None:
    ana, ben = await both_publish(people, room_name)
    service = livekit.service()
    try:
        person = await service.room.get_participant(api.RoomParticipantIdentity(room=room_name, identity="ben"))
        sound = next(track for track in person.tracks if track.source == api.TrackSource.MICROPHONE)
        await service.room.mute_published_track(
            api.MuteRoomTrackRequest(room=room_name, identity="ben", track_sid=sound.sid, muted=True)
        )
        await ana.until("room.remoteParticipants.get('ben').getTrackPublication('microphone').isMuted")
        await ana.sees("ben", more=20)  # what was on its way arrives
        before = (await ana.received())["ben"]["microphone"]["energy"]
        await ana.sees("ben", more=60)
        assert (await ana.received())["ben"]["microphone"]["energy"] - before < 0.01
        await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="ben"))
        await ben.until("room.state === 'disconnected'")
        await ana.until("room.remoteParticipants.size === 0")
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]


async def test_a_camera_that_may_not_be_sent_any_more_ends_at_once(
    people: Browsers, livekit: LiveKit, room_name: str
) -> None:
    """What a private camera rests on: withdrawing the right to send takes the track out of the room."""
    ana, ben = await both_publish(people, room_name)
    permission = api.ParticipantPermission(
        can_subscribe=True, can_publish=True, can_publish_sources=[api.TrackSource.MICROPHONE]
    )
    service = livekit.service()
    try:
        await service.room.update_participant(
            api.UpdateParticipantRequest(room=room_name, identity="ben", permission=permission)
        )
        await ana.until("!room.remoteParticipants.get('ben').getTrackPublication('camera')")
        refused = await ben.page.evaluate(
            "room.localParticipant.setCameraEnabled(true).then(() => '', (error) => error.message)"
        )
        assert "permission" in refused.lower()

        async def gone() -> bool:
            return (await livekit.sent(room_name))["ben"] == [api.TrackSource.MICROPHONE]

        await until(gone, what="the camera's end")
        await ana.sees("ben", "microphone")
    finally:
        await service.aclose()  # type: ignore[no-untyped-call]
