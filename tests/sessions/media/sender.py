"""The sending end of a client: packets in its own keys from its own address, lost, late, repaired or forged as told."""

import contextlib
import socket
from typing import Any

import pylibsrtp

from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.sdp.offer import Choice

SSRC, REPAIRS = 0x12345678, 0x22345678
LEVEL, NUMBER, MID, RID, REPAIRED = range(1, 6)
PACKETS = ("next", "key", "padding", "odd")
SIZES = "qf"


class Sender:
    """A camera in two sizes, or a microphone; the small size, then the large one, is what it sends."""

    def __init__(self, kind: str, choice: Choice, keys: pylibsrtp.Session, to: Any) -> None:
        self.kind, self.choice = kind, choice
        self._keys, self._to = keys, to
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = self._socket.getsockname()
        self.ssrc = SSRC
        self.numbers = [65530, 65100]
        """The last number sent of each size."""
        self._transport, self._repairs = 65533, 65534
        self._size = 0
        self._red = False
        self._late: list[bytes] = []
        """Datagrams that come after those that follow them."""
        self._lost: list[tuple[int, bytes]] = []
        """Sizes and clear packets that can be sent again."""

    def packet(self, kind: str) -> None:
        """One of `PACKETS`."""
        self.send(self._seal(self._packet(key=kind == "key", padding=kind == "padding", odd=kind == "odd")))

    def _packet(self, *, key: bool = False, padding: bool = False, odd: bool = False) -> bytes:
        self.numbers[self._size] += 1
        number, red = self.numbers[self._size], self.kind == "audio" and self._red
        payload_type = self.choice.red if red else self.choice.main
        header = rtp.HEADER.pack(
            0x90 | 0x20 * padding | odd,
            payload_type,
            number & 0xFFFF,
            number * 900 & 0xFFFFFFFF,
            self.ssrc + self._size,
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
        return self._keys.protect(packet)

    def send(self, datagram: bytes) -> None:
        self._socket.sendto(datagram, self._to)

    def garbled(self, first: int, payload_type: int, rest: bytes) -> None:
        """A packet with any content, in the publisher's own keys."""
        self.numbers[0] += 1
        header = rtp.HEADER.pack(first, payload_type, self.numbers[0] & 0xFFFF, 0, SSRC)
        with contextlib.suppress(pylibsrtp.Error):
            self.send(self._seal(header + rest))

    def twice(self) -> None:
        datagram = self._seal(self._packet())
        self.send(datagram)
        self.send(datagram)

    def forged(self) -> None:
        self.send(self._seal(self._packet())[:-1] + b"?")

    def report(self) -> None:
        """It says that it is there."""
        self.send(self._keys.protect_rtcp(rtcp.receiver_report(SSRC, [])))

    def forged_report(self) -> None:
        self.send(self._keys.protect_rtcp(rtcp.receiver_report(SSRC, []))[:-1] + b"?")

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
            self.send(self._seal(again))

    def other(self) -> None:
        """The other size is what comes now."""
        self._size = 1 - self._size if self.kind == "video" else 0

    def red(self) -> None:
        self._red = not self._red

    def catch_up(self) -> None:
        """What is late comes now."""
        for late in self._late:
            self.send(late)
        self._late = []

    def close(self) -> None:
        self._socket.close()
