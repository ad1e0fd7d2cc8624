"""The media of one client: which packet belongs to which layer, and what its reports mean for whom."""

import random
from collections.abc import Callable

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.ports import ForwardingPort
from backtolife.sessions.media.limits.budget import DATAGRAMS, FEEDBACK, PICTURES, REPEATS, REPORTS, Budget
from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.packets.congestion import Arrivals
from backtolife.sessions.media.packets.queue_delay import Link
from backtolife.sessions.media.packets.rtp import Extensions
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.ingress import Layer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from backtolife.sessions.media.transport.transport import Transport
from backtolife.sessions.media.transport.udp import Address

MEANINGS = {
    sdp.LEVEL: rtp.LEVEL,
    sdp.TRANSPORT_CC: rtp.TRANSPORT_SEQUENCE,
    sdp.MID: rtp.MID,
    sdp.RID: rtp.RID,
    sdp.REPAIRED_RID: rtp.REPAIRED_RID,
}
MOST_FEEDBACKS = 4
"""Reports on what arrived that are read from one datagram."""
MOST_LAYERS = 32
"""Incoming streams of one client; more are refused."""


class Incoming:
    """A section in which the client sends."""

    def __init__(self, up: UpTrack, choice: sdp.Choice) -> None:
        self.up, self.choice = up, choice
        self.layers: dict[str | None, Layer] = {}


class Peer:
    """Ingress and egress of one client, over its transport."""

    def __init__(self, transport: Transport, forwarding: ForwardingPort, cname: str, budget: Budget) -> None:
        self.transport, self.forwarding, self._cname, self.budget = transport, forwarding, cname, budget
        self.ssrc = random.getrandbits(31) | 1
        self.extensions: dict[int, int] = {}
        self._meanings = forwarding.meanings(self.extensions)
        self.arrivals = Arrivals()
        self.down: dict[int, DownTrack] = {}
        """Down tracks by SSRC, of the stream and of its repetitions."""
        self._sections: dict[str, Incoming] = {}
        self._streams: dict[bytes, tuple[Layer, bool]] = {}
        self.unknown = self.refused = 0
        self._heard = 0.0
        self.sent = forwarding.sent()
        self.link = Link(self.sent)
        self.on_link: Callable[[float], None] = lambda _now: None
        """Told when `link` has something new."""

    @property
    def heard(self) -> float:
        """When the last datagram of media or reports came, in the loop's seconds."""
        return max(self._heard, float(self.transport.source.heard))

    def sending_context(self) -> Context | None:
        return self.transport.sending

    def sending_address(self) -> Address | None:
        return self.transport.address

    def send_rtcp(self, message: bytes) -> None:
        self.transport.send_rtcp(message)

    def expect(self, media: sdp.Media, up: UpTrack, choice: sdp.Choice, now: float) -> None:
        """The client sends `up` in this section. Simulcast layers are learned from their packets."""
        section = self._sections[media.mid] = Incoming(up, choice)
        if len(media.rids) < 2:
            repairs = set(media.repairs.values())
            for ssrc in [ssrc for ssrc in media.ssrcs if ssrc not in repairs][:1]:
                layer = self._add(section, ssrc, None, now)
                if ssrc in media.repairs:
                    self._enter(media.repairs[ssrc].to_bytes(4, "big"), layer, repairs=True)

    def learn_extensions(self, media: sdp.Media) -> None:
        for uri, number in media.extensions.items():
            if uri in MEANINGS:
                self.extensions[number] = MEANINGS[uri]
        self._meanings = self.forwarding.meanings(self.extensions)
        self.transport.source.understand(self.extensions)

    def forget(self, up: UpTrack) -> None:
        """Nothing more of this track is taken: it was unpublished or is no longer permitted."""
        for mid in [mid for mid, section in self._sections.items() if section.up is up]:
            del self._sections[mid]
        for key in [key for key, (layer, _) in self._streams.items() if layer.track is up]:
            self._drop(key)

    def _add(self, section: Incoming, ssrc: int, rid: str | None, now: float) -> Layer:
        layer = section.layers[rid] = Layer(section.up, ssrc, rid, section.choice, self.forwarding)
        self._enter(ssrc.to_bytes(4, "big"), layer, repairs=False)
        section.up.add(layer, now)
        return layer

    def _enter(self, key: bytes, layer: Layer, *, repairs: bool) -> None:
        """This SSRC is the layer's, or that of its repetitions, from now on, whosever it was."""
        self._drop(key)
        self._streams[key] = (layer, repairs)
        if not repairs:
            self.transport.source.add(layer.stream)

    def _drop(self, key: bytes) -> None:
        layer, repairs = self._streams.pop(key, (None, True))
        if layer is not None and not repairs:
            self.transport.source.remove(layer.stream)

    def layers(self) -> list[Layer]:
        return [layer for layer, repair in self._streams.values() if not repair]

    def receive(self, datagram: bytes, now: float, clear: Extensions | None) -> None:
        """Take an encrypted datagram: media, or reports; or a packet of media that is clear, with its extensions.

        What cannot be read is counted and left.
        """
        try:
            if clear is not None:
                self._received(datagram, clear, now)
                return
            if len(datagram) < rtp.HEADER_SIZE:
                raise Invalid("The datagram is too short.")
            if 191 < datagram[1] < 224:
                reports = self.transport.read_rtcp(datagram)
                self.transport.source.proved()
                self._read_reports(reports, now)
                return
            keys = self.transport.receiving
            opened = None if keys is None else self.forwarding.open(keys, datagram, self._meanings)
            if opened is None:
                self.refused += 1
                return
            self.transport.source.proved()
            packet, extensions = opened
            self._received(packet, extensions, now)
        except Invalid:
            self.refused += 1

    def _read_reports(self, reports: bytes, now: float) -> None:
        """Take a clear packet of reports, as far as the budget goes."""
        self._heard, feedbacks = now, 0
        for message in rtcp.parse(reports):
            feedbacks += isinstance(message, rtcp.Feedback)
            if feedbacks > MOST_FEEDBACKS or not self.budget.allows(REPORTS, now):
                return
            self._reported(message, now)

    def _received(self, packet: bytes, extensions: Extensions, now: float) -> None:
        self._heard = now
        if extensions.transport_sequence is not None:
            self.arrivals.add(extensions.transport_sequence, now)
        stream = self._streams.get(packet[8:12]) or self._learn(packet, now)
        if stream is None:
            self.unknown += 1
        elif stream[1]:
            stream[0].receive_repaired(packet, extensions, now)
        else:
            stream[0].receive(packet, extensions, now)

    def _learn(self, packet: bytes, now: float) -> tuple[Layer, bool] | None:
        """An SSRC that no offer named: the section and layer stand in its first packets."""
        extensions = rtp.read_extensions(packet, self.extensions)
        section = self._sections.get(extensions.mid.decode("ascii", "replace")) if extensions.mid else None
        if section is None or len(self._streams) >= MOST_LAYERS:
            return None
        if extensions.repaired_rid:
            layer = section.layers.get(extensions.repaired_rid.decode("ascii", "replace"))
            if layer is None:
                return None
            self._enter(packet[8:12], layer, repairs=True)
        elif packet[1] & 127 in (section.choice.main, section.choice.red):
            rid = extensions.rid.decode("ascii", "replace") if extensions.rid else None
            self._add(section, int.from_bytes(packet[8:12], "big"), rid, now)
        return self._streams.get(packet[8:12])

    def add(self, down: DownTrack) -> None:
        self.down[down.ssrc] = self.down[down.rtx_ssrc] = down

    def remove(self, down: DownTrack, now: float) -> None:
        down.stop(now)
        self.down.pop(down.ssrc, None)
        self.down.pop(down.rtx_ssrc, None)
        for ssrc in (down.ssrc, down.rtx_ssrc):
            self.transport.forget_sent(ssrc)

    def moved(self, now: float) -> None:
        """The client's address is new, and so is the way there."""
        self.link = Link(self.sent)
        self.rebind(now)

    def rebind(self, now: float) -> None:
        """Keys or address are new: every copy takes them, and those that could not start yet do."""
        for down in set(self.down.values()):
            if down.bind():
                down.choose(now)

    def _reported(self, message: rtcp.Message, now: float) -> None:
        if isinstance(message, rtcp.SenderReport):
            stream = self._streams.get(message.ssrc.to_bytes(4, "big"))
            if stream is not None and stream[0].heard_report(message.ntp, message.timestamp, now):
                for listener in stream[0].listeners:
                    listener.report(message.ntp, message.timestamp, self._cname)
        if isinstance(message, rtcp.SenderReport | rtcp.ReceiverReport):
            for block in message.blocks:
                if block.ssrc in self.down:
                    self.down[block.ssrc].fraction_lost = block.fraction / 256
        elif isinstance(message, rtcp.Nack):
            self._repeat(message, now)
        elif isinstance(message, rtcp.KeyFrameRequest):
            for ssrc in message.ssrcs[: self.budget.allowed(PICTURES, len(message.ssrcs), now)]:
                self._wants_picture(ssrc, now)
        elif isinstance(message, rtcp.Feedback) and self.budget.allows(FEEDBACK, now):
            self._fed_back(message, now)

    def _fed_back(self, message: rtcp.Feedback, now: float) -> None:
        if self.link.heard(message.base, message.arrivals, now):
            self.on_link(now)

    def _repeat(self, message: rtcp.Nack, now: float) -> None:
        """Send again what a viewer misses; of what is too much a new picture makes up for."""
        down = self.down.get(message.ssrc)
        if down is None:
            return
        allowed = self.budget.allowed(REPEATS, len(message.lost), now)
        down.repeat(message.lost[:allowed])
        if allowed < len(message.lost):
            down.ask_for_picture(now)

    def _wants_picture(self, ssrc: int, now: float) -> None:
        down = self.down.get(ssrc)
        if down is not None:
            down.asked_picture += 1
            down.ask_for_picture(now)

    def _allow(self, now: float) -> None:
        """Allow what time and what was sent have earned."""
        self.budget.sent(sum(down.copy.packets for down in set(self.down.values())))
        ignored = self.transport.source.allow(self.budget.earned(DATAGRAMS, now))
        if ignored:
            self.budget.refuse(DATAGRAMS, ignored)

    def tick(self, turn: int, now: float) -> None:
        """Every 100 ms: requests and feedback; every second: reports and a look at the chosen layers."""
        layers = self.layers()
        self._allow(now)
        for layer in layers:
            layer.tick(now)
        for number, came in self.transport.source.arrivals():
            self.arrivals.add(number, came)
        feedback = self.arrivals.feedback(self.ssrc, layers[0].ssrc if layers else 0)
        if feedback is not None:
            self.send_rtcp(feedback)
        if turn % 10 == 0:
            blocks = [block for layer in layers if (block := layer.block(now)) is not None]
            if blocks:
                self.send_rtcp(rtcp.receiver_report(self.ssrc, blocks))
        for down in set(self.down.values()):
            if down.up.kind == "video" and (turn % 10 == 5 or down.current is None or not down.current.live(now)):
                down.choose(now)
