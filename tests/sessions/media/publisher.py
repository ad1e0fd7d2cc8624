"""The engine's end of a client that sends (`sender`), and those who watch or listen to it.

Told what happens, it says what came of it.
"""

import random
import time
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import pylibsrtp

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.datapath.intake_python import DATAGRAMS_AT_ONCE
from backtolife.sessions.media.limits.budget import Budget
from backtolife.sessions.media.packets import rtcp
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.tracks import egress, peer
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.peer import Peer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from tests.sessions.media.sender import LEVEL, MID, NUMBER, PACKETS, REPAIRED, RID, SIZES, SSRC, Sender
from tests.sessions.media.wire import KEY, OPUS, VP8, Wire, keys

EXTENSIONS = {sdp.LEVEL: LEVEL, sdp.TRANSPORT_CC: NUMBER, sdp.MID: MID, sdp.RID: RID, sdp.REPAIRED_RID: REPAIRED}


class Publisher:
    """A client's track as the engine has it, those who take it, and the client that sends it."""

    def __init__(self, loop: str, kind: str) -> None:
        # The engine's random numbers come from a row of our own: another thread that draws one shifts the common row.
        self._patches = ExitStack()
        for module in (egress, peer):
            self._patches.enter_context(patch.object(module, "random", random.Random(7)))
        self._now = time.monotonic()
        self.wire = Wire(loop)
        self.kind, self.choice = kind, VP8 if kind == "video" else OPUS
        sealing, self._session = keys(KEY[::-1])
        self.sender = Sender(kind, self.choice, sealing, self.wire.address)
        self.receiving = aiortc_internals.context(self._session)
        self.source = self.wire.intake.source()
        self.source.unlock(self.receiving)
        self.wire.intake.remember(self.sender.address, self.source)
        self.peer = Peer(self, self.wire.forwarding, "c", Budget())  # type: ignore[arg-type]
        self.watching: list[DownTrack] = []
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

    def read_rtcp(self, datagram: bytes) -> bytes:
        try:
            return self._session.unprotect_rtcp(datagram)
        except pylibsrtp.Error:
            raise Invalid("The RTCP packet is not authentic.") from None

    def tell(self, event: str) -> None:
        """One thing that happens."""
        if event in PACKETS:
            self.sender.packet(event)
        else:
            getattr(self if hasattr(self, event) else self.sender, event)()

    def begin_again(self) -> None:
        """The same track comes on new streams."""
        self.drain()
        self.sender.ssrc += 16

    def back(self) -> None:
        """It comes on the streams before those again."""
        self.drain()
        self.sender.ssrc -= 16 * (self.sender.ssrc > SSRC + 1)

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
        self.sender.other()

    def drain(self) -> None:
        """What was sent so far is taken."""
        self.sender.catch_up()
        while taken := list(self.wire.intake.take()):
            for datagram, _, clear in taken:
                if self.source.admits():
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
            self.account(),
        )

    def account(self) -> tuple[int, int]:
        """How many datagrams count against it as its own, and how many as those of anybody."""
        known = self.source
        left = (
            (known.struct.left, known.struct.doubtful)
            if self.wire.forwarding.name == "compiled"
            else (known._left, known._doubtful)
        )
        return DATAGRAMS_AT_ONCE - left[0], DATAGRAMS_AT_ONCE - left[1]

    def _arrived(self) -> list[tuple[int, list[bool]]]:
        """What the publisher is told of what came."""
        feedback = self.peer.arrivals.feedback(1, 2)
        reports = [] if feedback is None else list(rtcp.parse(feedback))
        told = [one for one in reports if isinstance(one, rtcp.Feedback)]
        return [(one.base, [at is not None for at in one.arrivals]) for one in told]

    def close(self) -> None:
        self.wire.close()
        self.sender.close()
        self._patches.close()
