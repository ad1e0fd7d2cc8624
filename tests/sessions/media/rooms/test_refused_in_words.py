"""What the engine does not do it refuses at once, in words; and a connection that says nothing does not stay."""

import asyncio
import base64
import time
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.limits.budget import DATA, Budget
from backtolife.sessions.media.rooms import channels
from backtolife.sessions.media.rooms.channels import CROWDED, EASED, MOST_BUFFERED, PATIENCE, RELIABLE, Relay
from backtolife.sessions.media.sdp.offer import MOST_SECTIONS
from tests.sessions.media.sdp.test_offer import FREE, OFFER
from tests.support.media.browser import Browsers
from tests.support.media.engine import RunningEngine
from tests.support.media.signals import signal_connection

pytestmark = pytest.mark.media
HALF_OPEN = 45.0
STREAM = 3_000_000
Reason = rtc.RequestResponse.Reason


@pytest.mark.parametrize("path", ["/rtc", "/rtc/validate"])
async def test_a_client_with_two_peer_connections_reads_which_version_it_takes(
    media_engine: RunningEngine, room_name: str, path: str
) -> None:
    query = {"access_token": media_engine.token("ana", room_name), "protocol": "15", "auto_subscribe": "1"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(media_engine.api_url + path, params=query) as answer,
    ):
        assert answer.status in (401, 403)
        assert "livekit-client 2.17 or newer" in await answer.text()


@pytest.mark.browser
async def test_a_browser_that_asks_for_two_peer_connections_shows_the_version(people: Browsers, room_name: str) -> None:
    ana = await people.person("ana", room_name)
    refused = await ana.page.evaluate(
        "([url, token]) => join(url, token, {singlePeerConnection: false}).then(() => '', (error) => error.message)",
        [ana.engine.url, ana.engine.token("ana", room_name)],
    )
    assert "2.17" in refused


async def test_a_data_track_is_refused_at_once_with_a_reason(media_engine: RunningEngine, room_name: str) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        await signals.send(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=7, name="pulse"))
        answer = await signals.until("request_response")
    assert (answer.reason, answer.publish_data_track.pub_handle) == (Reason.NOT_ALLOWED, 7)
    assert "data tracks" in answer.message


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (models.TrackType.AUDIO, models.TrackSource.CAMERA),
        (models.TrackType.AUDIO, models.TrackSource.UNKNOWN),
        (models.TrackType.VIDEO, models.TrackSource.MICROPHONE),
        (models.TrackType.VIDEO, 77),
    ],
    ids=["sound as a camera", "sound from nowhere", "a picture as a microphone", "a picture from what nobody knows"],
)
async def test_a_track_that_is_announced_as_something_else_is_refused_at_once_with_a_reason(
    media_engine: RunningEngine, room_name: str, kind: Any, source: Any
) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        await signals.send(add_track=rtc.AddTrackRequest(cid="one", type=kind, source=source))
        answer = await signals.until("request_response")
    assert (answer.reason, answer.add_track.cid) == (Reason.INVALID_REQUEST, "one")
    assert "Announce this track as what it is" in answer.message


async def test_what_cannot_be_done_of_a_join_is_refused_in_words_and_the_rest_goes_on(
    media_engine: RunningEngine, room_name: str
) -> None:
    sound = rtc.AddTrackRequest(cid="one", type=models.TrackType.AUDIO, source=models.TrackSource.CAMERA)
    join = rtc.JoinRequest(
        add_track_requests=[sound], publisher_offer=rtc.SessionDescription(type="offer", sdp="nonsense", id=1)
    )
    packed = rtc.WrappedJoinRequest(join_request=join.SerializeToString()).SerializeToString()
    text = base64.urlsafe_b64encode(packed).decode()
    async with signal_connection(media_engine, media_engine.token("ana", room_name), text) as signals:
        track, offer = [await signals.until("request_response") for _ in range(2)]
        await signals.send(ping=1)
        assert await signals.until("pong") > 0
    assert (track.add_track.cid, offer.reason) == ("one", Reason.INVALID_REQUEST)


async def test_a_description_that_is_not_taken_is_answered_with_the_reason(
    media_engine: RunningEngine, room_name: str
) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        for text, word in ((OFFER + FREE * MOST_SECTIONS, "sections"), ("v=0\r\n", "media sections")):
            await signals.send(offer=rtc.SessionDescription(type="offer", sdp=text, id=1))
            answer = await signals.until("request_response")
            assert answer.reason == Reason.INVALID_REQUEST
            assert word in answer.message


async def test_metadata_made_empty_is_empty_for_the_others(media_engine: RunningEngine, room_name: str) -> None:
    ana_token = media_engine.token("ana", room_name, can_update_own_metadata=True)
    async with (
        signal_connection(media_engine, media_engine.token("ben", room_name)) as ben,
        signal_connection(media_engine, ana_token) as ana,
    ):
        for metadata in ("a hand is up", ""):
            await ana.send(update_metadata=rtc.UpdateParticipantMetadata(metadata=metadata, name="Ana", request_id=1))
            assert (await ana.until("request_response")).reason == Reason.OK
            seen = (await ben.until("update")).participants[0]
            while seen.identity != "ana" or seen.name != "Ana" or seen.metadata != metadata:
                seen = (await ben.until("update")).participants[0]


async def test_half_a_request_does_not_stay_open(media_engine: RunningEngine) -> None:
    """Three of them wait at the same time: each is held for half a minute."""

    async def seconds_held(beginning: bytes) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", media_engine.port)
        writer.write(beginning)
        began = time.monotonic()
        assert await asyncio.wait_for(reader.read(), 2 * HALF_OPEN) == b"", beginning
        writer.close()
        return time.monotonic() - began

    beginnings = (b"", b"GET /rtc/v1", b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    held = await asyncio.gather(*(seconds_held(beginning) for beginning in beginnings))
    assert max(held) <= HALF_OPEN, dict(zip(beginnings, held, strict=True))


class Receiver:
    """Somebody with a channel in which bytes wait."""

    def __init__(self, name: str) -> None:
        self.sid, self.identity, self.budget, self.clock = name, name, Budget(), 10.0
        self.channel = SimpleNamespace(label=RELIABLE, readyState="open", bufferedAmount=0, send=self._send)
        self.channels = {RELIABLE: self.channel}
        self.got = 0

    def _send(self, encoded: bytes) -> None:
        self.got += 1
        self.channel.bufferedAmount += len(encoded)

    def now(self) -> float:
        return self.clock


def told(relay: Relay, sender: Any) -> None:
    relay._pass_on(sender, RELIABLE, b"\x12\x04" + b"\x12\x02hi")


def test_a_sender_waits_for_who_reads_slowly_and_not_for_who_stopped() -> None:
    sender, slow = Receiver("ana"), Receiver("ben")
    relay = Relay(lambda: [sender, slow])  # type: ignore[list-item]
    told(relay, sender)
    assert relay.wait(sender, 10.0) == 0  # type: ignore[arg-type]
    slow.channel.bufferedAmount = CROWDED
    told(relay, sender)
    now = sender.clock
    for _ in range(20):
        now += PATIENCE / 2
        slow.channel.bufferedAmount -= 2 * channels.LEAST_EASED // 3
        if slow.channel.bufferedAmount < EASED:
            break
        assert relay.wait(sender, now) == channels.SLOWLY  # type: ignore[arg-type]
    assert relay.wait(sender, now) == 0  # type: ignore[arg-type]
    slow.channel.bufferedAmount, sender.clock = CROWDED, now
    told(relay, sender)
    assert relay.wait(sender, now) == channels.SLOWLY  # type: ignore[arg-type]
    assert relay.wait(sender, now + 4 * PATIENCE) == 0  # type: ignore[arg-type]
    told(relay, sender)
    assert relay.wait(sender, now + 4 * PATIENCE) == 0  # type: ignore[arg-type]
    slow.channel.bufferedAmount, got = MOST_BUFFERED, slow.got
    told(relay, sender)
    assert slow.got == got


def test_who_sends_much_is_slowed_down_and_not_put_out() -> None:
    sender, budget = Receiver("ana"), Budget()
    budget.spend(DATA, 100_000)
    assert budget.wait(DATA, sender.clock) > 1
    assert budget.wait(DATA, sender.clock + 100) == 0
    assert budget.look() is None


@pytest.mark.browser
async def test_a_stream_of_three_megabytes_arrives_whole_for_everyone(people: Browsers, room_name: str) -> None:
    everyone = [await people.person(name, room_name) for name in ("ana", "ben", "eva")]
    for person in everyone:
        await person.join(can_publish_data=True)
    for person in everyone:
        await person.until("room.remoteParticipants.size === 2")
        await person.page.evaluate(
            """() => { window.got = []; room.registerByteStreamHandler('file', async (reader) => {
              let sum = 0, size = 0;
              for await (const part of reader) {
                size += part.length;
                for (const one of part) sum = (sum * 31 + one) % 65521;
              }
              window.got = [size, sum];
            }); }"""
        )
    sum_ = await everyone[0].page.evaluate(
        """async (size) => {
          const bytes = new Uint8Array(size).map((_, at) => (at * 7 + (at >> 9)) % 251);
          const writer = await room.localParticipant.streamBytes({ topic: 'file', totalSize: size });
          for (let at = 0; at < size; at += 50000) await writer.write(bytes.slice(at, at + 50000));
          await writer.close();
          return bytes.reduce((sum, one) => (sum * 31 + one) % 65521, 0);
        }""",
        STREAM,
    )
    for person in everyone[1:]:
        await person.until(f"window.got[0] === {STREAM} && window.got[1] === {sum_}", seconds=120)
