"""One member of a group who attacks the engine with what members may send. `python -m benchmarks.media.hostile`

Prints for each attack, on both loops, what the others noticed and what it cost. The soak holds it to its reach.
"""

import asyncio
import contextlib
import os
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp

from backtolife.sessions.media.packets import rtcp, stun
from benchmarks.media.client.synthetic import SyntheticClient
from benchmarks.media.measuring import load, machine
from benchmarks.media.measuring.figures import Figures
from tests.support.media.engine import RunningEngine, running_engine

PEOPLE = int(os.environ.get("PEOPLE", "12"))
SECONDS = float(os.environ.get("SECONDS", "15"))
ADDRESSES = 248
TICK = 0.02
LOOPS = ("compiled", "python")
MOST_DELAY, MOST_MORE = 20.0, 30.0
"""Milliseconds at p99 for the others, and percent of a core more than without the attack."""

Send = Callable[[int], None]
"""Send so many of the attack's datagrams."""


class Attacker:
    """A member with a path of its own to the engine."""

    def __init__(self, client: SyntheticClient) -> None:
        self._path = client._path
        self._more = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(ADDRESSES)]
        for one in self._more:
            one.bind(("127.0.0.1", 0))
            one.setblocking(False)
        self._checks = self._signed(client._answer)
        self._turn = 0

    def _signed(self, description: str) -> list[bytes]:
        lines = dict(
            line[2:].split(":", 1) for line in description.splitlines() if line.startswith(("a=ice-ufrag", "a=ice-pwd"))
        )
        user = f"{lines['ice-ufrag']}:{self._path.credentials.fragment}"
        return [
            stun.request(secrets.token_bytes(12), user, lines["ice-pwd"], nominate=bool(number % 2))
            for number in range(ADDRESSES)
        ]

    def _report(self, message: bytes) -> None:
        self._path.send(self._path._sessions[1].protect_rtcp(message))

    def everything_again(self, count: int) -> None:
        """A NACK of 1.3 kB for 510 packets of each of eleven streams."""
        streams = [one for one in self._path.received._streams() if one.count > 20][:ADDRESSES]
        for _ in range(count):
            message = b""
            for one in streams:
                pairs = [((one.highest - 510 + 17 * at) & 0xFFFF, 0xFFFF) for at in range(30)]
                body = struct.pack("!II", 1, one.ssrc) + b"".join(struct.pack("!HH", *pair) for pair in pairs)
                message += struct.pack("!BBH", 0x80 | rtcp.GENERIC_NACK, rtcp.TRANSPORT_FEEDBACK, len(body) // 4) + body
                if len(message) > 1300:
                    self._report(message)
                    message = b""

    def signed_checks(self, count: int) -> None:
        for _ in range(count):
            self._turn = (self._turn + 1) % ADDRESSES
            with contextlib.suppress(OSError):
                self._more[self._turn].sendto(self._checks[self._turn], self._path._server or ("", 0))

    def sender_reports(self, count: int) -> None:
        for _ in range(count):
            one = rtcp.sender_report(self._path.streams.video, secrets.randbits(63), 1, packets=1, octets=1, cname="")
            self._report(one[:28] * 48)

    def feedback_and_pictures(self, count: int) -> None:
        """Of one kind and the other in turn."""
        streams = self._path.received._streams()
        for number in range(count):
            if number % 2:
                self._report(rtcp.picture_loss(1, streams[number % len(streams)].ssrc))
                continue
            body = struct.pack("!IIHHI", 1, 2, 0, 1000, 0) + struct.pack("!H", 1 << 13 | 1000) + bytes(1000) + b"\0\1"
            head = struct.pack("!BBH", 0x80 | rtcp.TRANSPORT_CC, rtcp.TRANSPORT_FEEDBACK, len(body) // 4)
            self._report(head + body)

    def close(self) -> None:
        for one in self._more:
            one.close()


@dataclass(frozen=True)
class Attack:
    name: str
    method: str
    per_second: int


ATTACKS = (
    Attack("everything again, 10/s", "everything_again", 10),
    Attack("everything again, 50/s", "everything_again", 50),
    Attack("signed checks, 5000/s", "signed_checks", 5000),
    Attack("48 sender reports, 200/s", "sender_reports", 200),
    Attack("feedback and pictures, 1000/s", "feedback_and_pictures", 1000),
)


@contextlib.asynccontextmanager
async def going_on(send: Send, per_second: int) -> AsyncIterator[None]:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        began, sent = loop.time(), 0
        while True:
            due = int((loop.time() - began) * per_second)
            send(due - sent)
            sent = due
            await asyncio.sleep(TICK)

    task = asyncio.ensure_future(work())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def attacked(engine: RunningEngine, attack: Attack, people: int, seconds: float) -> tuple[Figures, Figures]:
    """What the others noticed in so many seconds before, and in as many from the beginning of the attack on."""
    async with aiohttp.ClientSession() as http:
        clients = await load.gather_group(engine, http, "attacked", people)
        for client in clients:
            client.start()
        attacker = Attacker(clients[-1])
        with machine.kept_apart(engine.process.pid):
            await asyncio.sleep(load.WARM_UP + 5)
            before = await load.measure(engine.process.pid, clients[:-1], seconds)
            async with going_on(getattr(attacker, attack.method), attack.per_second):
                during = await load.measure(engine.process.pid, clients[:-1], seconds)
        attacker.close()
        for client in clients:
            await client.close()
        return before, during


def misses(before: Figures, during: Figures) -> list[str]:
    """What does not hold."""
    more = during.cpu_percent - before.cpu_percent
    return [
        *([f"p99 {during.delay_p99:.1f} ms"] if during.delay_p99 > MOST_DELAY else []),
        *([f"{more:.1f} % of a core more"] if more > MOST_MORE else []),
    ]


def tried(loop: str, attack: Attack, people: int = PEOPLE, seconds: float = SECONDS) -> list[str]:
    """Try one attack and print what came of it; what does not hold."""
    with running_engine(loop=loop, cpu_limit=1.0) as engine:
        before, during = asyncio.run(attacked(engine, attack, people, seconds))
        put_out = engine.metric("media_put_out_total")
    missed = misses(before, during)
    delays = f"p50 {during.delay_p50:.1f} ms, p99 {during.delay_p99:.1f} ms"
    delays += f" (before {before.delay_p50:.1f} and {before.delay_p99:.1f})"
    cost = f"CPU {before.cpu_percent} → {during.cpu_percent} %, put out {put_out:.0f}"
    verdict = f"MISSED {', '.join(missed)}" if missed else "holds"
    print(f"{loop:9} {attack.name:30} {delays}, {cost}; {verdict}", *during.doubts(), flush=True)
    return missed


def main() -> None:
    for loop in LOOPS:
        for attack in ATTACKS:
            tried(loop, attack)


if __name__ == "__main__":
    main()
