"""What arrives: the layers of a published track, each one incoming stream.

A layer is `live` while packets come, and silent after half a second without; subscribers of a silent layer are moved
to a live one. A track that is blocked (muted by the server, or no longer permitted) forwards nothing, whatever the
client sends.
"""

from backtolife.sessions.media.datapath.ports import FanoutPort, ForwardingPort
from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.packets.rtp import Extensions
from backtolife.sessions.media.packets.sequence import Extender, Gaps
from backtolife.sessions.media.sdp.offer import Choice
from backtolife.sessions.media.tracks.uptrack import Listener, UpTrack

SILENT_AFTER = 0.5
MOST_LOSING = 0.25
"""Share of its packets of sound that a link may lose and is still asked to bring again."""
PICTURE_REQUEST_EVERY = 0.4
REPORT_EVERY = 0.2
"""Seconds; a browser reports once a second, and every report is passed on to every listener."""
CLOCK = {"video": 90000, "audio": 48000}
LEVEL_HEADER = 0x00
NUMBERED_LATER = bytes(4)
"""Where each copy of a picture gets the number that its viewer reports."""
NO_VP8 = rtp.Vp8(False, 0, 0)


class Layer:
    """One incoming stream of a track."""

    def __init__(self, track: UpTrack, ssrc: int, rid: str | None, choice: Choice, forwarding: ForwardingPort) -> None:
        self.track, self.ssrc, self.rid, self.choice = track, ssrc, rid, choice
        self.fanout, self.red_fanout = forwarding.fanout(), forwarding.fanout()
        self.redundant = False
        """Whether the publisher's sound comes with every frame twice (RED) at present."""
        self.listeners: list[Listener] = []
        self._fanouts: dict[Listener, FanoutPort] = {}
        self.waiting: list[Listener] = []
        """Down tracks that begin with the next key frame (sound: with the next packet)."""
        self.numbers, self.gaps = Extender(), Gaps()
        self.stream = forwarding.stream(ssrc, self.fanout, self.red_fanout, pictures=track.kind == "video")
        self.packets = self.octets = self.repaired = self.key_frames = self.asked = self.nacked = 0
        self.last_heard = 0.0
        self.report: tuple[float, int] | None = None
        """The publisher's clock: (NTP seconds, RTP timestamp) of its last sender report."""
        self._report_ntp = 0
        self._report_heard = 0.0
        self._asked_at = 0.0
        self._reported = (0, 0)
        self.fraction_lost = 0.0
        self.bitrate = 0
        """Bit/s of payload in the last second."""
        self._counted = (0, 0.0)
        self._sample: tuple[int, float] | None = None
        """The timestamp of the newest packet of sound, and when it came."""

    @property
    def clock(self) -> int:
        return CLOCK[self.track.kind]

    def live(self, now: float) -> bool:
        self.count()
        return now - self.last_heard < SILENT_AFTER

    def receive(self, packet: bytes, extensions: Extensions, now: float) -> None:
        """Take a clear packet of this stream and forward it."""
        if not self.stream.has_fast_path:
            self._receive(packet, extensions, now)
            return
        self.count()
        try:
            self._receive(packet, extensions, now)
        finally:
            self._hurry(packet[1] & 127)

    def count(self) -> None:
        """Count what was forwarded without us."""
        counted = self.stream.counted()
        if counted is None:
            return
        self.numbers.highest += counted.packets
        self.packets += counted.packets
        self.octets += counted.octets
        self.last_heard = counted.heard
        if self.track.kind == "audio":
            self.track.measure(counted.level)
            self._sample = (counted.timestamp, counted.heard)

    def take_sample(self) -> tuple[int, float] | None:
        """The newest packet's timestamp and when it came, of sound; None when there was none since the last call."""
        self.count()
        sample, self._sample = self._sample, None
        return sample

    def _hurry(self, payload_type: int) -> None:
        """Let the next packet go on without us, unless there is something to decide."""
        changing = self.redundant != (payload_type == self.choice.red)
        if not (self.track.blocked or self.track.held or self.waiting or changing):
            self.stream.take_fast_path(self.numbers.highest + 1, payload_type, redundant=self.redundant)

    def _receive(self, packet: bytes, extensions: Extensions, now: float) -> None:
        previous = self.numbers.highest
        number = self.numbers.extend(packet[2] << 8 | packet[3])
        if number > previous + 1 and previous and self._worth_asking():
            self._ask_again(self.gaps.jumped(previous, number, now))
        elif number < previous:
            self.gaps.filled(number)
        self.packets += 1
        self.last_heard = now
        end = len(packet) - (packet[-1] if packet[0] & 32 else 0)
        if self.track.blocked:
            return
        if end <= extensions.payload_at:
            self._forward(number, rtp.canonical_padding(packet), NO_VP8, number < previous)
            return
        self.octets += end - extensions.payload_at
        if self.track.kind == "video":
            self._receive_picture(number, packet, extensions.payload_at, end, now)
        else:
            self._receive_sound(number, packet, extensions, end, now)

    def _receive_picture(self, number: int, packet: bytes, at: int, end: int, now: float) -> None:
        late = number < self.numbers.highest
        clear = rtp.canonical(packet, at, end, NUMBERED_LATER)
        vp8 = rtp.read_vp8(clear, rtp.CANONICAL_SIZE)
        self.key_frames += vp8.key_frame
        if vp8.key_frame:
            self._start_waiting(number, clear, vp8, now)
        self.stream.keep(number, clear, vp8)
        self._forward(number, clear, vp8, late)

    def _receive_sound(self, number: int, packet: bytes, extensions: Extensions, end: int, now: float) -> None:
        self.track.heard(extensions.level, now)
        late, at = number < self.numbers.highest, extensions.payload_at
        if not late:
            self._sample = (int.from_bytes(packet[4:8], "big"), now)
        if self.track.held:
            return
        element = bytes((LEVEL_HEADER, extensions.level, 0, 0))
        redundant = packet[1] & 127 == self.choice.red
        primary = rtp.red_primary(packet, at, end) if redundant else at
        if redundant != self.redundant:
            self.redundant = redundant
            self._sort_listeners()
        clear = rtp.canonical(packet, primary, end, element)
        self._start_waiting(number, clear, NO_VP8, now)
        if redundant and len(self.red_fanout):
            self._forward(number, rtp.canonical(packet, at, end, element), NO_VP8, late, self.red_fanout)
        self._forward(number, clear, NO_VP8, late)

    def _start_waiting(self, number: int, packet: bytes, vp8: rtp.Vp8, now: float) -> None:
        if self.waiting:
            waiting, self.waiting = self.waiting, []
            for listener in waiting:
                listener.start_on(self, number, packet, vp8, now)

    def _sort_listeners(self) -> None:
        """The publisher began or ceased to send redundant sound: each listener gets what it can take."""
        for listener in self.listeners:
            self.place_again(listener)

    def place_again(self, listener: Listener) -> None:
        """What this listener takes has changed."""
        self._fanouts.pop(listener).remove(listener.copy)
        self._place(listener)

    def _place(self, listener: Listener) -> None:
        fanout = self.red_fanout if listener.takes_red(self.redundant) else self.fanout
        self._fanouts[listener] = fanout
        fanout.add(listener.copy)
        self.stream.take_slow_path()

    def receive_repaired(self, packet: bytes, extensions: Extensions, now: float) -> None:
        """Take a packet of the retransmission stream: two bytes of the original number, then the payload."""
        at = extensions.payload_at
        if len(packet) < at + 3 or packet[0] & 32:
            return
        self.repaired += 1
        original = packet[at : at + 2]
        if not self.gaps.filled(self.numbers.find(original[0] << 8 | original[1])):
            return
        kind = bytes((packet[0], packet[1] & 128 | self.choice.main))
        restored = kind + original + packet[4:8] + self.ssrc.to_bytes(4, "big") + packet[12:at] + packet[at + 2 :]
        self.receive(restored, extensions, now)

    def _forward(self, number: int, packet: bytes, vp8: rtp.Vp8, late: bool, fanout: FanoutPort | None = None) -> None:
        fanout = self.fanout if fanout is None else fanout
        if not late:
            fanout.send(packet, vp8.picture_at, vp8.tl0_at)
            return
        for listener in self.listeners:
            if listener.joined <= number and self._fanouts[listener] is fanout:
                copy = listener.copy
                last = copy.last_sequence, copy.last_timestamp, copy.last_picture, copy.last_tl0
                fanout.send_to(copy, packet, vp8.picture_at, vp8.tl0_at)
                copy.last_sequence, copy.last_timestamp, copy.last_picture, copy.last_tl0 = last

    def wait(self, listener: Listener) -> None:
        """Let it begin with the next key frame (sound: with the next packet)."""
        self.waiting.append(listener)
        self.stream.take_slow_path()

    def attach(self, listener: Listener) -> None:
        self.listeners.append(listener)
        self._place(listener)

    def detach(self, listener: Listener) -> None:
        """Stop sending to this down track at once, and stop it waiting."""
        if listener in self.listeners:
            self.listeners.remove(listener)
            self._fanouts.pop(listener).remove(listener.copy)
        if listener in self.waiting:
            self.waiting.remove(listener)

    def ask_for_picture(self, now: float) -> None:
        """Ask the publisher for a key frame, not more often than it can make one."""
        if self.track.kind == "video" and now - self._asked_at >= PICTURE_REQUEST_EVERY:
            self._asked_at = now
            self.asked += 1
            self.track.reporter.send_rtcp(rtcp.picture_loss(self.track.reporter.ssrc, self.ssrc))

    def _worth_asking(self) -> bool:
        """Whether what is lost should be sent again: on a link that loses a lot of sound it would lose more."""
        return self.track.kind == "video" or self.fraction_lost < MOST_LOSING

    def _ask_again(self, numbers: list[int]) -> None:
        if numbers:
            self.nacked += len(numbers)
            lost = [number & 0xFFFF for number in numbers]
            self.track.reporter.send_rtcp(rtcp.nack(self.track.reporter.ssrc, self.ssrc, lost))

    def tick(self, now: float) -> None:
        """Every 100 ms: ask again for what is missing, and for a picture that someone waits for."""
        self.count()
        due = self.gaps.due(now)
        self._ask_again(due.again)
        if due.lost or self.waiting:
            self.ask_for_picture(now)

    def heard_report(self, ntp: int, timestamp: int, now: float) -> bool:
        """The publisher's sender report: `ntp` in 32.32 fixed point. False when the last one was just before it."""
        if self.report is not None and 0 <= now - self._report_heard < REPORT_EVERY:
            return False
        self._report_ntp, self._report_heard = ntp >> 16 & 0xFFFFFFFF, now
        self.report = (ntp / (1 << 32), timestamp)
        return True

    def block(self, now: float) -> rtcp.Block | None:
        """What we say to the publisher about this stream once a second."""
        self._count_bits(now)
        expected, received = self.numbers.expected, self.packets
        if not expected:
            return None
        new_expected, new_received = expected - self._reported[0], received - self._reported[1]
        self._reported = (expected, received)
        self.fraction_lost = max(0.0, 1 - new_received / new_expected) if new_expected > 0 else 0.0
        delay = int((now - self._report_heard) * 65536) & 0xFFFFFFFF if self._report_ntp else 0
        lost = max(0, expected - received)
        return rtcp.Block(
            self.ssrc, min(255, int(self.fraction_lost * 256)), lost, self.numbers.highest, self._report_ntp, delay
        )

    def _count_bits(self, now: float) -> None:
        octets, since = self._counted
        if now > since:
            self.bitrate = int((self.octets - octets) * 8 / (now - since))
        self._counted = (self.octets, now)
