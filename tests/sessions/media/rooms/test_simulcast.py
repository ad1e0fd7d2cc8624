"""Several sizes of one picture: each viewer gets the one it shows, and changes without a freeze."""

import asyncio

import pytest

from tests.support.media.browser import Browsers, Person
from tests.support.patience import until

pytestmark = [pytest.mark.media, pytest.mark.browser]
WANT = """height => room.remoteParticipants.get('ana').getTrackPublication('camera')
    .setVideoDimensions({ width: height * 16 / 9, height })"""
LAYERS = {"publishDefaults": {"simulcast": True}}


async def shows(viewer: Person, height: int) -> None:
    """Wait until the pictures that arrive have this height."""

    async def fits() -> bool:
        return (await viewer.received())["ana"]["camera"]["height"] == height

    await until(fits, what=f"a picture {height} high")


async def test_viewers_get_the_size_they_show_and_change_without_losing_a_packet(
    people: Browsers, room_name: str
) -> None:
    ana, ben, cem = [await people.person(name, room_name) for name in ("ana", "ben", "cem")]
    await asyncio.gather(ana.join(options=LAYERS), ben.join(), cem.join())
    await ana.publish()
    await asyncio.gather(ben.sees("ana"), cem.sees("ana"))
    await ben.page.evaluate(WANT, 180)
    await shows(ben, 180)
    for height in (360, 180, 360):
        await ben.page.evaluate(WANT, height)
        await shows(ben, height)
        await ben.sees("ana", more=20)
    await shows(cem, 360)
    assert (await ben.received())["ana"]["camera"]["lost"] == 0


async def test_a_hidden_picture_is_not_sent_and_comes_back(people: Browsers, room_name: str) -> None:
    ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
    await asyncio.gather(ana.join(options=LAYERS), ben.join())
    await ana.publish()
    await ben.sees("ana")
    switch = "on => room.remoteParticipants.get('ana').getTrackPublication('camera').setEnabled(on)"
    await ben.page.evaluate(switch, False)
    await asyncio.sleep(0.5)
    before = await ben.page.evaluate("videoPackets()")
    await ben.sees("ana", "microphone", more=50)
    assert await ben.page.evaluate("videoPackets()") == before
    await ben.page.evaluate(switch, True)
    await ben.sees("ana")


async def test_a_camera_that_is_switched_off_and_on_comes_back(people: Browsers, room_name: str) -> None:
    ana, ben = [await people.person(name, room_name) for name in ("ana", "ben")]
    await asyncio.gather(ana.join(), ben.join())
    await ana.publish()
    await ben.sees("ana")
    for _ in range(2):
        await ana.page.evaluate("room.localParticipant.setCameraEnabled(false)")
        await ben.until("room.remoteParticipants.get('ana').getTrackPublication('camera').isMuted")
        await ana.page.evaluate("room.localParticipant.setCameraEnabled(true)")
        await ben.sees("ana")
    await ana.page.evaluate(
        "room.localParticipant.unpublishTrack(room.localParticipant.getTrackPublication('camera').track)"
    )
    await ben.until("!room.remoteParticipants.get('ana').getTrackPublication('camera')")
    await ana.page.evaluate("room.localParticipant.setCameraEnabled(true)")
    await ben.sees("ana")
