"""A client that sends over a real socket with real keys, and those who watch or listen to it.

Told what happens, it says what came of it.
"""

import contextlib
import random
import socket
import time
from typing import Any

import pylibsrtp

from backtolife.sessions.media import private, rtcp, rtp, sdp
from backtolife.sessions.media.egress import DownTrack
from backtolife.sessions.media.peer import Peer
from backtolife.sessions.media.uptrack import UpTrack
from tests.sessions.media.wire import KEY, OPUS, VP8, Wire, keys

SSRC, REPAIRS = 0x12345678, 0x22345678
LEVEL, NUMBER, MID, RID, REPAIRED = range(1, 6)
EXTENSIONS = {sdp.LEVEL: LEVEL, sdp.TRANSPORT_CC: NUMBER, sdp.MID: MID, sdp.RID: RID, sdp.REPAIRED_RID: REPAIRED}
PACKETS = ("next", "key", "padding", "odd")
SIZES = "qf"


class Publisher:
    """A camera in two sizes, or a microphone; the small size, then the large one, is what it sends."""

    def __init__(self, loop: str, kind: str) -> None:
        random.seed(7)
        self._now = time.monotonic()
        self.wire = Wire(loop)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._sender, self._session = keys(KEY[::-1])
        self.receiving = private.context(self._session)
        self.source = self.wire.intake.source()
        self.source.unlock(self.receiving)
        self.wire.intake.remember(self._socket.getsockname(), self.source)
        self.peer = Peer(self, self.wire.forwarding, "c")  # type: ignore[arg-type]
        self.kind, self.choice = kind, VP8 if kind == "video" else OPUS
        self.watching: list[DownTrack] = []
        self._numbers = [65530, 65100]
        self._transport, self._repairs = 65533, 65534
        self._size = 0
        self._red = False
        self._late: list[bytes] = []
        """Datagrams that come after those that follow them."""
        self._lost: list[tuple[int, bytes]] = []
        """Sizes and clear packets that can be sent again."""
        self._ssrc = SSRC
        self._seen: set[bytes] = set()
        self.ups: list[UpTrack] = []
        self.publish()

    def publish(self) -> None:
        """Send what follows as a new track, the SSRCs being those of the one before."""
        self.drain()
        self.up = UpTrack(self.kind, 1, self.wire)
        self.ups.append(self.up)
        section = sdp.Media(self.kind, 9, "UDP/TLS/RTP/SAVPF", [], mid="0", extensions=EXTENSIONS)
        section.rids = list(SIZES) if self.kind == "video" else []
        section.ssrcs = [SSRC] if self.kind == "audio" else []
        self.peer.learn_extensions(section)
        for down in self.watching:
            down.stop(self._now)
        self.watching = []
        self.peer.expect(section, self.up, self.choice, self._now)

    def unpublish(self) -> None:
        """The track before this one is over."""
        self.drain()
        if len(self.ups) > 1:
            self.peer.forget(self.ups.pop(0))

    def send_rtcp(self, message: bytes) -> None:
        self.wire.send_rtcp(message)

    def tell(self, event: str) -> None:
        """One thing that happens."""
        if event in PACKETS:
            self._send(self._seal(self._packet(key=event == "key", padding=event == "padding", odd=event == "odd")))
        else:
            getattr(self, event)()

    def _packet(self, *, key: bool = False, padding: bool = False, odd: bool = False) -> bytes:
        self._numbers[self._size] += 1
        number, red = self._numbers[self._size], self.kind == "audio" and self._red
        payload_type = self.choice.red if red else self.choice.main
        header = rtp.HEADER.pack(
            0x90 | 0x20 * padding | odd,
            payload_type,
            number & 0xFFFF,
            number * 900 & 0xFFFFFFFF,
            self._ssrc + self._size,
        )
        body = bytes([0x90, 0xE0, 0x80, number & 255, number & 127, 0x20, 0 if key else 1]) + bytes(20)
        if self.kind == "audio":
            body = (bytes((0x80 | 111, 0, 0, 4, 111)) if red else b"") + b"oldenewe"
        if padding:
            body = bytes(3) + b"\x04"
        return header + bytes(4 * odd) + self._extensions(30 + number % 40, RID) + body

    def _extensions(self, level: int, named: int, size: int | None = None) -> bytes:
        self._transport += 1
        letter = SIZES[self._size if size is None else size].encode()
        name = bytes((named << 4,)) + letter if self.kind == "video" else bytes(2)
        number = bytes((NUMBER << 4 | 1,)) + (self._transport & 0xFFFF).to_bytes(2, "big")
        return b"\xbe\xde\x00\x03" + bytes((LEVEL << 4, level)) + number + bytes((MID << 4,)) + b"0" + name + bytes(3)

    def _seal(self, packet: bytes) -> bytes:
        return self._sender.protect(packet)

    def _send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self.wire.address)

    def garbled(self, first: int, payload_type: int, rest: bytes) -> None:
        """A packet with any content, in the publisher's own keys."""
        self._numbers[0] += 1
        header = rtp.HEADER.pack(first, payload_type, self._numbers[0] & 0xFFFF, 0, SSRC)
        with contextlib.suppress(pylibsrtp.Error):
            self._send(self._seal(header + rest))

    def twice(self) -> None:
        datagram = self._seal(self._packet())
        self._send(datagram)
        self._send(datagram)

    def forged(self) -> None:
        self._send(self._seal(self._packet())[:-1] + b"?")

    def lost(self) -> None:
        packet = self._packet()
        if self.kind == "video":
            self._lost.append((self._size, packet))

    def late(self) -> None:
        self._late.append(self._seal(self._packet()))

    def repair(self) -> None:
        """What was lost is sent again, on the stream for that."""
        if self._lost:
            size, packet = self._lost.pop(0)
            self._repairs += 1
            head = rtp.HEADER.pack(0x90, 97, self._repairs & 0xFFFF, 0, REPAIRS + size)
            again = head[:4] + packet[4:8] + head[8:] + self._extensions(0, REPAIRED, size) + packet[2:4] + packet[28:]
            self._send(self._seal(again))

    def other(self) -> None:
        """The other size is what comes now."""
        self._size = 1 - self._size if self.kind == "video" else 0

    def begin_again(self) -> None:
        """The same track comes on new streams."""
        self.drain()
        self._ssrc += 16

    def back(self) -> None:
        """It comes on the streams before those again."""
        self.drain()
        self._ssrc -= 16 * (self._ssrc > SSRC + 1)

    def look(self) -> None:
        """The turn in which the best size is chosen."""
        self.drain()
        for down in self.watching:
            down.choose(self._now)

    def change(self) -> None:
        """The other size comes, and what came before was taken.

        In one batch the compiled loop may send a packet that Python would have left: it sees one stream at a time.
        """
        self.drain()
        self.other()

    def red(self) -> None:
        self._red = not self._red

    def drain(self) -> None:
        """What was sent so far is taken."""
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

    def _first(self, change: str, *arguments: Any) -> None:
        self.drain()
        for down in self.watching[:1]:
            getattr(down, change)(*arguments)

    def small(self) -> None:
        self._first("limit_to", "q", self._now)

    def large(self) -> None:
        self._first("limit_to", "f", self._now)

    def pause(self) -> None:
        self._first("pause", self._now)

    def resume(self) -> None:
        self._first("resume", self._now)

    def withhold(self) -> None:
        self._first("withhold", True, self._now)

    def grant(self) -> None:
        self._first("withhold", False, self._now)

    def once(self) -> None:
        self._first("be_redundant", False)

    def doubled(self) -> None:
        self._first("be_redundant", True)

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

    def standing(self) -> Any:
        """What came of it so far. No number is ever used twice in one stream to a viewer."""
        self.drain()
        for down in self.watching:
            down.repeat([(down.copy.last_sequence - back) & 0xFFFF for back in (0, 2, 5)])
        layers = self.peer.layers()
        for layer in layers:
            layer.count()
        for number, came in self.source.arrivals():
            self.peer.arrivals.add(number, came)
        received = self.wire.received()
        names = [one[8:12] + one[2:4] for one in received]
        assert len(set(names)) == len(names)
        assert not self._seen.intersection(names)
        self._seen.update(names)
        return (
            sorted(one[:17] + one[19:] for one in received),
            list(self.wire.asked),
            [
                (one.packets, one.octets, one.key_frames, one.nacked, one.repaired, one.numbers.highest)
                for one in layers
            ],
            [(one.copy.packets, one.copy.octets, one.repeated, one.switches) for one in self.watching],
            self._arrived(),
            (self.up.level, self.up.recent, self.peer.heard > 0),
        )

    def _arrived(self) -> list[tuple[int, list[bool]]]:
        """What the publisher is told of what came."""
        feedback = self.peer.arrivals.feedback(1, 2)
        reports = [] if feedback is None else list(rtcp.parse(feedback))
        told = [one for one in reports if isinstance(one, rtcp.Feedback)]
        return [(one.base, [at is not None for at in one.arrivals]) for one in told]

    def close(self) -> None:
        self.wire.close()
        self._socket.close()
