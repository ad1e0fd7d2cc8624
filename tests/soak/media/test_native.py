"""What the media suite asks of browsers, asked of the native SDK: `livekit` from PyPI, which nobody here wrote."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from livekit import api, rtc
from livekit.protocol import models

from tests.sessions.media.access.test_private_camera import FACILITATOR, PATIENT, PRIVATE, leaked
from tests.sessions.media.conftest import media_engine, room_name  # noqa: F401 - used here too
from tests.sessions.media.rooms.test_coming_back import identities, until_gone
from tests.sessions.media.server.test_roomservice import microphone, service  # noqa: F401 - used here too
from tests.support.media.engine import RunningEngine, free_port, start_engine
from tests.support.media.native import NativePerson, native_person

pytestmark = [pytest.mark.media, pytest.mark.timeout(300)]
Join = Callable[..., Awaitable[NativePerson]]
CAMERA, MICROPHONE = int(rtc.TrackSource.SOURCE_CAMERA), int(rtc.TrackSource.SOURCE_MICROPHONE)


@pytest.fixture
async def join(media_engine: RunningEngine, room_name: str) -> AsyncIterator[Join]:  # noqa: F811
    """Someone who joins the room, with the attributes and grants given."""
    async with AsyncExitStack() as stack:

        async def joined(
            identity: str,
            *,
            attributes: dict[str, str] | None = None,
            engine: RunningEngine = media_engine,
            **grants: Any,
        ) -> NativePerson:
            token = engine.token(identity, room_name, attributes=attributes, **grants)
            return await stack.enter_async_context(native_person(engine.url, token))

        yield joined


@pytest.fixture
async def pair(join: Join) -> tuple[NativePerson, NativePerson]:
    """Two people who see and hear each other."""
    ana, bob = await join("ana"), await join("bob")
    await asyncio.gather(ana.publish(), bob.publish())
    await asyncio.gather(ana.sees("bob"), bob.sees("ana"), ana.hears("bob"))
    return ana, bob


def alone(state: dict[str, Any]) -> bool:
    return not state["people"]


async def test_four_people_see_and_hear_each_other(join: Join, media_engine: RunningEngine) -> None:  # noqa: F811
    names = ("ana", "ben", "cem", "dora")
    people = {name: await join(name) for name in names}
    await asyncio.gather(*(person.publish() for person in people.values()))
    pairs = [(person, other) for name, person in people.items() for other in names if other != name]
    await asyncio.gather(*(person.sees(other, more=60) for person, other in pairs))
    await asyncio.gather(*(person.hears(other) for person, other in pairs))
    assert media_engine.metric("media_down_dropped_packets_total") == 0


async def test_a_resume_keeps_the_session_and_the_media(pair: tuple[NativePerson, NativePerson]) -> None:
    ana, bob = pair
    sid = bob.sid
    bob.tell("scenario", rtc.SimulateScenarioKind.SIMULATE_SIGNAL_RECONNECT)
    await bob.until(lambda state: state["reconnected"] > 0)
    await bob.sees("ana", more=20)
    await ana.sees("bob", more=20)
    assert bob.sid == sid


async def test_a_camera_comes_back_after_a_whole_new_beginning(pair: tuple[NativePerson, NativePerson]) -> None:
    ana, bob = pair
    bob.tell("scenario", rtc.SimulateScenarioKind.SIMULATE_FULL_RECONNECT)
    await bob.until(lambda state: state["reconnected"] > 0)
    await asyncio.gather(ana.sees("bob", more=20), ana.hears("bob"), bob.sees("ana", more=20))


async def test_the_same_identity_elsewhere_sends_the_first_away(join: Join) -> None:
    first, other = await join("ana"), await join("ben")
    second = await join("ana")
    await first.until(lambda state: not state["connected"])
    await second.publish()
    await other.sees("ana")
    assert list(other.state["people"]) == ["ana"]


async def test_someone_who_vanishes_stays_for_the_grace_period_and_then_leaves(
    join: Join,
    media_engine: RunningEngine,  # noqa: F811
    room_name: str,  # noqa: F811
) -> None:
    ana, ben = await join("ana"), await join("ben")
    ana.vanish()
    assert await identities(media_engine, room_name) == ["ana", "ben"]
    await until_gone(media_engine, room_name, "ana")
    await ben.until(alone)


async def test_people_come_back_by_themselves_after_the_engine_was_killed(join: Join) -> None:
    port, udp_port = free_port(), free_port()
    engine: Any = await asyncio.to_thread(start_engine, port=port, udp_port=udp_port)
    try:
        ana, ben = await join("ana", engine=engine), await join("ben", engine=engine)
        await ana.publish()
        await ben.sees("ana")
        engine.process.kill()
        engine.process.wait()
        engine = await asyncio.to_thread(start_engine, port=port, udp_port=udp_port)
        await asyncio.gather(*(one.until(lambda state: state["reconnected"] > 0) for one in (ana, ben)))
        await asyncio.gather(ben.sees("ana"), ben.hears("ana"))
    finally:
        assert await asyncio.to_thread(engine.stop) == 0


async def test_a_private_camera_reaches_the_facilitator_only_whatever_anyone_asks(
    join: Join,
    media_engine: RunningEngine,  # noqa: F811
) -> None:
    shy, curious, lead = [
        await join(name, attributes=attributes)
        for name, attributes in (("shy", PRIVATE), ("curious", PATIENT), ("lead", FACILITATOR))
    ]
    await shy.publish()
    await asyncio.gather(lead.sees("shy"), curious.hears("shy"))
    shy.tell("permit", True)
    curious.tell("subscribe", False)
    curious.tell("subscribe", True)
    curious.tell("scenario", rtc.SimulateScenarioKind.SIMULATE_FULL_RECONNECT)
    await curious.until(lambda state: state["reconnected"] > 0)
    await asyncio.gather(lead.sees("shy", more=40), curious.hears("shy"))
    assert curious.frames["shy"] == 0
    assert curious.state["people"]["shy"]["sources"] == [MICROPHONE]
    assert curious.state["people"]["shy"]["attributes"] == {"role": "patient"}
    assert lead.state["people"]["shy"]["sources"] == [CAMERA, MICROPHONE]
    assert leaked(media_engine) == 0


async def test_the_ceiling_moves_live_and_only_by_the_server(
    join: Join,
    service: api.LiveKitAPI,  # noqa: F811
    media_engine: RunningEngine,  # noqa: F811
    room_name: str,  # noqa: F811
) -> None:
    shy = await join("shy", attributes=PATIENT, can_update_own_metadata=True)
    curious = await join("curious", attributes=PATIENT, can_update_own_metadata=True)
    await shy.publish()
    await curious.sees("shy")

    async def camera_to(whom: str) -> None:
        await service.room.update_participant(
            api.UpdateParticipantRequest(room=room_name, identity="shy", attributes={"camera_to": whom})
        )

    await camera_to("facilitators")
    curious.tell("attributes", {"role": "facilitator"})
    shy.tell("attributes", {"camera_to": "everyone"})
    await asyncio.sleep(2)
    for identity in ("shy", "curious"):
        wanted = api.RoomParticipantIdentity(room=room_name, identity=identity)
        attributes = (await service.room.get_participant(wanted)).attributes
        assert attributes["role"] == "patient"
        assert attributes["camera_to"] == ("facilitators" if identity == "shy" else "everyone")
    await curious.until(lambda state: state["people"]["shy"]["sources"] == [MICROPHONE])
    before = curious.frames["shy"]
    await curious.hears("shy")
    assert curious.frames["shy"] == before
    assert leaked(media_engine) == 0
    await camera_to("everyone")
    await curious.sees("shy")


async def test_rooms_and_people_are_listed(
    service: api.LiveKitAPI,  # noqa: F811
    pair: tuple[NativePerson, NativePerson],
    room_name: str,  # noqa: F811
) -> None:
    people = await service.room.list_participants(api.ListParticipantsRequest(room=room_name))
    assert sorted((one.identity, len(one.tracks), one.state) for one in people.participants) == [
        ("ana", 2, models.ParticipantInfo.State.ACTIVE),
        ("bob", 2, models.ParticipantInfo.State.ACTIVE),
    ]


async def test_a_muted_microphone_is_silent_until_its_owner_speaks_again(
    service: api.LiveKitAPI,  # noqa: F811
    pair: tuple[NativePerson, NativePerson],
    room_name: str,  # noqa: F811
) -> None:
    ana, bob = pair
    track = await microphone(service, room_name, "bob")
    await service.room.mute_published_track(
        api.MuteRoomTrackRequest(room=room_name, identity="bob", track_sid=track.sid, muted=True)
    )
    await ana.until(lambda state: state["people"]["bob"]["muted"] == [MICROPHONE])
    await ana.sees("bob", more=20)
    before = ana.energy["bob"]
    await ana.sees("bob", more=20)
    assert ana.energy["bob"] <= before + 1000
    bob.tell("mute", False)
    await ana.hears("bob")


async def test_a_revoked_microphone_is_cut_off_and_the_camera_goes_on(
    service: api.LiveKitAPI,  # noqa: F811
    pair: tuple[NativePerson, NativePerson],
    room_name: str,  # noqa: F811
) -> None:
    ana, _bob = pair
    permission = models.ParticipantPermission(
        can_subscribe=True, can_publish=True, can_publish_data=True, can_publish_sources=[models.TrackSource.CAMERA]
    )
    await service.room.update_participant(
        api.UpdateParticipantRequest(room=room_name, identity="bob", permission=permission)
    )
    await ana.until(lambda state: state["people"]["bob"]["sources"] == [CAMERA])
    await ana.sees("bob", more=20)


async def test_a_removed_person_is_gone_within_the_call_and_stays_out(
    service: api.LiveKitAPI,  # noqa: F811
    pair: tuple[NativePerson, NativePerson],
    media_engine: RunningEngine,  # noqa: F811
    room_name: str,  # noqa: F811
) -> None:
    ana, bob = pair
    token = media_engine.token("bob", room_name)
    await asyncio.sleep(1.1)  # a token says in whole seconds when it was made
    await service.room.remove_participant(api.RoomParticipantIdentity(room=room_name, identity="bob"))
    await bob.until(lambda state: not state["connected"])
    await ana.until(alone)
    async with native_person(media_engine.url, token) as again:
        assert again.state["refused"]
        assert not again.state["connected"]


async def test_subscriptions_and_messages_are_the_servers_to_give(
    service: api.LiveKitAPI,  # noqa: F811
    pair: tuple[NativePerson, NativePerson],
    room_name: str,  # noqa: F811
) -> None:
    ana, bob = pair
    track = await microphone(service, room_name, "bob")

    async def give(subscribe: bool) -> None:
        await service.room.update_subscriptions(
            api.UpdateSubscriptionsRequest(room=room_name, identity="ana", track_sids=[track.sid], subscribe=subscribe)
        )

    await give(False)
    await asyncio.sleep(1)
    before = ana.energy["bob"]
    await ana.sees("bob", more=20)
    assert ana.energy["bob"] <= before + 1000
    await give(True)
    await ana.hears("bob")
    await service.room.send_data(
        api.SendDataRequest(room=room_name, data=b"for ana", kind=0, destination_identities=["ana"])
    )
    bob.tell("say", "hello")
    await ana.until(lambda state: len(state["messages"]) == 2)
    assert sorted(ana.state["messages"]) == [["", "for ana"], ["bob", "hello"]]
    assert bob.state["messages"] == []


async def test_rooms_are_created_changed_and_deleted(
    service: api.LiveKitAPI,  # noqa: F811
    join: Join,
    room_name: str,  # noqa: F811
) -> None:
    await service.room.create_room(api.CreateRoomRequest(name=room_name, max_participants=1))
    ana, bob = await join("ana"), await join("bob")
    assert bob.state["refused"]
    await service.room.update_room_metadata(api.UpdateRoomMetadataRequest(room=room_name, metadata="section 2"))
    await ana.until(lambda state: state["metadata"] == "section 2")
    await service.room.delete_room(api.DeleteRoomRequest(room=room_name))
    await ana.until(lambda state: not state["connected"])


async def test_a_camera_that_is_switched_off_and_on_comes_back(pair: tuple[NativePerson, NativePerson]) -> None:
    ana, bob = pair
    bob.tell("mute", True)
    await ana.until(lambda state: state["people"]["bob"]["muted"] == [CAMERA, MICROPHONE])
    bob.tell("mute", False)
    await asyncio.gather(ana.sees("bob"), ana.hears("bob"))


async def test_a_picture_nobody_wants_is_not_sent_and_comes_back(pair: tuple[NativePerson, NativePerson]) -> None:
    ana, _bob = pair
    ana.tell("subscribe", False)
    await ana.until(lambda state: state["people"]["bob"]["subscribed"] == [])
    before = ana.frames["bob"]
    await asyncio.sleep(2)
    assert ana.frames["bob"] == before
    ana.tell("subscribe", True)
    await ana.sees("bob")
