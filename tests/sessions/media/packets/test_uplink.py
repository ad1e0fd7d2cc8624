"""A client whose own link is thin keeps its voice: its picture is asked for no longer, and again when there is room."""

import contextlib
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.packets.uplink import ALL, NONE, SMALL, Uplink
from backtolife.sessions.media.rooms.sending import Sending, wanted
from tests.sessions.media.publisher import Publisher

CLOCK = 48000
VOICE = 64.0
"""kbit/s of sound sent twice over, with its headers."""


class Link:
    """A client behind a link with a queue of 64 kB; it sends its voice and what is asked of the picture."""

    def __init__(self, kilobits: float, pictures: tuple[float, float, float]) -> None:
        self.kilobits, self.pictures, self.uplink = kilobits, pictures, Uplink()
        self.now, self.waiting = 1000.0, 0.0
        self.steps: list[int] = []

    def pass_seconds(self, seconds: float, *, jitter: float = 0.0) -> None:
        for turn in range(round(10 * seconds)):
            self.now += 0.1
            sent = VOICE + self.pictures[self.uplink.step]
            self.waiting = min(512.0, max(0.0, self.waiting + 0.1 * (sent - self.kilobits)))
            taken_up = self.now - self.waiting / self.kilobits - (jitter if turn % 3 == 0 else 0.0)
            self.uplink.heard(round(taken_up * CLOCK) & 0xFFFFFFFF, self.now, CLOCK)
            self.steps.append(self.uplink.decide(self.now))


def test_on_a_link_for_a_voice_the_picture_is_off_within_five_seconds() -> None:
    link = Link(100, (300.0, 120.0, 0.0))
    link.pass_seconds(1.8)
    link.pass_seconds(3)
    assert link.uplink.step == NONE
    link.pass_seconds(20)
    assert link.uplink.queue < 0.1
    assert NONE not in link.steps[:3]


def test_on_a_link_with_room_nothing_is_taken_away() -> None:
    link = Link(1000, (300.0, 120.0, 0.0))
    link.pass_seconds(120, jitter=0.05)
    assert set(link.steps) == {ALL}


def test_a_link_that_carries_the_small_size_keeps_it() -> None:
    link = Link(250, (300.0, 120.0, 0.0))
    link.pass_seconds(25)
    assert link.uplink.step == SMALL
    assert NONE not in link.steps


def test_the_picture_comes_back_when_there_is_room_and_is_tried_ever_more_rarely_while_there_is_none() -> None:
    link = Link(100, (300.0, 120.0, 0.0))
    link.pass_seconds(300)
    tries = sum(before == NONE and after == SMALL for before, after in zip(link.steps, link.steps[1:], strict=False))
    assert 2 <= tries <= 4
    link.kilobits = 2000.0
    link.pass_seconds(600)
    assert link.uplink.step == ALL


def test_a_muted_microphone_whose_clock_stood_still_takes_nothing_away() -> None:
    uplink, timestamp, now = Uplink(), 5, 1000.0
    for pause in (0.1, 60.0, 0.1, 3.0, 0.1):
        for _ in range(50):
            timestamp, now = timestamp + CLOCK // 10, now + 0.1
            uplink.heard(timestamp & 0xFFFFFFFF, now, CLOCK)
            assert uplink.decide(now) == ALL
        now += pause


class Trace:
    """Sound every 20 ms of which each turn sees the newest packet, as `Sending` does. `way` is what the link takes."""

    def __init__(self) -> None:
        self.uplink, self.now, self.clock, self.turn = Uplink(), 1000.0, 5.0, 1000.0
        self.steps: list[int] = []
        self.on_the_way: list[tuple[float, float]] = []

    def speak(self, seconds: float, way: float = 0.02, *, held_until: float = 0.0, grows: float = 0.0) -> None:
        """Sound is taken up for so long; what comes before `held_until` comes then."""
        for _ in range(round(seconds * 50)):
            self.on_the_way.append((max(self.now + way, held_until), self.clock))
            way += 0.02 * grows
            self.pass_time(0.02, taken_up=0.02)

    def pass_time(self, seconds: float, *, taken_up: float = 0.0) -> None:
        self.now, self.clock = self.now + seconds, self.clock + taken_up
        while self.turn + 0.1 <= self.now:
            self.turn += 0.1
            here = [one for one in self.on_the_way if one[0] <= self.turn]
            self.on_the_way = [one for one in self.on_the_way if one[0] > self.turn]
            if here:
                came, clock = here[-1]
                self.uplink.heard(round(clock * CLOCK) & 0xFFFFFFFF, came, CLOCK)
            self.steps.append(self.uplink.decide(self.turn))


@pytest.mark.parametrize("gap", [0.26, 0.3, 0.4, 0.5, 0.6, 0.9])
@pytest.mark.parametrize("taken_up", [0.0, 0.02, 0.1])
def test_another_microphone_whose_clock_stood_still_meanwhile_takes_nothing_away(gap: float, taken_up: float) -> None:
    trace = Trace()
    for _ in range(4):
        trace.speak(5)
        trace.pass_time(gap, taken_up=taken_up)
    trace.speak(40)
    assert set(trace.steps) == {ALL}
    assert trace.uplink.queue < 0.25


def test_a_link_that_stops_for_a_moment_takes_nothing_away_and_hides_no_queue_after_it() -> None:
    trace = Trace()
    trace.speak(5)
    trace.speak(0.5, held_until=trace.now + 0.5)
    trace.speak(20)
    assert set(trace.steps) == {ALL}
    trace.speak(4, grows=0.3)
    assert trace.steps[-1] != ALL


def test_a_queue_that_begins_with_a_gap_is_noticed_within_five_seconds() -> None:
    trace = Trace()
    trace.speak(5)
    trace.speak(0.02, way=0.4)
    trace.speak(5, way=0.4, grows=0.4)
    assert trace.steps[-1] == NONE


def test_gap_upon_gap_is_the_links_doing() -> None:
    trace = Trace()
    trace.speak(5)
    late = 0.0
    for _ in range(6):
        late += 0.15
        trace.speak(0.02, way=late)
        trace.pass_time(0.28, taken_up=0.28)
    trace.speak(1.5, way=late)
    assert trace.steps[-1] != ALL


def test_a_timestamp_that_wraps_takes_nothing_away() -> None:
    link = Link(1000, (300.0, 120.0, 0.0))
    link.now = (1 << 32) / CLOCK - 5
    link.pass_seconds(20)
    assert set(link.steps) == {ALL}


@pytest.mark.parametrize("loop", ["python", "compiled"])
def test_both_loops_tell_the_timestamp_of_the_newest_sound(loop: str) -> None:
    with contextlib.closing(Publisher(loop, "audio")) as publisher:
        for event in ("join", "next", "drain", "next", "next", "next", "drain"):
            publisher.tell(event)
        layer = publisher.peer.layers()[0]
        sample = layer.take_sample()
        assert sample is not None
        assert sample[0] == publisher.sender.numbers[0] * 900 & 0xFFFFFFFF
        assert layer.take_sample() is None


def test_a_sound_that_is_begun_anew_is_not_late_because_its_timestamps_begin_elsewhere() -> None:
    def sound(ssrc: int, timestamp: int) -> Any:
        def sample() -> tuple[int, float]:
            return round(timestamp + now * CLOCK) & 0xFFFFFFFF, now

        return SimpleNamespace(ssrc=ssrc, clock=CLOCK, track=SimpleNamespace(kind="audio"), take_sample=sample)

    layers = [sound(1, 3_000_000)]
    owner: Any = SimpleNamespace(peer=SimpleNamespace(layers=lambda: layers), publications={})
    sending = Sending(owner, lambda _sid: None)
    for turn in range(300):
        now = 1000 + turn / 10
        layers[0] = sound(1, 3_000_000) if turn < 100 else sound(2, 1_000_000)
        sending.look(now)
    assert sending.uplink.step == ALL


def test_the_client_is_asked_once_and_the_others_are_told_that_the_picture_is_off() -> None:
    sent: list[rtc.SignalResponse] = []
    told: list[bool] = []
    camera = SimpleNamespace(sid="TR_camera", kind="video")
    owner: Any = SimpleNamespace(
        peer=SimpleNamespace(layers=list),
        publications={"TR_camera": camera},
        send=sent.append,
    )
    sending = Sending(owner, lambda sid: told.append(sending.paused(sid)))
    for step in (ALL, SMALL, NONE, NONE, SMALL, ALL):
        sending.uplink.step = step
        sending.uplink._changed = 1000.0
        sending.look(1000.0)
    assert [one.subscribed_quality_update for one in sent] == [
        wanted("TR_camera", step) for step in (SMALL, NONE, SMALL, ALL)
    ]
    assert told == [True, False]
    off = wanted("TR_camera", NONE)
    assert [(one.quality, one.enabled) for one in off.subscribed_codecs[0].qualities] == [
        (models.VideoQuality.LOW, False),
        (models.VideoQuality.MEDIUM, False),
        (models.VideoQuality.HIGH, False),
    ]
