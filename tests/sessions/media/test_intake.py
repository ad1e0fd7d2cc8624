"""Both loops do the same with whatever a publisher sends, over real sockets with real keys.

The compiled one forwards most packets without Python, so the same story is told to both and what came of it compared.
"""

import contextlib
import random
import socket
import time
from collections.abc import Sequence
from typing import Any

import pylibsrtp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.sessions.media import private, rtcp, rtp, sdp
from backtolife.sessions.media.egress import DownTrack
from backtolife.sessions.media.peer import Peer
from backtolife.sessions.media.uptrack import UpTrack
from tests.sessions.media.wire import KEY, OPUS, VP8, Wire

SSRC = 0x12345678
LEVEL, NUMBER = 1, 3
PACKETS = ("next", "key", "padding", "odd")
EVENTS = (
    "drain",
    "lost",
    "late",
    "twice",
    "forged",
    "red",
    "join",
    "leave",
    "mute",
    "unmute",
    "hold",
    "release",
)


class Publisher:
    """A client's end of the wire, its peer in the engine, and those who watch or listen."""

    def __init__(self, loop: str, kind: str) -> None:
        random.seed(7)
        self._now = time.monotonic()
        self.wire = Wire(loop)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        policies = (pylibsrtp.Policy.SSRC_ANY_OUTBOUND, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        self._sender, self._session = (
            pylibsrtp.Session(pylibsrtp.Policy(key=KEY[::-1], ssrc_type=way)) for way in policies
        )
        self.receiving = private.context(self._session)
        self.source = self.wire.intake.source()
        self.source.unlock(self.receiving)
        self.wire.intake.remember(self._socket.getsockname(), self.source)
        self.peer = Peer(self, self.wire.forwarding, "c")  # type: ignore[arg-type]
        self.kind, self.choice = kind, VP8 if kind == "video" else OPUS
        self.up = UpTrack(kind, 1, self.wire)
        section = sdp.Media(kind, "0", "UDP/TLS/RTP/SAVPF", [])
        section.ssrcs, section.extensions = [SSRC], {sdp.LEVEL: LEVEL, sdp.TRANSPORT_CC: NUMBER}
        self.peer.learn_extensions(section)
        self.peer.expect(section, self.up, self.choice, 0.0)
        (self.layer,) = self.peer.layers()
        self.watching: list[DownTrack] = []
        self._number = 65530
        self._transport = 65533
        self._red = False
        self._late: list[bytes] = []
        """Datagrams that come after those that follow them."""

    def send_rtcp(self, message: bytes) -> None:
        self.wire.send_rtcp(message)

    def tell(self, event: str) -> None:
        """One thing that happens."""
        if event in PACKETS:
            self._send(self._packet(key=event == "key", padding=event == "padding", odd=event == "odd"))
        else:
            getattr(self, event)()

    def _packet(self, *, key: bool = False, padding: bool = False, odd: bool = False) -> bytes:
        self._number, self._transport = self._number + 1, self._transport + 1
        red = self.kind == "audio" and self._red
        payload_type = self.choice.red if red else self.choice.main
        header = rtp.HEADER.pack(
            0x90 | 0x20 * padding | odd, payload_type, self._number & 0xFFFF, self._number * 900 & 0xFFFFFFFF, SSRC
        )
        extensions = bytes((LEVEL << 4, 30 + self._number % 40, NUMBER << 4 | 1)) + (self._transport & 0xFFFF).to_bytes(
            2, "big"
        )
        body = bytes([0x90, 0xE0, 0x80, self._number & 255, self._number & 127, 0x20, 0 if key else 1]) + bytes(20)
        if self.kind == "audio":
            body = (bytes((0x80 | 111, 0, 0, 4, 111)) if red else b"") + b"oldenewe"
        if padding:
            body = bytes(3) + b"\x04"
        return self._sender.protect(header + bytes(4 * odd) + b"\xbe\xde\x00\x02" + extensions + bytes(3) + body)

    def garbled(self, first: int, payload_type: int, rest: bytes) -> None:
        """A packet with any content, in the publisher's own keys."""
        self._number += 1
        header = rtp.HEADER.pack(first, payload_type, self._number & 0xFFFF, 0, SSRC)
        with contextlib.suppress(pylibsrtp.Error):
            self._send(self._sender.protect(header + rest))

    def _send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self.wire.address)

    def lost(self) -> None:
        self._packet()

    def late(self) -> None:
        self._late.append(self._packet())

    def twice(self) -> None:
        datagram = self._packet()
        self._send(datagram)
        self._send(datagram)

    def forged(self) -> None:
        self._send(self._packet()[:-1] + b"?")

    def red(self) -> None:
        self._red = not self._red

    def drain(self) -> None:
        for late in self._late:
            self._send(late)
        self._late = []
        while taken := list(self.wire.intake.take()):
            for datagram, _, clear in taken:
                self.peer.receive(datagram, self._now, clear)

    def join(self) -> None:
        self.drain()
        if len(self.watching) < 3:
            red = 120 if self.kind == "audio" and len(self.watching) != 1 else None
            down = DownTrack(
                self.wire, self.up, payload_type=98, rtx_type=99, red_type=red, extension=3, labels=(self.kind,)
            )
            down.choose(self._now)
            self.watching.append(down)

    def leave(self) -> None:
        self.drain()
        if self.watching:
            self.watching.pop(0).stop(self._now)

    def mute(self) -> None:
        self.drain()
        self.up.blocked = True

    def unmute(self) -> None:
        self.drain()
        self.up.blocked = False
        for down in self.watching:
            down.interrupt(self._now)

    def hold(self) -> None:
        self.drain()
        self.up.hold(self._now)

    def release(self) -> None:
        self.drain()
        self.up.release(self._now)

    def _ask_again(self) -> None:
        """Every viewer missed some of the last packets."""
        for down in self.watching:
            down.repeat([(down.copy.last_sequence - back) & 0xFFFF for back in (0, 2, 5)])

    def standing(self) -> Any:
        """What came of it so far."""
        self.drain()
        self._ask_again()
        self.layer.count()
        for number, came in self.source.arrivals():
            self.peer.arrivals.add(number, came)
        feedback = self.peer.arrivals.feedback(1, 2)
        reports = [] if feedback is None else list(rtcp.parse(feedback))
        arrived = [
            (one.base, [at is not None for at in one.arrivals]) for one in reports if isinstance(one, rtcp.Feedback)
        ]
        layer, downs = self.layer, [(down.copy.packets, down.copy.octets, down.repeated) for down in self.watching]
        counts = (
            layer.packets,
            layer.octets,
            layer.key_frames,
            layer.nacked,
            layer.numbers.highest,
            self.up.level,
            self.peer.heard > 0,
        )
        return self.wire.received(), list(self.wire.asked), counts, downs, arrived

    def close(self) -> None:
        self.wire.close()
        self._socket.close()


def told(loop: str, kind: str, story: Sequence[str]) -> list[Any]:
    publisher = Publisher(loop, kind)
    with contextlib.closing(publisher):
        seen = []
        for event in ["join", "key", *story]:
            publisher.tell(event)
            if event == "drain":
                seen.append(publisher.standing())
        return [*seen, publisher.standing()]


def garbled(loop: str, kind: str, packets: list[tuple[int, int, bytes]]) -> list[Any]:
    publisher = Publisher(loop, kind)
    with contextlib.closing(publisher):
        seen = []
        for event in ("join", "key", "next"):
            publisher.tell(event)
        for packet in packets:
            publisher.garbled(*packet)
            seen.append(publisher.standing())
        publisher.tell("next")
        return [*seen, publisher.standing()]


@pytest.mark.parametrize("kind", ["video", "audio"])
@settings(max_examples=150, deadline=None)
@given(story=st.lists(st.one_of(st.sampled_from(PACKETS), st.sampled_from(EVENTS)), max_size=60))
def test_both_loops_do_the_same_with_any_story(kind: str, story: list[str]) -> None:
    assert told("compiled", kind, story) == told("python", kind, story)


REST = st.builds(
    bytes.__add__, st.sampled_from([b"", b"\xbe\xde\0\1\x10\x50\0\0", b"\xbe\xde\0\0"]), st.binary(max_size=12)
)


@pytest.mark.parametrize("kind", ["video", "audio"])
@settings(max_examples=150, deadline=None)
@given(
    packets=st.lists(
        st.tuples(st.sampled_from([0x80, 0x90, 0x91, 0xB0]), st.sampled_from([96, 111, 63, 13]), REST), max_size=12
    )
)
def test_both_loops_do_the_same_with_any_packet(kind: str, packets: list[tuple[int, int, bytes]]) -> None:
    assert garbled("compiled", kind, packets) == garbled("python", kind, packets)
