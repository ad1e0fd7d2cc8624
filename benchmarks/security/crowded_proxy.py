"""A seated patient and a newcomer beside hundreds of idle and half-open connections, through the example proxy.

`python -m benchmarks.security.crowded_proxy`. 500 connections from one address and 200 from fifty others: a quarter
says nothing, a quarter nothing after TLS, a quarter half a request's head, a quarter half a form. Reach: both are
served each time. What they waited is printed beside what they waited before, in the same run.
"""

import os
import socket
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from backtolife import clock
from backtolife.sessions.state import seats as seat_changes
from benchmarks.room.figures import percentile
from tests.support.network.proxy import Proxy, running_proxy
from tests.support.running import House, free_port, running_house
from tests.support.sessions.gathering import Gathering, gather
from tests.support.sessions.socket_page import SocketPage

FROM_ONE, FROM_OTHERS, OTHERS = 500, 200, 50
TIMES, PAUSE_SECONDS = 20, 1.0
SAID = (
    None,
    b"",
    b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nemail=",
)
"""None does not even begin TLS."""


def addresses() -> list[str]:
    """Where the connections come from; all of 127.0.0.0/8 is this machine."""
    return ["127.0.0.2"] * FROM_ONE + [f"127.0.1.{1 + number % OTHERS}" for number in range(FROM_OTHERS)]


def hold(proxy: Proxy, address: str, said: bytes | None) -> socket.socket:
    where = urlsplit(proxy.url)
    line = socket.create_connection(("127.0.0.1", where.port or 443), timeout=30, source_address=(address, 0))
    if said is None:
        return line
    trusting = ssl.create_default_context(cafile=proxy.authority)
    wrapped = trusting.wrap_socket(line, server_hostname="localhost")
    wrapped.sendall(said)
    return wrapped


@contextmanager
def crowd(proxy: Proxy) -> Iterator[None]:
    with ExitStack() as held:
        for number, address in enumerate(addresses()):
            held.enter_context(hold(proxy, address, SAID[number % len(SAID)]))
        yield


def page(proxy: Proxy) -> None:
    """A newcomer opens the page for signing in, on a line of their own."""
    trusting = ssl.create_default_context(cafile=proxy.authority)
    line = HTTPSConnection(urlsplit(proxy.url).netloc, timeout=30, context=trusting)
    try:
        line.request("GET", "/sign-in")
        answer = line.getresponse()
        if answer.status != 200 or b"Send me a link" not in answer.read():
            raise RuntimeError(f"the newcomer was not served: {answer.status}")
    finally:
        line.close()


def many(does: Callable[[], object]) -> tuple[list[float], int]:
    """Milliseconds of each time that was served, and how often it was not."""
    took, refused = [], 0
    for _ in range(TIMES):
        begun = time.perf_counter()
        try:
            does()
        except Exception as error:  # noqa: BLE001 - whatever it was, they were not served
            print(f"not served: {type(error).__name__} {error}")
            refused += 1
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(PAUSE_SECONDS)
    return took, refused


def seated(house: House) -> tuple[Gathering, SocketPage]:
    with house.database() as db:
        group = gather(db, clock.now())
        seat = group.sit(group.patients[0], now=clock.now())
        group.apply(seat_changes.admit, clock.now(), seat=seat.id, now_ms=0)
    return group, SocketPage(house, group.patients[0], group.group_session.id).connect()


def measure(house: House, proxy: Proxy) -> None:
    _, patient = seated(house)

    def speak() -> None:
        answer = patient.ask("state")
        if "state" not in answer:
            raise RuntimeError(answer.get("error", "the seated patient was not served"))

    who: dict[str, Callable[[], object]] = {"the seated patient": speak, "a newcomer": lambda: page(proxy)}
    for does in who.values():
        does()
    quiet = {name: many(does)[0] for name, does in who.items()}
    with crowd(proxy):
        for name, does in who.items():
            took, refused = many(does)
            before, beside = percentile(quiet[name], 0.95), percentile(took, 0.95)
            print(
                f"{name:20} quiet p95 {before:6.1f} ms, beside {FROM_ONE + FROM_OTHERS} connections {beside:6.1f} ms "
                f"({beside / before:4.1f} x), not served {refused} of {TIMES}  {'MISSED' if refused else 'reached'}",
                flush=True,
            )
        print(f"the seated patient's line held: {'yes' if patient.client.connected else 'NO'}")
    with suppress(OSError):
        patient.close()


def main() -> None:
    web, media = free_port(), free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running_proxy(folder, web=f"127.0.0.1:{web}", media=f"127.0.0.1:{media}") as proxy:
            os.environ.update(proxy.trusting)
            other = {"PUBLIC_URL": proxy.url, "PROXIES": "1"}
            with running_house(folder / "house", port=web, media_port=media, media=False, other=other) as house:
                measure(house, proxy)


if __name__ == "__main__":
    main()
