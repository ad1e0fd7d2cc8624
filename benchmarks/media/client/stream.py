"""Made-up media of a given rate: VP8 with picture numbers and key frames on request, Opus with levels."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import pylibsrtp

from backtolife.sessions.media.packets import rtcp, rtp
from benchmarks.media.client.offer import Streams

FRAMES_PER_SECOND = 20
PACKETS_PER_FRAME = 3
PACKET_BYTES = 1010
"""20 frames of 3 packets make some 490 kbit/s in 60 packets/s."""
SOUND_EVERY = 0.02
PACKETS_PER_SECOND = FRAMES_PER_SECOND * PACKETS_PER_FRAME + round(1 / SOUND_EVERY)
ONE_LAYER = 0x20
"""The byte with the temporal layer, which must be there where its counter is (RFC 7741)."""
SOUND_BYTES = 80
NTP_EPOCH = 2208988800
STAMP = b"TSTS"
"""Ends every packet, after eight bytes of send time in nanoseconds."""


@dataclass(frozen=True)
class Payloads:
    """Payload types the other side agreed to."""

    audio: int = 111
    video: int = 96


class Sender:
    def __init__(
        self, session: pylibsrtp.Session, send: Callable[[bytes], None], streams: Streams, payloads: Payloads
    ) -> None:
        self._session, self._send, self._streams, self._payloads = session, send, streams, payloads
        self._video, self._audio, self._transport, self._picture = (random.getrandbits(15) for _ in range(4))
        self._video_time, self._audio_time = random.getrandbits(30), random.getrandbits(30)
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._due: dict[str, float] = {}
        self.level = random.randrange(20, 90)
        self.key_frame_wanted = True
        self.sent = 0

    def start(self) -> None:
        now = asyncio.get_running_loop().time()
        for name, work, every in self._jobs():
            self._due[name] = now + random.random() * every
            self._timers[name] = asyncio.get_running_loop().call_at(self._due[name], self._run, name, work, every)

    def _jobs(self) -> tuple[tuple[str, Callable[[], None], float], ...]:
        return (
            ("video", self._frame, 1 / FRAMES_PER_SECOND),
            ("audio", self._sound, SOUND_EVERY),
            ("reports", self._reports, 1.0),
        )

    def _run(self, name: str, work: Callable[[], None], every: float) -> None:
        work()
        self._due[name] += every
        self._timers[name] = asyncio.get_running_loop().call_at(self._due[name], self._run, name, work, every)

    def stop(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _packet(self, header: bytes, extensions: bytes, payload: bytes) -> None:
        stamped = payload + time.time_ns().to_bytes(8, "big") + STAMP
        self._send(self._session.protect(header + b"\xbe\xde\x00\x02" + extensions + stamped))
        self.sent += 1

    def _sequence(self) -> bytes:
        self._transport = (self._transport + 1) & 0xFFFF
        return b"\x31" + self._transport.to_bytes(2, "big")

    def _frame(self) -> None:
        self._video_time = (self._video_time + 90000 // FRAMES_PER_SECOND) & 0xFFFFFFFF
        self._picture = (self._picture + 1) & 0x7FFF
        key, self.key_frame_wanted = self.key_frame_wanted, False
        for part in range(PACKETS_PER_FRAME):
            self._video = (self._video + 1) & 0xFFFF
            marker = 128 if part == PACKETS_PER_FRAME - 1 else 0
            header = rtp.HEADER.pack(
                0x90, self._payloads.video | marker, self._video, self._video_time, self._streams.video
            )
            send_time = int((time.time() + NTP_EPOCH) * (1 << 18)) & 0xFFFFFF
            extensions = b"\x22" + send_time.to_bytes(3, "big") + self._sequence() + b"\0"
            first = 0x90 if part == 0 else 0x80
            number = (0x8000 | self._picture).to_bytes(2, "big")
            descriptor = bytes([first, 0xE0]) + number + bytes([self._picture & 255, ONE_LAYER, 0 if key else 1])
            self._packet(header, extensions, descriptor + bytes(PACKET_BYTES))

    def _sound(self) -> None:
        self._audio = (self._audio + 1) & 0xFFFF
        self._audio_time = (self._audio_time + 960) & 0xFFFFFFFF
        header = rtp.HEADER.pack(0x90, self._payloads.audio, self._audio, self._audio_time, self._streams.audio)
        self._packet(header, bytes((0x10, self.level)) + self._sequence() + b"\0\0\0", bytes(SOUND_BYTES))

    def _reports(self) -> None:
        ntp = int((time.time() + NTP_EPOCH) * (1 << 32))
        for ssrc, timestamp in ((self._streams.video, self._video_time), (self._streams.audio, self._audio_time)):
            report = rtcp.sender_report(ssrc, ntp, timestamp, packets=self.sent, octets=0, cname="x")
            self._send(self._session.protect_rtcp(report))
