"""A subscriber at the other end of a real socket, and packets to send it, for the tests of what is forwarded."""

import socket
from itertools import pairwise
from typing import Any

import pylibsrtp

from backtolife.sessions.media.datapath import aiortc_internals, loop_native, loop_python
from backtolife.sessions.media.datapath.intake_python import Intake
from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.sdp.offer import Choice
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.ingress import Layer
from backtolife.sessions.media.tracks.uptrack import UpTrack

KEY = bytes(range(30))
VP8, OPUS = Choice(96, 97, None), Choice(111, None, 63)


def keys(key: bytes = KEY) -> tuple[pylibsrtp.Session, pylibsrtp.Session]:
    """Two ends with the same key: (sender, receiver)."""
    ways = (pylibsrtp.Policy.SSRC_ANY_OUTBOUND, pylibsrtp.Policy.SSRC_ANY_INBOUND)
    sender, receiver = (pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=way)) for way in ways)
    return sender, receiver


class Wire:
    """A subscriber at the other end of a socket pair, and a publisher whose requests are kept."""

    ssrc = 1

    def __init__(self, loop: str) -> None:
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._out.bind(("127.0.0.1", 0))
        self._out.setblocking(False)
        self._in = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._in.bind(("127.0.0.1", 0))
        self._in.setblocking(False)
        policy = pylibsrtp.Policy(key=KEY, ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        policy.allow_repeat_tx = True  # as aiortc has it: what is sent twice fails at the reader
        self._session = pylibsrtp.Session(policy)
        self._reader = pylibsrtp.Session(pylibsrtp.Policy(key=KEY, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND))
        made: Any = loop_native.Forwarding(self._out.fileno()) if loop == "compiled" else None
        self.forwarding = made or loop_python.Forwarding(self._out.sendto, self._out.fileno())
        self.intake: Any = made.intake if made else Intake(self._out)
        self.sent = self.forwarding.sent()
        self.asked: list[Any] = []

    @property
    def address(self) -> Any:
        """Where a publisher sends to."""
        return self._out.getsockname()

    def sending_context(self) -> Any:
        return aiortc_internals.context(self._session)

    def sending_address(self) -> Any:
        return self._in.getsockname()

    def send_rtcp(self, message: bytes) -> None:
        self.asked += list(rtcp.parse(message))

    def received(self) -> list[bytes]:
        """The clear packets that arrived."""
        packets = []
        while True:
            try:
                packets.append(self._reader.unprotect(self._in.recv(2048)))
            except BlockingIOError:
                return packets

    def close(self) -> None:
        self._out.close()
        self._in.close()


def camera(wire: Wire, *rids: str | None) -> tuple[UpTrack, list[Layer]]:
    up = UpTrack("video", 1, wire)
    layers = [Layer(up, 100 + place, rid, VP8, wire.forwarding) for place, rid in enumerate(rids)]
    for layer in layers:
        up.add(layer, 0.0)
    return up, layers


def viewer(wire: Wire, up: UpTrack, *, extension: int = 3) -> DownTrack:
    down = DownTrack(wire, up, payload_type=98, rtx_type=99, extension=extension, labels=("video",))
    down.choose(0.0)
    return down


def packet(
    sequence: int,
    timestamp: int,
    *,
    key: bool = False,
    picture: int = 0,
    tl0: int = 0,
    ssrc: int = 100,
    marker: bool = True,
) -> bytes:
    payload = bytes([0x90, 0xC0, 0x80 | picture >> 8, picture & 255, tl0, 0 if key else 1]) + b"picture"
    return rtp.HEADER.pack(0x80, 96 | (128 if marker else 0), sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + payload


def give(layer: Layer, data: bytes, now: float = 0.0) -> None:
    layer.receive(data, rtp.read_extensions(data, {}), now)


def numbers(packets: list[bytes]) -> list[int]:
    return [int.from_bytes(one[2:4], "big") for one in packets]


def times(packets: list[bytes]) -> list[int]:
    return [int.from_bytes(one[4:8], "big") for one in packets]


def pictures(packets: list[bytes]) -> list[int]:
    return [rtp.picture_id(one, 22) for one in packets]


def steps(values: list[int], modulus: int) -> list[int]:
    return [(later - earlier) % modulus for earlier, later in pairwise(values)]
