"""What leaves: one copy of a track for one subscriber (down track).

Sequence numbers, timestamps and VP8 counters go on without a jump when the layer changes or the picture was off for
a while. A down track is `off` (nothing chosen), `waiting` (for the key frame of its first or next layer; the old
layer goes on) or `on`. It ends with `stop`.
"""

import random
from typing import Protocol

from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.ports import CopyPort, ForwardingPort
from backtolife.sessions.media.limits.budget import Allowance, Limit
from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.packets.queue_delay import Sent
from backtolife.sessions.media.packets.sequence import HALF
from backtolife.sessions.media.packets.stun import Address
from backtolife.sessions.media.tracks.uptrack import LAYERS, LayerPort, UpTrack

LONGEST_JUMP = 2.0
"""Seconds of timestamp that a change of layer may skip; beyond, the senders' clocks are not believed."""
ONE_FRAME = 3000
PICTURES = Limit(1, 5)
"""Key frames that one subscriber may ask for; every other one of the track gets them too."""


class Receiver(Protocol):
    """The subscriber's end."""

    forwarding: ForwardingPort
    sent: Sent

    def sending_context(self) -> Context | None: ...
    def sending_address(self) -> Address | None: ...
    def send_rtcp(self, message: bytes) -> None: ...


class DownTrack:
    def __init__(
        self,
        receiver: Receiver,
        up: UpTrack,
        *,
        payload_type: int,
        rtx_type: int | None,
        red_type: int | None = None,
        extension: int,
        labels: tuple[str, ...],
    ) -> None:
        """`extension` is the subscriber's identifier for the one extension we write, 0 where it accepts none.

        On sound that is the level, on pictures the number by which the subscriber reports them.
        """
        self.receiver, self.up, self.labels = receiver, up, labels
        self.rtx_type, self.red_type, self._plain_type = rtx_type, red_type, payload_type
        self.rtx_ssrc = random.getrandbits(31) | 1
        self._rtx_sequence = random.getrandbits(14)
        self.copy: CopyPort = receiver.forwarding.copy()
        self.copy.ssrc = random.getrandbits(31) | 1
        self.copy.payload_type = payload_type
        if 0 < extension < 15:
            self.copy.extension = extension << 4 | (1 if up.kind == "video" else 0)
        self.wanted = "f"
        self.limit = "f"
        """The largest layer that the link carries."""
        self.enabled = True
        self.withheld = False
        """The server sends nothing at present, for want of room on the link or in the engine."""
        self._redundant = True
        self.joined = 0
        self.current: LayerPort | None = None
        self.target: LayerPort | None = None
        self.switches = self.asked_again = self.repeated = self.asked_picture = 0
        self.fraction_lost = 0.0
        self._pictures = Allowance(PICTURES)
        self._started = False
        self._paused_at = 0.0
        self._rtx = receiver.forwarding.copy()
        if up.kind == "video" and self.copy.extension != rtp.NO_EXTENSION:
            for copy in (self.copy, self._rtx):
                receiver.forwarding.number(copy, receiver.sent)
        up.down.append(self)

    def takes_red(self, red: bool) -> bool:
        """Whether this copy goes out redundant when the publisher's packets are (`red`); its payload type follows."""
        if red and self.red_type is not None and self._redundant:
            self.copy.payload_type = self.red_type
            return True
        self.copy.payload_type = self._plain_type
        return False

    @property
    def ssrc(self) -> int:
        return int(self.copy.ssrc)

    def bind(self) -> bool:
        """Take keys and address from the subscriber's transport; False while it has none."""
        context, address = self.receiver.sending_context(), self.receiver.sending_address()
        if context is None or address is None:
            return False
        self.receiver.forwarding.bind(self.copy, context, address)
        self.receiver.forwarding.bind(self._rtx, context, address)
        return True

    def choose(self, now: float) -> None:
        """Aim for the best layer; the change happens on its next key frame."""
        if not self.enabled or self.withheld or self.up.held or self.receiver.sending_context() is None:
            return
        best = self.up.best(min(self.wanted, self.limit, key=LAYERS.index), now)
        if best is None or (best is self.target and (self.current is best or self in best.waiting)):
            return
        if self.target is not None and self in self.target.waiting:
            self.target.waiting.remove(self)
        self.target = best
        if best is not self.current:
            best.wait(self)
            best.ask_for_picture(now)

    def start_on(self, layer: LayerPort, number: int, packet: bytes, vp8: rtp.Vp8, now: float) -> None:
        """Go on with `layer` from this packet, its key frame."""
        previous = self.current
        timestamp = int.from_bytes(packet[4:8], "big")
        if not self.bind():
            layer.wait(self)
            return
        copy = self.copy
        if not self._started:
            sequence, own_timestamp = random.getrandbits(14), random.getrandbits(31)
            picture, tl0 = random.getrandbits(14), random.getrandbits(7)
        else:
            sequence, picture, tl0 = copy.last_sequence + 1, copy.last_picture + 1, copy.last_tl0 + 1
            own_timestamp = self._continued(previous, layer, timestamp, now)
        copy.sequence_offset = (sequence - number) & 0xFFFF
        copy.timestamp_offset = (own_timestamp - timestamp) & 0xFFFFFFFF
        if vp8.picture_at:
            copy.picture_offset = (picture - rtp.picture_id(packet, vp8.picture_at)) & 0x7FFF
        if vp8.tl0_at:
            copy.tl0_offset = (tl0 - packet[vp8.tl0_at]) & 255
        if previous is not None:
            previous.detach(self)
            self.switches += 1
        self._started = True
        self.joined = number
        self.current = self.target = layer
        layer.attach(self)

    def _continued(self, previous: LayerPort | None, layer: LayerPort, timestamp: int, now: float) -> int:
        last: int = self.copy.last_timestamp
        if previous is None:
            return last + max(1, int((now - self._paused_at) * layer.clock))
        if previous.report is not None and layer.report is not None:
            ntp = layer.report[0] + signed(timestamp - layer.report[1]) / layer.clock
            mapped = round(previous.report[1] + (ntp - previous.report[0]) * layer.clock) + self.copy.timestamp_offset
            ahead = signed(mapped - last)
            if 0 < ahead < layer.clock * LONGEST_JUMP:
                return last + ahead
        return last + ONE_FRAME

    def pause(self, now: float) -> None:
        """Send nothing from now on, until `resume`."""
        self.enabled = False
        self._leave(now)

    def resume(self, now: float) -> None:
        if not self.enabled:
            self.enabled = True
            self.choose(now)

    def withhold(self, withheld: bool, now: float) -> None:
        """Stop or go on for the server's reasons; what the client asked for stays."""
        self.withheld = withheld
        if withheld:
            self._leave(now)
        else:
            self.choose(now)

    def limit_to(self, layer: str, now: float) -> None:
        """Send no larger layer than this one."""
        if layer != self.limit:
            self.limit = layer
            self.choose(now)

    def be_redundant(self, redundant: bool) -> None:
        """Whether sound goes out twice over where it could."""
        if redundant != self._redundant:
            self._redundant = redundant
            if self.current is not None:
                self.current.place_again(self)

    def interrupt(self, now: float) -> None:
        """Begin anew with the next key frame: the publisher was muted meanwhile."""
        self._leave(now)
        self.choose(now)

    def _leave(self, now: float) -> None:
        if self.current is not None:
            self._paused_at = now
        for layer in (self.current, self.target):
            if layer is not None:
                layer.detach(self)
        self.current = self.target = None

    def stop(self, now: float) -> None:
        """The end: no packet leaves after this call."""
        self.pause(now)
        if self in self.up.down:
            self.up.down.remove(self)

    def repeat(self, lost: list[int]) -> None:
        """Send again what the subscriber misses, on its retransmission stream, as far as it is in the cache."""
        self.asked_again += len(lost)
        layer = self.current
        if layer is None or self.rtx_type is None:
            return
        self._rtx.payload_type = self.rtx_type
        for number in lost:
            full = layer.numbers.find((number - self.copy.sequence_offset) & 0xFFFF)
            kept = layer.stream.kept(full)
            if kept is not None and full >= self.joined:
                self._repeat(layer, kept.packet, kept.vp8, number)

    def _repeat(self, layer: LayerPort, packet: bytes, vp8: rtp.Vp8, number: int) -> None:
        rtx, copy = self._rtx, self.copy
        rtx.ssrc, rtx.extension = self.rtx_ssrc, copy.extension
        rtx.timestamp_offset, rtx.picture_offset, rtx.tl0_offset = (
            copy.timestamp_offset,
            copy.picture_offset,
            copy.tl0_offset,
        )
        rtx.sequence_offset = (self._rtx_sequence - (packet[2] << 8 | packet[3])) & 0xFFFF
        head, payload = packet[: rtp.CANONICAL_SIZE], packet[rtp.CANONICAL_SIZE :]
        wrapped = head + number.to_bytes(2, "big") + payload
        positions = [at + 2 if at else 0 for at in (vp8.picture_at, vp8.tl0_at)]
        layer.fanout.send_to(rtx, wrapped, *positions)
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
        self.repeated += 1

    def ask_for_picture(self, now: float) -> None:
        """The subscriber needs a key frame. One subscriber's needs are not everyone's: it gets so many."""
        if self.current is not None and self._pictures.take(1, now):
            self.current.ask_for_picture(now)

    def report(self, ntp: int, timestamp: int, cname: str) -> None:
        """Pass the publisher's clock on to the subscriber."""
        if self.current is not None and self.copy.packets:
            own = timestamp + self.copy.timestamp_offset
            message = rtcp.sender_report(
                self.ssrc, ntp, own, packets=self.copy.packets, octets=self.copy.octets, cname=cname
            )
            self.receiver.send_rtcp(message)


def signed(difference: int) -> int:
    """A difference of two 32 bit timestamps, the short way round."""
    half = HALF << 16
    return ((difference + half) & 0xFFFFFFFF) - half
