"""A published track as the room forwards it: its layers, and those who listen.

A track that is blocked (muted, or no longer permitted) or held (a voice without a place) forwards nothing, whatever the
client sends.
"""

from typing import Protocol

from backtolife.sessions.media.datapath.ports import CopyPort, FanoutPort, StreamPort
from backtolife.sessions.media.packets import rtp
from backtolife.sessions.media.packets.sequence import Extender

LAYERS = ("q", "h", "f")
"""LiveKit's names of simulcast layers, smallest first."""
SPEECH = 50
"""A packet louder than this many -dBov may be speech."""


class LayerPort(Protocol):
    """One incoming stream of a track, as its track and those who listen see it."""

    rid: str | None
    stream: StreamPort
    fanout: FanoutPort
    numbers: Extender
    report: tuple[float, int] | None
    """The publisher's clock: (NTP seconds, RTP timestamp) of its last sender report."""
    waiting: "list[Listener]"
    packets: int
    repaired: int
    key_frames: int
    bitrate: int

    @property
    def clock(self) -> int: ...
    def live(self, now: float) -> bool: ...
    def wait(self, listener: "Listener") -> None: ...
    def attach(self, listener: "Listener") -> None: ...
    def detach(self, listener: "Listener") -> None: ...
    def place_again(self, listener: "Listener") -> None: ...
    def ask_for_picture(self, now: float) -> None: ...


class Listener(Protocol):
    """A down track as its layer sees it."""

    copy: CopyPort
    joined: int

    def start_on(self, layer: LayerPort, number: int, packet: bytes, vp8: rtp.Vp8, now: float) -> None: ...
    def choose(self, now: float) -> None: ...
    def takes_red(self, red: bool) -> bool: ...
    def interrupt(self, now: float) -> None: ...
    def report(self, ntp: int, timestamp: int, cname: str) -> None: ...


class Reporter(Protocol):
    """The publisher's end: where requests about its streams go."""

    ssrc: int

    def send_rtcp(self, message: bytes) -> None: ...


class Places(Protocol):
    """Who decides which voices are forwarded."""

    def claim(self, track: "UpTrack", level: int, now: float) -> None: ...


class UpTrack:
    """A published track: its layers and those who listen."""

    def __init__(self, kind: str, source: int, reporter: Reporter) -> None:
        self.kind, self.source, self.reporter = kind, source, reporter
        self.layers: dict[str | None, LayerPort] = {}
        self._all: list[LayerPort] = []
        """Also those whose place another stream took: they may still have listeners."""
        self.down: list[Listener] = []
        self.level = rtp.SILENCE
        """The loudest level since it was last read, in -dBov."""
        self.recent = rtp.SILENCE
        """The same, for the choice of voices, which looks more often."""
        self._blocked = self._held = False
        self.waits_for_place: Places | None = None

    @property
    def blocked(self) -> bool:
        """Whether nothing of it may be forwarded."""
        return self._blocked

    @blocked.setter
    def blocked(self, blocked: bool) -> None:
        self._blocked = blocked
        self._think()

    @property
    def held(self) -> bool:
        """A voice that is not among the loudest: measured, but not forwarded."""
        return self._held

    @held.setter
    def held(self, held: bool) -> None:
        self._held = held
        self._think()

    def _think(self) -> None:
        for layer in self._all:
            layer.stream.take_slow_path()

    def hold(self, now: float) -> None:
        """Forward nothing until `release`."""
        self.held = True
        for listener in self.down:
            listener.interrupt(now)

    def release(self, now: float) -> None:
        """Forward again, from the next packet on."""
        self.held = False
        for listener in self.down:
            listener.choose(now)

    def heard(self, level: int, now: float) -> None:
        """A packet of sound at `level` -dBov, which may claim a place."""
        self.measure(level)
        if self.held and level < SPEECH and self.waits_for_place is not None:
            self.waits_for_place.claim(self, level, now)

    def measure(self, level: int) -> None:
        """Sound came at `level` -dBov."""
        self.level, self.recent = min(self.level, level), min(self.recent, level)

    def take_recent(self) -> int:
        recent, self.recent = self.recent, rtp.SILENCE
        return recent

    def add(self, layer: LayerPort, now: float) -> None:
        self.layers[layer.rid] = layer
        self._all.append(layer)
        for listener in self.down:
            listener.choose(now)

    def best(self, wanted: str, now: float) -> LayerPort | None:
        """The largest live layer that is not larger than `wanted`; the smallest live one where all are larger."""
        if None in self.layers:
            return self.layers[None]
        present = [self.layers[rid] for rid in LAYERS if rid in self.layers]
        live = [layer for layer in present if layer.live(now)] or present
        fitting = [layer for layer in live if LAYERS.index(str(layer.rid)) <= LAYERS.index(wanted)]
        return fitting[-1] if fitting else live[0] if live else None

    def take_level(self) -> int:
        """The loudest level since the last call."""
        level, self.level = self.level, rtp.SILENCE
        return level
