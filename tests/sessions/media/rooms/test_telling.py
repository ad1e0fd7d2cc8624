"""What the others hear of somebody's changes: few at a time, not much, and the last state always. Our clock."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from livekit.protocol import models, rtc

from backtolife.errors import Invalid
from backtolife.sessions.media.limits.budget import LIMITS, PATIENCE, UPDATES, Budget
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.rooms.room import Room
from backtolife.sessions.media.rooms.telling import TOLD, Telling
from backtolife.sessions.media.signalling import requests

TURNS = 10
OTHERS = 12


class Person:
    """Somebody in a room: what they were sent, and what they have to say of themselves."""

    role = None

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.budget = Budget()
        self.telling = Telling(self.budget)
        self.grants = SimpleNamespace(hidden=False)
        self.version, self.closed, self.clock = 0, False, 100.0
        self.heard: list[models.ParticipantInfo] = []
        self.octets = 0
        self.room: Any = None

    def now(self) -> float:
        return self.clock

    def info(self) -> models.ParticipantInfo:
        return models.ParticipantInfo(identity=self.name, version=self.version, metadata="x" * self.size)

    def info_for(self, _role: str | None) -> models.ParticipantInfo:
        return self.info()

    def mute(self, _sid: str, _muted: bool) -> bool:
        return True

    def send_bytes(self, signal: bytes) -> None:
        self.octets += len(signal)
        self.heard += rtc.SignalResponse.FromString(signal).update.participants


class Gathering:
    """One who changes all the time, before twelve others."""

    def __init__(self, size: int = 700) -> None:
        self.busy, self.others = Person("busy", size), [Person(f"other {number}", 0) for number in range(OTHERS)]
        everyone: dict[str, Any] = {one.name: one for one in (self.busy, *self.others)}
        self.room = Room.__new__(Room)
        self.room.participants = everyone
        self.busy.room = self.room
        self.put_out: str | None = None

    def toggles(self, times: int, seconds: int) -> None:
        """So often a second they mute and unmute."""
        busy: Any = self.busy
        for turn in range(seconds * TURNS):
            for _ in range(times // TURNS):
                requests.handle(busy, rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid="TR_1", muted=True)))
            self.pass_turn()
            if turn % TURNS == TURNS - 1:
                self.put_out = self.put_out or self.busy.budget.look()

    def pass_turn(self) -> None:
        self.busy.clock += 1 / TURNS
        self.room.tell_owed(self.busy.clock)


def test_changes_in_quick_succession_are_told_together_and_the_last_one_always() -> None:
    here = Gathering()
    here.toggles(40, 5)
    for _ in range(TURNS):
        here.pass_turn()
    for other in here.others:
        assert len(other.heard) <= TOLD.most + TOLD.rate * 5 + 1
        assert other.heard[-1].version == here.busy.version == 200
        assert all(earlier.version < later.version for earlier, later in pairwise(other.heard))
    assert here.put_out is None


def test_a_few_changes_are_told_at_once() -> None:
    here = Gathering()
    busy: Any = here.busy
    for _ in range(3):
        here.room.changed(busy)
    assert [one.version for one in here.others[0].heard] == [1, 2, 3]


def test_much_that_changes_all_the_time_is_paid_for_by_bytes_and_receivers_and_puts_out() -> None:
    here = Gathering(size=7000)
    seconds = 2 * PATIENCE
    here.toggles(40, seconds)
    limit = LIMITS[UPDATES]
    assert sum(one.octets for one in (here.busy, *here.others)) <= limit.most + limit.rate * seconds + 100_000
    assert here.put_out == UPDATES


def test_that_somebody_is_gone_is_told_at_once_whatever_they_did_before() -> None:
    here = Gathering(size=7000)
    here.toggles(40, 5)
    busy: Any = here.busy
    here.busy.closed = True
    here.room.changed(busy)
    assert here.others[0].heard[-1].version == here.busy.version


def test_an_announcement_is_short_and_its_layers_carry_nothing_that_nobody_needs() -> None:
    picture: dict[str, Any] = {"type": models.TrackType.VIDEO, "source": models.TrackSource.CAMERA}
    for long in ("name", "cid", "stream"):
        with pytest.raises(Invalid, match="short name"):
            Publication(rtc.AddTrackRequest(**picture, **{long: "x" * 65}))
    with pytest.raises(Invalid, match="at most 4 layers"):
        Publication(rtc.AddTrackRequest(**picture, layers=[models.VideoLayer()] * 5))
    layers = [models.VideoLayer(quality=models.VideoQuality.HIGH, width=640, rid="x" * 100_000)] * 3
    info = Publication(rtc.AddTrackRequest(**picture, layers=layers)).info
    assert len(info.SerializeToString()) < 300
    assert [(layer.quality, layer.width) for layer in info.layers] == [(models.VideoQuality.HIGH, 640)] * 3


def test_features_of_sound_are_told_once_each_and_unknown_ones_not_at_all() -> None:
    sound = rtc.AddTrackRequest(type=models.TrackType.AUDIO, source=models.TrackSource.MICROPHONE)
    publication = Publication(sound)
    here = Gathering()
    busy: Any = here.busy
    busy.publications = {"TR_1": publication}
    asked = rtc.UpdateLocalAudioTrack(track_sid="TR_1", features=[1, 1, 99, 1])  # type: ignore[list-item]
    requests.handle(busy, rtc.SignalRequest(update_audio_track=asked))
    assert list(publication.info.audio_features) == [1]
