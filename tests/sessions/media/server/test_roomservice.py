"""RoomService as livekit-api calls it, with a real browser at the other end."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from livekit import api
from livekit.protocol import models

from tests.support.media.browser import Browsers, Person
from tests.support.media.engine import RunningEngine

pytestmark = [pytest.mark.media, pytest.mark.browser]


@pytest.fixture
async def service(media_engine: RunningEngine) -> AsyncIterator[api.LiveKitAPI]:
    opened = media_engine.service()
    yield opened
    await opened.aclose()  # type: ignore[no-untyped-call]


@pytest.fixture
async def pair(people: Browsers, room_name: str) -> tuple[Person, Person]:
    """Two people who see and hear each other."""
    ana, bob = await people.person("ana", room_name), await people.person("bob", room_name)
    await asyncio.gather(ana.join(), bob.join())
    await asyncio.gather(ana.publish(), bob.publish())
    await asyncio.gather(ana.sees("bob"), bob.sees("ana"), ana.sees("bob", "microphone"))
    return ana, bob


async def microphone(service: api.LiveKitAPI, room: str, identity: str) -> models.TrackInfo:
    person = await service.room.get_participant(api.RoomParticipantIdentity(room=room, identity=identity))
    return next(track for track in person.tracks if track.source == models.TrackSource.MICROPHONE)


async def packets_of(person: Person, identity: str, source: str) -> float:
    return (await person.received())[identity][source]["packets"]


async def test_rooms_and_people_are_listed(
    service: api.LiveKitAPI, pair: tuple[Person, Person], room_name: str
) -> None:
    rooms = await service.room.list_rooms(api.ListRoomsRequest(names=[room_name]))
    people = await service.room.list_participants(api.ListParticipantsRequest(room=room_name))
    assert [(room.name, room.num_participants) for room in rooms.rooms] == [(room_name, 2)]
    assert sorted((one.identity, len(one.tracks), one.state) for one in people.participants) == [
        ("ana", 2, models.ParticipantInfo.State.ACTIVE),
        ("bob", 2, models.ParticipantInfo.State.ACTIVE),
    ]


async def test_a_muted_microphone_is_silent_until_its_owner_speaks_again(
    service: api.LiveKitAPI, pair: tuple[Person, Person], room_name: str
) -> None:
    ana, bob = pair
    track = await microphone(service, room_name, "bob")
    await service.room.mute_published_track(
        api.MuteRoomTrackRequest(room=room_name, identity="bob", track_sid=track.sid, muted=True)
    )
    await ana.until("room.remoteParticipants.get('bob').getTrackPublication('microphone').isMuted")
    before = await packets_of(ana, "bob", "microphone")
    await ana.sees("bob", more=20)
    assert await packets_of(ana, "bob", "microphone") <= before + 2
    await bob.page.evaluate("room.localParticipant.setMicrophoneEnabled(true)")
    await ana.sees("bob", "microphone")


async def test_a_revoked_microphone_is_cut_off_and_can_be_given_back(
    service: api.LiveKitAPI, pair: tuple[Person, Person], room_name: str
) -> None:
    ana, bob = pair

    def allow(*sources: models.TrackSource) -> api.UpdateParticipantRequest:
        permission = models.ParticipantPermission(
            can_subscribe=True, can_publish=True, can_publish_data=True, can_publish_sources=sources
        )
        return api.UpdateParticipantRequest(room=room_name, identity="bob", permission=permission)

    await service.room.update_participant(allow(models.TrackSource.CAMERA))
    await ana.until("!room.remoteParticipants.get('bob').getTrackPublication('microphone')")
    await bob.until("!room.localParticipant.getTrackPublication('microphone')")
    refused = await bob.page.evaluate(
        "room.localParticipant.setMicrophoneEnabled(true).then(() => '', (error) => error.message)"
    )
    assert "permission" in refused.lower()
    await ana.sees("bob", more=20)

    await service.room.update_participant(allow(models.TrackSource.CAMERA, models.TrackSource.MICROPHONE))
    await bob.until("room.localParticipant.permissions.canPublishSources.length === 2")
    await bob.page.evaluate("room.localParticipant.setMicrophoneEnabled(true)")
    await ana.sees("bob", "microphone")
    await ana.sees("bob", more=20)


async def test_a_removed_person_is_gone_within_the_call_and_stays_out(
    service: api.LiveKitAPI, pair: tuple[Person, Person], room_name: str, media_engine: RunningEngine
) -> None:
    ana, bob = pair
    token = media_engine.token("bob", room_name)
    await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="bob"))
    with pytest.raises(api.TwirpError, match="not in the room"):
        await service.room.get_participant(api.RoomParticipantIdentity(room=room_name, identity="bob"))
    await bob.until("room.state === 'disconnected'")
    await ana.until("room.remoteParticipants.size === 0")
    answer = await bob.page.evaluate(
        "([url, token]) => room.connect(url, token).then(() => '', (error) => error.message)",
        [media_engine.url, token],
    )
    assert "removed from this session" in answer
    await asyncio.sleep(1.1)
    await bob.join()
    assert await bob.page.evaluate("room.state") == "connected"


async def test_subscriptions_and_messages_are_the_servers_to_give(
    service: api.LiveKitAPI, pair: tuple[Person, Person], room_name: str
) -> None:
    ana, bob = pair
    track = await microphone(service, room_name, "bob")
    for subscribe in (False, True):
        await service.room.update_subscriptions(
            api.UpdateSubscriptionsRequest(room=room_name, identity="ana", track_sids=[track.sid], subscribe=subscribe)
        )
        has = "!!room.remoteParticipants.get('bob').getTrackPublication('microphone').track"
        await ana.until(has if subscribe else f"!{has}")
    await service.room.send_data(
        api.SendDataRequest(room=room_name, data=b"for ana", kind=0, destination_identities=["ana"])
    )
    await bob.page.evaluate("room.localParticipant.publishData(new TextEncoder().encode('hello'), { reliable: true })")
    await ana.until("events.filter((item) => item.name === 'message').length === 2")
    assert [(item["who"], item["text"]) for item in await ana.events("message")] == [("", "for ana"), ("bob", "hello")]
    assert await bob.events("message") == []


async def test_rooms_are_created_changed_and_deleted(
    service: api.LiveKitAPI, people: Browsers, room_name: str, media_engine: RunningEngine
) -> None:
    made = await service.room.create_room(api.CreateRoomRequest(name=room_name, max_participants=1))
    again = await service.room.create_room(api.CreateRoomRequest(name=room_name))
    assert (again.sid, again.max_participants) == (made.sid, 1)
    ana, bob = await people.person("ana", room_name), await people.person("bob", room_name)
    await ana.join()
    refused = await bob.page.evaluate(
        "([url, token]) => join(url, token).then(() => '', (error) => error.message)",
        [media_engine.url, media_engine.token("bob", room_name)],
    )
    assert "full" in refused
    await service.room.update_room_metadata(api.UpdateRoomMetadataRequest(room=room_name, metadata="section 2"))
    await ana.until("room.metadata === 'section 2'")
    await service.room.delete_room(api.DeleteRoomRequest(room=room_name))
    await ana.until("room.state === 'disconnected'")
    rooms = await service.room.list_rooms(api.ListRoomsRequest(names=[room_name]))
    assert list(rooms.rooms) == []


async def test_a_call_without_the_grant_is_refused(media_engine: RunningEngine) -> None:
    stranger = api.LiveKitAPI(media_engine.api_url, media_engine.key, "x" * 40)
    try:
        with pytest.raises(api.TwirpError) as refusal:
            await stranger.room.list_rooms(api.ListRoomsRequest())
        assert refusal.value.code == "unauthenticated"
    finally:
        await stranger.aclose()  # type: ignore[no-untyped-call]
