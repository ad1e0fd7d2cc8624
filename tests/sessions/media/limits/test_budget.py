"""What one member may cause: counted by a clock that the tests turn, on both loops."""

import random
import struct
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from backtolife.sessions.media.datapath.intake_python import CACHE
from backtolife.sessions.media.limits.budget import (
    CHECKS,
    DATAGRAMS,
    FEEDBACK,
    LIMITS,
    OFFERS,
    PATIENCE,
    PICTURES,
    REPEATS,
    REPORTS,
    SIGNALS,
    Budget,
)
from backtolife.sessions.media.packets import rtcp
from backtolife.sessions.media.tracks.egress import PICTURES as PICTURES_OF_ONE
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.ingress import REPORT_EVERY, Layer
from backtolife.sessions.media.tracks.peer import Peer
from tests.sessions.media.wire import Wire, camera, give, packet, viewer

CAMERAS, A_SECOND = 11, 60


class Member:
    """Somebody who watches the cameras of others, and says what they like about it. `now` is our clock."""

    def __init__(self, loop: str, cameras: int = CAMERAS) -> None:
        self.wire = Wire(loop)
        self.source = self.wire.intake.source()
        self.budget, self.now = Budget(), 100.0
        self.peer = Peer(self, self.wire.forwarding, "c", self.budget)  # type: ignore[arg-type]
        self.layers: list[Layer] = []
        self.down: list[DownTrack] = []
        self.put_out: str | None = None
        self._number = self._turn = 0
        for _ in range(cameras):
            up, (layer,) = camera(self.wire, None)
            self.layers.append(layer)
            self.down.append(viewer(self.wire, up))
            self.peer.add(self.down[-1])
        self.picture(key=True)

    def send_rtcp(self, message: bytes) -> None:
        self.wire.send_rtcp(message)

    def read_rtcp(self, datagram: bytes) -> bytes:
        return datagram

    def says(self, *reports: bytes) -> None:
        """All of these in one datagram."""
        self.peer.receive(b"".join(reports), self.now, None)

    def picture(self, *, key: bool = False) -> list[list[int]]:
        """Every camera sends a packet; the numbers under which the member gets them."""
        self._number += 1
        for layer in self.layers:
            give(layer, packet(self._number, self._number * 1500, key=key), self.now)
        return [[down.copy.last_sequence] for down in self.down]

    def pass_tenth(self) -> None:
        """A tenth of a second goes by."""
        self.now += 0.1
        self._turn += 1
        self.peer.tick(self._turn, self.now)
        if self._turn % 10 == 0:
            self.put_out = self.put_out or self.budget.look()
        self.wire.received()

    @property
    def repeated(self) -> int:
        return sum(down.repeated for down in self.down)


@pytest.fixture(params=["python", "compiled"])
def member(request: pytest.FixtureRequest) -> Iterator[Member]:
    made = Member(request.param)
    yield made
    made.wire.close()


def everything_cached(down: DownTrack) -> bytes:
    """A NACK of some 120 bytes for all that is kept of one camera."""
    last = down.copy.last_sequence
    pairs = [((last - CACHE + 1 + 17 * at) & 0xFFFF, 0xFFFF) for at in range(CACHE // 17)]
    body = struct.pack("!II", 1, down.ssrc) + b"".join(struct.pack("!HH", *pair) for pair in pairs)
    return struct.pack("!BBH", 0x80 | rtcp.GENERIC_NACK, rtcp.TRANSPORT_FEEDBACK, len(body) // 4) + body


@pytest.mark.parametrize("times", [1, 5], ids=["10 a second", "50 a second"])
def test_who_asks_for_everything_again_gets_no_more_than_was_sent_and_is_put_out(member: Member, times: int) -> None:
    for _ in range(CACHE):
        member.picture()
        if member._number % 6 == 0:
            member.pass_tenth()
    repeated, sent = member.repeated, sum(down.copy.packets for down in member.down)
    for _ in range(10 * (PATIENCE + 1)):
        for _ in range(A_SECOND // 10):
            member.picture()
        for _ in range(times):
            member.says(*(everything_cached(down) for down in member.down))
        member.pass_tenth()
    sent = sum(down.copy.packets for down in member.down) - sent
    assert 0 < member.repeated - repeated <= sent + LIMITS[REPEATS].most
    assert member.put_out == REPEATS


def test_who_loses_a_fifth_in_bursts_and_asks_three_times_for_each_gets_all_of_it(member: Member) -> None:
    chance = random.Random(4)
    lost: list[tuple[DownTrack, int, int]] = []
    left = [0] * CAMERAS
    for turn in range(60 * A_SECOND):
        for place, (down, (number,)) in enumerate(zip(member.down, member.picture(), strict=True)):
            if not left[place] and chance.random() < 0.0625:
                left[place] = 4
            if left[place]:
                left[place] -= 1
                lost.append((down, number, turn))
        for down, number, since in lost:
            if turn - since in (2, 5, 8):
                member.says(rtcp.nack(1, down.ssrc, [number]))
        lost = [one for one in lost if turn - one[2] < 8]
        if turn % 6 == 0:
            member.pass_tenth()
    assert member.repeated > 0.18 * 3 * 60 * A_SECOND * CAMERAS
    assert not member.budget.refused
    assert member.put_out is None


def test_who_comes_back_after_ten_seconds_away_is_not_put_out_for_what_they_ask(member: Member) -> None:
    for _ in range(10 * A_SECOND):
        member.picture()
        if member._number % 6 == 0:
            member.pass_tenth()
    for _ in range(10):
        member.says(*(everything_cached(down) for down in member.down))
        member.pass_tenth()
    assert member.repeated >= LIMITS[REPEATS].most
    assert any(isinstance(one, rtcp.KeyFrameRequest) for one in member.wire.asked)
    for _ in range(200):
        for _ in range(6):
            member.picture()
        member.pass_tenth()
    assert member.put_out is None


def test_a_flood_of_requests_for_a_picture_makes_few_and_puts_out(member: Member) -> None:
    member.wire.asked.clear()
    for _ in range(10 * (PATIENCE + 1)):
        for _ in range(100):
            member.says(rtcp.picture_loss(1, member.down[0].ssrc))
        member.pass_tenth()
    asked = sum(isinstance(one, rtcp.KeyFrameRequest) for one in member.wire.asked)
    assert 0 < asked <= PICTURES_OF_ONE.most + PICTURES_OF_ONE.rate * (PATIENCE + 1)
    assert member.put_out == PICTURES


def test_a_flood_of_feedback_is_read_as_far_as_the_budget_goes_and_puts_out(member: Member) -> None:
    read = []
    member.peer.link = SimpleNamespace(heard=lambda base, _arrivals, _now: read.append(base))  # type: ignore[assignment]
    body = struct.pack("!IIHHI", 1, 2, 0, 1, 0) + struct.pack("!HB", 1 << 13 | 1, 0) + b"\0"
    feedback = struct.pack("!BBH", 0x80 | rtcp.TRANSPORT_CC, rtcp.TRANSPORT_FEEDBACK, len(body) // 4) + body
    for _ in range(10 * (PATIENCE + 1)):
        for _ in range(100):
            member.says(feedback)
        member.pass_tenth()
    limit = LIMITS[FEEDBACK]
    assert limit.most <= len(read) <= limit.most + limit.rate * (PATIENCE + 1)
    assert member.put_out == FEEDBACK


def test_a_flood_of_sender_reports_is_passed_on_as_often_as_honest_ones_and_puts_out(member: Member) -> None:
    own, (layer,) = camera(member.wire, None)
    heard: list[float] = []
    listener = SimpleNamespace(report=lambda *_: heard.append(member.now))
    layer.listeners.append(listener)  # type: ignore[arg-type]
    member.peer._streams[(7).to_bytes(4, "big")] = (layer, False)
    report = rtcp.sender_report(7, 1 << 32, 1, packets=1, octets=1, cname="x")
    for _ in range(10 * (PATIENCE + 1)):
        for _ in range(20):
            member.says(*(report for _ in range(48)))
        member.pass_tenth()
    assert 0 < len(heard) <= (PATIENCE + 1) / REPORT_EVERY + 1
    assert member.put_out == REPORTS
    assert own.layers


@pytest.mark.parametrize("kind", [CHECKS, SIGNALS, OFFERS])
def test_past_its_budget_a_kind_is_refused_and_at_last_puts_out(kind: str) -> None:
    budget, done = Budget(), 0
    for second in range(PATIENCE):
        done += sum(budget.allows(kind, 50.0 + second) for _ in range(int(3 * LIMITS[kind].most)))
        assert (budget.look() == kind) == (second == PATIENCE - 1)
    assert done == LIMITS[kind].most + LIMITS[kind].rate * (PATIENCE - 1)


def test_who_goes_beyond_a_budget_now_and_then_stays() -> None:
    budget = Budget()
    for second in range(300):
        budget.allowed(SIGNALS, 10_000 if second % 2 else 1, 50.0 + second)
        assert budget.look() is None


def test_no_more_datagrams_of_a_client_are_taken_than_allowed(member: Member) -> None:
    source, most = member.source, int(LIMITS[DATAGRAMS].most)
    if member.wire.forwarding.name == "compiled":
        source.struct.left, source.struct.ignored = 2, 5
        assert source.allow(3) == 5
        assert source.struct.left == 5
        assert source.allow(2 * most) == 0
        assert source.struct.left == most
        return

    def taken(count: int) -> int:
        """How many of so many of its own are taken."""
        done = 0
        for _ in range(count):
            if source.admits():
                source.proved()
                done += 1
        return done

    assert taken(most + 5) == most
    assert source.allow(3) == 5
    assert taken(5) == 3
    assert source.allow(2 * most) == 2
    assert taken(2 * most) == most


def test_a_flood_of_datagrams_puts_out(member: Member) -> None:
    source, kept = member.source, member.source.allow
    flooded: Any = lambda count: kept(count) + 1  # noqa: E731
    source.allow = flooded
    for _ in range(10 * PATIENCE):
        member.pass_tenth()
    assert member.put_out == DATAGRAMS


def test_the_cache_holds_what_the_longest_request_may_name() -> None:
    assert CACHE == rtcp.MOST_LOST
