"""Nonsense from outside is refused at once, and those who are talking notice nothing."""

import asyncio
import os
import random
import socket

import aiohttp
import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.packets import stun
from benchmarks.media.measuring.machine import memory_mb
from tests.sessions.media.sdp.test_offer import OFFER
from tests.support.media.engine import RunningEngine
from tests.support.media.native import NativePerson, native_person
from tests.support.media.signals import Signals, join_request, signal_connection
from tests.support.patience import until

pytestmark = pytest.mark.media
MOST_GROWTH = 16.0
"""MB: two people and one stranger cost some, what was refused nothing."""


async def keeps_hearing(listener: NativePerson, identity: str, work: asyncio.Task[None]) -> None:
    """Sound and picture go on while the work runs, and after."""
    await work
    frames, energy = listener.frames[identity], listener.energy[identity]

    async def more() -> bool:
        return listener.frames[identity] > frames + 5 and listener.energy[identity] > energy

    await until(more, what="further sound and picture")


async def bombard(engine: RunningEngine) -> None:
    """A hundred thousand datagrams of all kinds from a stranger."""
    chance = random.Random(7)
    kinds = [
        bytes([0x90, 96]) + os.urandom(200),
        bytes([0x80, 200]) + os.urandom(60),
        bytes([22, 254, 253]) + os.urandom(90),
        stun.request(os.urandom(12), "nobody:x", "wrong", nominate=True),
        bytes([0, 1]) + os.urandom(30),
        b"",
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for turn in range(100_000):
            stranger.sendto(chance.choice(kinds), ("127.0.0.1", engine.udp_port))
            if turn % 200 == 0:
                await asyncio.sleep(0.01)


async def babble(signals: Signals) -> None:
    """Signals that make no sense, on a connection that was let in."""
    await signals.socket.send_bytes(os.urandom(500))
    await signals.send(offer=rtc.SessionDescription(type="offer", sdp="v=0\r\nm=nonsense", id=1))
    await signals.send(offer=rtc.SessionDescription(type="offer", sdp="x" * 900_000, id=2))
    await signals.send(offer=rtc.SessionDescription(type="offer", sdp=OFFER.replace("a=mid:", "a=mid:\u2603"), id=3))
    for number in range(10_000):
        await signals.send(trickle=rtc.TrickleRequest(candidateInit=f'{{"candidate": "{number}"}}'))
    for _ in range(100):
        await signals.send(add_track=rtc.AddTrackRequest(cid="x", type=models.TrackType.VIDEO))
    await signals.send(add_track=rtc.AddTrackRequest(cid="x", type=models.TrackType.DATA))
    await signals.send(subscription=rtc.UpdateSubscription(track_sids=["TR_none"] * 5000, subscribe=True))
    await signals.send(mute=rtc.MuteTrackRequest(sid="TR_none", muted=True))
    await signals.send(ping=1)


async def test_those_who_talk_notice_nothing(media_engine: RunningEngine, room_name: str) -> None:
    url, token = media_engine.url, media_engine.token
    async with native_person(url, token("ana", room_name)) as ana, native_person(url, token("ben", room_name)) as ben:
        await ana.publish()

        async def sees() -> bool:
            return ben.frames["ana"] > 5

        await until(sees, what="the first picture")
        before = memory_mb(media_engine.process.pid)
        await keeps_hearing(ben, "ana", asyncio.ensure_future(bombard(media_engine)))
        async with signal_connection(media_engine, token("mallory", room_name)) as signals:
            await keeps_hearing(ben, "ana", asyncio.ensure_future(babble(signals)))
            assert await signals.until("pong") > 0
    assert media_engine.metric("media_refused_datagrams_total") > 50_000
    assert memory_mb(media_engine.process.pid) - before < MOST_GROWTH


async def test_a_signal_of_more_than_a_megabyte_ends_its_own_connection_only(
    media_engine: RunningEngine, room_name: str
) -> None:
    token = media_engine.token
    async with (
        signal_connection(media_engine, token("ana", room_name)) as ana,
        signal_connection(media_engine, token("ben", room_name)) as ben,
    ):
        await ana.send(offer=rtc.SessionDescription(type="offer", sdp="x" * (2 << 20), id=1))
        closed = await ana.socket.receive(timeout=10)
        while closed.type is aiohttp.WSMsgType.BINARY:
            closed = await ana.socket.receive(timeout=10)
        assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
        await ben.send(ping=1)
        assert await ben.until("pong") > 0


@pytest.mark.parametrize(
    ("join", "status"),
    [("", 400), ("!!!", 400), ("AAAA", 400), (join_request()[:-9], 400)],
    ids=["none", "odd", "short", "cut"],
)
async def test_a_join_request_that_cannot_be_read_is_refused(
    media_engine: RunningEngine, room_name: str, join: str, status: int
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
        async with signal_connection(media_engine, media_engine.token("ana", room_name), join):
            pass
    assert refusal.value.status == status


async def test_an_unknown_session_cannot_be_resumed(media_engine: RunningEngine, room_name: str) -> None:
    join = join_request(reconnect=True, participant_sid="PA_unknown")
    async with signal_connection(media_engine, media_engine.token("ana", room_name), join) as signals:
        leave = await signals.until("leave")
        assert leave.action == rtc.LeaveRequest.Action.RECONNECT
        assert leave.reason == models.DisconnectReason.STATE_MISMATCH


async def test_pages_learn_why_they_were_refused(media_engine: RunningEngine, room_name: str) -> None:
    async with aiohttp.ClientSession() as session:
        for token, status in (("nonsense", 401), (media_engine.token("ana", room_name), 200)):
            async with session.get(f"{media_engine.api_url}/rtc/v1/validate", params={"access_token": token}) as answer:
                assert answer.status == status
                assert answer.headers["Access-Control-Allow-Origin"] == "*"
