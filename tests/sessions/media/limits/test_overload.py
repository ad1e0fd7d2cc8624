"""What an engine does that has too much to do."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.limits.overload import Overload
from benchmarks.media.client import offer
from tests.support.media.engine import RunningEngine, start_engine
from tests.support.media.native import NativePerson, waiting_native
from tests.support.media.signals import signal_connection
from tests.support.patience import until

PATIENT, FACILITATOR = {"role": "patient"}, {"role": "facilitator"}


def strained(seconds: int, *, busy: float = 0.95, lag: float = 0.0) -> Overload:
    load = Overload(0.85)
    for now in range(1, seconds + 1):
        load.look(busy, lag, float(now))
    return load


def test_a_short_peak_changes_nothing() -> None:
    assert strained(3).level == 0


def test_patients_pictures_go_first_and_facilitators_never() -> None:
    load = strained(5)
    assert load.level == 1
    assert load.sheds("patient", "patient")
    assert not load.sheds("patient", "facilitator")
    assert strained(9).sheds("patient", "facilitator")
    assert not strained(9).sheds("facilitator", "patient")


def test_a_lagging_loop_counts_like_a_busy_one() -> None:
    assert strained(5, busy=0.3, lag=0.5).level == 1


def test_only_facilitators_come_in_while_it_lasts() -> None:
    assert not strained(5).admits("patient")
    assert strained(5).admits("facilitator")
    assert strained(1).admits("patient")


def test_ease_brings_everything_back_step_by_step() -> None:
    load = strained(9)
    for now in range(10, 40):
        load.look(0.2, 0.0, float(now))
    assert load.level == 0


@pytest.fixture
async def strained_engine() -> AsyncIterator[RunningEngine]:
    """An engine that has too much to do as soon as it does anything; who is slow to join is no longer let in."""
    engine = await asyncio.to_thread(start_engine, cpu_limit=0.001)
    yield engine
    assert await asyncio.to_thread(engine.stop) == 0


@pytest.fixture
async def ana() -> AsyncIterator[NativePerson]:
    async with waiting_native() as person:
        yield person


@pytest.fixture
async def ben() -> AsyncIterator[NativePerson]:
    async with waiting_native() as person:
        yield person


@pytest.mark.media
async def test_an_overloaded_engine_keeps_the_sound_withholds_pictures_and_says_why_it_lets_nobody_in(
    ana: NativePerson, ben: NativePerson, strained_engine: RunningEngine, room_name: str
) -> None:
    url, token, metric = strained_engine.url, strained_engine.token, strained_engine.metric
    await asyncio.gather(
        ana.join(url, token("ana", room_name, attributes=PATIENT)),
        ben.join(url, token("ben", room_name, attributes=PATIENT)),
    )
    await ana.publish()

    async def shed() -> bool:
        return metric("media_load_level") >= 1

    await until(shed, what="the shedding")
    await asyncio.sleep(1.5)
    frames, energy = ben.frames["ana"], ben.energy["ana"]

    async def hears() -> bool:
        return ben.energy["ana"] > energy + 1_000_000

    await until(hears, what="further sound")
    assert ben.frames["ana"] <= frames + 2
    carol = token("carol", room_name, attributes=PATIENT)
    async with aiohttp.ClientSession() as session:
        address = f"{strained_engine.api_url}/rtc/v1/validate"
        async with session.get(address, params={"access_token": carol}) as answer:
            assert answer.status == 401
            assert "full at the moment" in await answer.text()
    lead = token("lead", room_name, attributes=FACILITATOR)
    async with signal_connection(strained_engine, lead) as signals:
        assert (await signals.until("join")).participant.identity == "lead"


@pytest.mark.media
async def test_who_tries_camera_and_sound_makes_way_when_there_is_too_much_to_do(
    strained_engine: RunningEngine,
) -> None:
    async with signal_connection(strained_engine, strained_engine.token("listen", "echo-1")) as signals:
        await signals.until("join")
        assert (await signals.until("leave")).reason == models.DisconnectReason.ROOM_CLOSED


@pytest.mark.media
async def test_a_client_is_told_that_a_picture_is_withheld(
    ana: NativePerson, strained_engine: RunningEngine, room_name: str
) -> None:
    credentials = offer.Credentials("frag", "password-of-the-watcher-1", "AA:BB")
    sections = offer.build(credentials, offer.Streams(1, 2, 3), name="watcher", receiving=["audio", "video"])
    token = strained_engine.token
    async with signal_connection(strained_engine, token("watcher", room_name, attributes=PATIENT)) as signals:
        await ana.join(strained_engine.url, token("ana", room_name, attributes=PATIENT))
        await ana.publish()
        await signals.send(offer=rtc.SessionDescription(type="offer", sdp=sections, id=1))
        told = (await signals.until("stream_state_update")).stream_states
        assert [one.state for one in told] == [rtc.StreamState.PAUSED]
        assert ana.tracks[told[0].track_sid] == models.TrackSource.CAMERA
