"""Private cameras on a LiveKit server, with the tokens that the product makes: nothing of them reaches a patient."""

import asyncio

import pytest
from livekit import api

from backtolife.config import from_environment
from backtolife.sessions.room import private_cameras
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.state.rules import Camera, SeatRole, publishing
from tests.interop.livekit_server import LiveKit
from tests.sessions.media.access.test_private_camera import ASK, OWN_TRACKS
from tests.support.media.browser import Browsers, Person
from tests.support.patience import until

pytestmark = [pytest.mark.media, pytest.mark.browser]
PRIVATE = publishing(SeatRole.PATIENT, Camera.FACILITATORS, "open")
SHOWN = publishing(SeatRole.PATIENT, Camera.EVERYONE, "open")
STAFF = publishing(SeatRole.FACILITATOR, Camera.EVERYONE, "open")
VIDEO_PACKETS = """async () => {
  let packets = 0;
  for (const side of [room.engine.pcManager.publisher, room.engine.pcManager.subscriber])
    (await side?._pc.getStats())?.forEach((item) => {
      if (item.type === "inbound-rtp" && item.kind === "video") packets += item.packetsReceived;
    });
  return packets;
}"""
JOIN = "([url, token]) => join(url, token).then(() => '', (error) => error.message)"
CAMERA_ON = "room.localParticipant.setCameraEnabled(true).then(() => '', (error) => error.message)"


@pytest.fixture
def engine(livekit: LiveKit) -> MediaEngine:
    """The product's own side of the media engine."""
    there = {"MEDIA_ENGINE": "livekit", "LIVEKIT_URL": livekit.url, "LIVEKIT_API_URL": livekit.api_url}
    keys = {"LIVEKIT_API_KEY": livekit.key, "LIVEKIT_API_SECRET": livekit.secret}
    return MediaEngine(from_environment({**there, **keys}))


async def enter(person: Person, token: str | dict[str, str]) -> None:
    assert await person.page.evaluate(JOIN, [person.engine.url, token]) == ""


async def test_private_patients_receive_nothing_of_each_other_whatever_they_ask(
    people: Browsers, livekit: LiveKit, engine: MediaEngine, room_name: str
) -> None:
    shy, curious, lead = [await people.person(name, room_name) for name in ("shy", "curious", "lead")]
    seats = ((shy, PRIVATE), (curious, PRIVATE), (lead, STAFF))
    for person, may in seats:
        tokens = engine.tokens(room=room_name, seat=person.identity, name=person.identity, may=may)
        await enter(person, tokens["staff_cameras"])
    assert await lead.page.evaluate(CAMERA_ON) != ""
    for person in (shy, curious):
        assert await person.page.evaluate(CAMERA_ON) == ""
    names = engine.names_beside(room_name, ["shy", "curious", "lead"])
    await asyncio.gather(lead.sees(names["shy"]), lead.sees(names["curious"]))
    known = [sid for person in (shy, curious) for sid in await person.page.evaluate(OWN_TRACKS)]
    for person in (shy, curious):
        await person.page.evaluate(ASK, known)
    await lead.sees(names["shy"], more=40)
    assert [await person.page.evaluate(VIDEO_PACKETS) for person in (shy, curious)] == [0, 0]
    assert await lead.page.evaluate(VIDEO_PACKETS) > 100
    camera = [api.TrackSource.CAMERA]
    beside = private_cameras.beside(room_name)
    assert await livekit.sent(beside) == {
        names["shy"]: camera,
        names["curious"]: camera,
        names["lead"]: [],
    }

    async def two_subscriptions() -> bool:
        return livekit.metric("livekit_track_subscribed_total", kind="VIDEO") == 2

    await until(two_subscriptions, what="the facilitator being the only one who receives pictures")


async def test_a_patient_in_the_group_never_meets_the_private_camera(
    people: Browsers, livekit: LiveKit, engine: MediaEngine, room_name: str
) -> None:
    shy, curious, lead = [await people.person(name, room_name) for name in ("shy", "curious", "lead")]
    group = engine.tokens(room=room_name, seat="curious", name="Curious", may=SHOWN)
    assert set(group) == {"token"}
    await enter(curious, group["token"])
    for person, may in ((shy, PRIVATE), (lead, STAFF)):
        tokens = engine.tokens(room=room_name, seat=person.identity, name=person.identity, may=may)
        await enter(person, tokens["staff_cameras"])
    assert await shy.page.evaluate(CAMERA_ON) == ""
    name = engine.names_beside(room_name, ["shy"])["shy"]
    await lead.sees(name)
    known = await shy.page.evaluate(OWN_TRACKS)
    await curious.page.evaluate(ASK, known)
    await curious.page.evaluate("room.disconnect()")
    await enter(curious, group["token"])
    await curious.page.evaluate(ASK, known)
    await lead.sees(name, more=40)
    assert await curious.page.evaluate(VIDEO_PACKETS) == 0
    assert await livekit.sent(room_name) == {"curious": []}


async def test_who_is_private_may_not_send_a_camera_to_the_group(
    people: Browsers, engine: MediaEngine, livekit: LiveKit, room_name: str
) -> None:
    shy = await people.person("shy", room_name)
    tokens = engine.tokens(room=room_name, seat="shy", name="Shy", may=PRIVATE)
    await enter(shy, tokens["token"])
    assert "permission" in (await shy.page.evaluate(CAMERA_ON)).lower()
    await shy.page.evaluate("room.localParticipant.setMicrophoneEnabled(true)")
    assert await livekit.sent(room_name) == {"shy": [api.TrackSource.MICROPHONE]}


async def test_who_shows_everyone_again_is_put_out_of_the_room_beside(
    people: Browsers, engine: MediaEngine, livekit: LiveKit, room_name: str
) -> None:
    shy = await people.person("shy", room_name)
    await enter(shy, engine.tokens(room=room_name, seat="shy", name="Shy", may=PRIVATE)["staff_cameras"])
    assert await shy.page.evaluate(CAMERA_ON) == ""
    await asyncio.to_thread(engine.settle, room_name, {"shy": SHOWN})
    await shy.until("room.state === 'disconnected'")
    assert await livekit.sent(private_cameras.beside(room_name)) == {}
