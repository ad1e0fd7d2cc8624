"""Which voices are forwarded when many could speak."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from backtolife.sessions.media.packets import rtp
from backtolife.sessions.media.rooms.allocation import NO_PICTURE, Allocation
from backtolife.sessions.media.rooms.voices import MOST, Voices
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.ingress import Layer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from tests.sessions.media.wire import OPUS, Wire, numbers, steps, times

LEVEL = {1: rtp.LEVEL}


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire("python")
    yield made
    made.close()


class Speaker:
    def __init__(self, wire: Wire, number: int) -> None:
        self.up = UpTrack("audio", 2, wire)
        self.layer = Layer(self.up, number, None, OPUS, wire.forwarding)
        self.up.add(self.layer, 0.0)
        self.down = DownTrack(wire, self.up, payload_type=111, rtx_type=None, extension=1, labels=("audio",))
        self.down.choose(0.0)
        self._sent = 0

    def speak(self, level: int, now: float = 0.0) -> None:
        self._sent += 1
        header = rtp.HEADER.pack(0x90, 111, self._sent, self._sent * 960, self.layer.ssrc)
        data = header + b"\xbe\xde\x00\x01" + bytes([0x10, level, 0, 0]) + b"voice"
        self.layer.receive(data, rtp.read_extensions(data, LEVEL), now)


def crowd(wire: Wire, voices: Voices, size: int) -> list[Speaker]:
    speakers = [Speaker(wire, number + 1) for number in range(size)]
    for speaker in speakers:
        voices.add(speaker.up, always=False)
    return speakers


def test_a_small_group_is_heard_whole(wire: Wire) -> None:
    speakers = crowd(wire, Voices(), MOST)
    for speaker in speakers:
        speaker.speak(90)
    assert len(wire.received()) == MOST


def test_of_many_only_the_loudest_few_are_forwarded(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, MOST + 3)
    for speaker in speakers:
        speaker.speak(90)
    assert len(wire.received()) == MOST
    late = speakers[-1]
    late.speak(20)
    assert len(wire.received()) == 1
    assert late.up in voices.heard()
    assert len(voices.heard()) == MOST


def test_a_voice_is_not_pushed_out_by_one_that_is_hardly_louder(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, MOST + 1)
    for speaker in speakers[:MOST]:
        speaker.speak(30)
    voices.tick()
    wire.received()
    speakers[-1].speak(28)
    assert wire.received() == []


def test_who_spoke_and_fell_silent_makes_room(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, MOST + 1)
    for speaker in speakers[:MOST]:
        speaker.speak(30)
    for _ in range(30):
        voices.tick()
    speakers[-1].speak(40)
    assert speakers[-1].up in voices.heard()


def test_facilitators_are_always_forwarded(wire: Wire) -> None:
    voices = Voices()
    crowd(wire, voices, MOST + 2)
    lead = Speaker(wire, 99)
    voices.add(lead.up, always=True)
    lead.speak(120)
    assert len(wire.received()) == 1
    assert len(voices.heard()) == MOST


def test_a_place_that_becomes_free_is_taken(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, MOST + 1)
    voices.remove(speakers[0].up, 0.0)
    assert speakers[-1].up in voices.heard()


def test_a_voice_that_comes_back_goes_on_without_a_gap_in_its_numbers(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, 1)
    voice = speakers[0]
    voice.speak(30, now=1.0)
    voice.up.hold(1.0)
    for _ in range(50):
        voice.speak(90, now=1.5)
    voice.up.release(2.0)
    voice.speak(30, now=2.02)
    got = wire.received()
    assert steps(numbers(got), 1 << 16) == [1]
    assert steps(times(got), 1 << 32) == [pytest.approx(1.02 * 48000, abs=2)]


def test_the_foremost_voice_is_the_loudest_until_another_is_clearly_louder(wire: Wire) -> None:
    voices = Voices()
    first, second = crowd(wire, voices, 2)
    lead = Speaker(wire, 99)
    voices.add(lead.up, always=True)
    among, foremost = [first.up, second.up, lead.up], None
    for loudness, expected in (((30, 90, 127), first), ((30, 28, 127), first), ((127, 127, 20), lead)):
        for speaker, level in zip((first, second, lead), loudness, strict=True):
            speaker.speak(level)
        voices.tick()
        foremost = voices.foremost(foremost, among)
        assert foremost is expected.up
    lead.up.blocked = True
    assert voices.foremost(foremost, among) is not lead.up


def test_nobodys_own_voice_is_their_foremost(wire: Wire) -> None:
    voices = Voices()
    loud, other = crowd(wire, voices, 2)
    loud.speak(20)
    voices.tick()
    assert voices.foremost(None, [other.up]) is other.up
    assert voices.foremost(other.up, []) is None


def test_a_link_without_room_for_a_picture_gets_one_voice_at_a_time(wire: Wire) -> None:
    voices = Voices()
    speakers = crowd(wire, voices, 3)
    subscriptions = [
        SimpleNamespace(down=one.down, publication=SimpleNamespace(kind="audio"), owner=None) for one in speakers
    ]
    viewer: Any = SimpleNamespace(foremost_voice=voices.foremost)
    received: Any = SimpleNamespace(all=lambda: subscriptions)
    allocation = Allocation(viewer, received)

    def heard(loudest: int) -> set[int]:
        for _ in range(10):
            voices.tick()
        for number, one in enumerate(speakers):
            one.speak(20 if number == loudest else 60)
        voices.tick()
        allocation.voices(1.0)
        wire.received()
        for number, one in enumerate(speakers):
            one.speak(20 if number == loudest else 60)
        senders = {int.from_bytes(packet[8:12], "big") for packet in wire.received()}
        return {number for number, one in enumerate(speakers) if one.down.ssrc in senders}

    assert heard(0) == {0, 1, 2}
    allocation.downlink.step = NO_PICTURE
    assert heard(1) == {1}
    assert heard(2) == {2}
    allocation.downlink.step = 0
    assert heard(2) == {0, 1, 2}
