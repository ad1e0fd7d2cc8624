"""A bad network between two interfaces, in user space, for kernels without netem.

    python -m benchmarks.media.rig.impair IF_A IF_B

Bridges raw Ethernet frames between two veth ends and impairs each direction alike. Settings come as JSON to UDP
127.0.0.1:9999 in the same namespace and are answered with settings and counters: `delay` and `jitter` in ms, `loss`
in per cent, `burst` the mean length of a loss run (1: independent), `rate` in kbit/s (0: none) with a tail-drop
`queue` in bytes; `up_only` of 1 impairs only what comes in by IF_A, from the client. `{"loss": 100}` is a blackout.
ARP is never dropped. Segmentation offload must be off on every end.
"""

import heapq
import json
import random
import select
import socket
import sys
import time
from dataclasses import asdict, dataclass, fields, replace

ETH_P_ALL, PACKET_OUTGOING, ARP = 3, 4, b"\x08\x06"
CONTROL_PORT = 9999
BATCH = 64


@dataclass(frozen=True)
class Impairment:
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    burst: float = 1.0
    rate: float = 0.0
    queue: float = 64000.0
    up_only: float = 0.0

    def merged(self, update: dict[str, float]) -> "Impairment":
        known = {field.name for field in fields(self)}
        return replace(self, **{key: float(value) for key, value in update.items() if key in known})


class Direction:
    """Frames read on one interface, leaving on the other."""

    def __init__(self, target: socket.socket) -> None:
        self.target = target
        self._free_at = 0.0
        self._losing = False

    def loses(self, impairment: Impairment) -> bool:
        """Gilbert's model: a share of the frames is lost, in runs."""
        share, burst = impairment.loss / 100, impairment.burst
        if share <= 0 or share >= 1:
            return share > 0
        if burst <= 1:
            return random.random() < share
        enter = share / (burst * (1 - share))
        self._losing = random.random() > 1 / burst if self._losing else random.random() < enter
        return self._losing

    def departure(self, size: int, now: float, impairment: Impairment) -> float | None:
        """When the frame has left a link of this rate; None when the queue is full."""
        if not impairment.rate:
            return now
        per_second = impairment.rate * 125
        start = max(now, self._free_at)
        if (start - now) * per_second > impairment.queue:
            return None
        self._free_at = start + size / per_second
        return self._free_at


class Bridge:
    def __init__(self, names: list[str]) -> None:
        first, second = (open_interface(name) for name in names)
        self._first = first
        self._ways = {first: Direction(second), second: Direction(first)}
        self._control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._control.bind(("127.0.0.1", CONTROL_PORT))
        self._impairment = Impairment()
        self._waiting: list[tuple[float, int, socket.socket, bytes]] = []
        self._serial = 0
        self._counters = {"forwarded": 0, "lost": 0, "queue_full": 0}

    def run(self) -> None:
        """Until killed."""
        while True:
            self._release(time.monotonic())
            pause = max(0.0, min(1.0, self._waiting[0][0] - time.monotonic())) if self._waiting else 1.0
            readable, _, _ = select.select([*self._ways, self._control], [], [], pause)
            for source in readable:
                if source is self._control:
                    self._told()
                else:
                    self._take(source, self._ways[source], time.monotonic())

    def _release(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            _, _, target, frame = heapq.heappop(self._waiting)
            target.send(frame)
            self._counters["forwarded"] += 1

    def _told(self) -> None:
        message, sender = self._control.recvfrom(2000)
        self._impairment = self._impairment.merged(json.loads(message))
        self._control.sendto(json.dumps(asdict(self._impairment) | self._counters).encode(), sender)

    def _take(self, source: socket.socket, way: Direction, now: float) -> None:
        impairment = Impairment() if self._impairment.up_only and source is not self._first else self._impairment
        for _ in range(BATCH):
            try:
                frame, address = source.recvfrom(65600)
            except BlockingIOError:
                return
            if address[2] == PACKET_OUTGOING:
                continue
            if frame[12:14] != ARP and way.loses(impairment):
                self._counters["lost"] += 1
                continue
            leaves = way.departure(len(frame), now, impairment)
            if leaves is None:
                self._counters["queue_full"] += 1
                continue
            delay = max(0.0, impairment.delay + random.gauss(0, impairment.jitter)) / 1000
            self._serial += 1
            heapq.heappush(self._waiting, (leaves + delay, self._serial, way.target, frame))


def open_interface(name: str) -> socket.socket:
    raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    raw.bind((name, 0))
    raw.setblocking(False)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    return raw


if __name__ == "__main__":
    Bridge(sys.argv[1:3]).run()
