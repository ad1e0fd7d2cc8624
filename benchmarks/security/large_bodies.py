"""Bodies past 1 MB at doors that are open to everybody: refused before they are read, and what memory they take.

`python -m benchmarks.security.large_bodies`. The head alone is sent first: the refusal has to come without a byte of
the body. Then many pour on all the same. Reach: refused unread at every door, and at most 20 MB more in the web
process.
"""

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.running import House, children_of, running_house

DOORS = (
    "/sign-in",
    "/sign-in/code",
    "/staff/sign-in",
    "/staff/reset",
    "/webhooks/media",
    "/receipts/texts",
    "/nowhere",
)
LENGTH, POURING, PER_CALLER = 200 * 1024**2, 40, 20 * 1024**2
REACH_MB, PATIENCE_SECONDS = 20.0, 10.0
UNREAD = (b" 411 ", b" 413 ", b" 401 ", b" 403 ", b" 404 ")
"""Too large, or refused for another reason before it is read."""


def head(path: str, length: str) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/x-www-form-urlencoded", length)
    return "\r\n".join((*lines, "", "")).encode()


def connect(house: House) -> socket.socket:
    where = urlsplit(house.url)
    return socket.create_connection((where.hostname or "", where.port or 0), timeout=PATIENCE_SECONDS)


def memory_mb(house: House) -> float:
    """Resident memory of the web process and its worker."""
    running = house.web.running
    if running is None:
        raise RuntimeError("the web process does not run")
    pages = sum(
        int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in (running.pid, *children_of(running.pid))
    )
    return pages * 4096 / 1024**2


@dataclass
class Most:
    """The most memory seen while somebody looked."""

    house: House
    mb: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def look(self) -> None:
        while not self.done.wait(0.02):
            self.mb = max(self.mb, memory_mb(self.house))


@contextmanager
def looking(house: House) -> Iterator[Most]:
    most = Most(house)
    thread = threading.Thread(target=most.look)
    thread.start()
    try:
        yield most
    finally:
        most.done.set()
        thread.join()


def refused_unread(house: House, path: str, length: str) -> tuple[bytes, float]:
    """The status line that comes after the head alone, and the milliseconds it took."""
    with connect(house) as line:
        begun = time.perf_counter()
        line.sendall(head(path, length))
        with suppress(TimeoutError):
            return line.recv(65536).partition(b"\r\n")[0], (time.perf_counter() - begun) * 1000
    return b"no answer", PATIENCE_SECONDS * 1000


def pour(house: House, path: str, length: str, sent: list[int]) -> None:
    """Send on, whatever is answered, until the line breaks."""
    chunk, mine = b"10000\r\n" + b"a" * 65536 + b"\r\n", 0
    with suppress(OSError), connect(house) as line:
        line.sendall(head(path, length))
        while mine < PER_CALLER:
            line.sendall(chunk)
            mine += len(chunk)
    sent.append(mine)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_house(Path(folder) / "house", media=False) as house:
        for path in DOORS:
            for length in (f"Content-Length: {LENGTH}", "Transfer-Encoding: chunked"):
                status, took = refused_unread(house, path, length)
                verdict = "reached" if any(each in status for each in UNREAD) else "MISSED"
                print(f"{path:18} {length:30} {status.decode():45} after {took:5.0f} ms, unread  {verdict}", flush=True)
        before, sent = memory_mb(house), list[int]()
        with looking(house) as most:
            pouring = [
                threading.Thread(target=pour, args=(house, DOORS[number % len(DOORS)], length, sent))
                for number in range(POURING)
                for length in (f"Content-Length: {LENGTH}", "Transfer-Encoding: chunked")
            ]
            for each in pouring:
                each.start()
            for each in pouring:
                each.join()
        more = most.mb - before
        print(
            f"{len(pouring)} callers pour {sum(sent) / 1024**2:.0f} MB: {before:.0f} MB before, most {most.mb:.0f} MB, "
            f"+ {more:.1f} MB  {'reached' if more <= REACH_MB else 'MISSED'} (at most + {REACH_MB:.0f} MB)"
        )


if __name__ == "__main__":
    main()
