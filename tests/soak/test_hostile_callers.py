"""Silent sockets, dripped bodies and a flood of passwords, bounded and on loopback: others' pages and saves go on.

Prints what others waited while it went on: directly at `web`, and through the example proxy. Passwords cost what they
cost in a clinic: the server runs in a process of its own, with the real argon2.
"""

import re
import socket
import ssl
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from backtolife import clock
from tests.support.factories import Factory
from tests.support.network.proxy import running_proxy
from tests.support.running import House, running_house

IDLE, SLOW_BODIES, PASSWORDS = 500, 200, 90
SAVES = 30
SLOWEST_PAGE_S, SLOWEST_SAVE_S = 2.0, 2.0
UNCHECKED = ssl.create_default_context()
UNCHECKED.check_hostname, UNCHECKED.verify_mode = False, ssl.CERT_NONE


@dataclass
class Site:
    """Where the site answers."""

    house: House
    url: str

    def connect(self) -> socket.socket:
        where = urlsplit(self.url)
        line = socket.create_connection((where.hostname or "", where.port or 0), timeout=30)
        return UNCHECKED.wrap_socket(line, server_hostname=where.hostname) if where.scheme == "https" else line

    def page(self) -> float:
        """Seconds until the sign-in page is there."""
        where, begun = urlsplit(self.url), time.monotonic()
        if where.scheme == "https":
            client: HTTPConnection = HTTPSConnection(where.netloc, timeout=60, context=UNCHECKED)
        else:
            client = HTTPConnection(where.netloc, timeout=60)
        client.request("GET", "/sign-in")
        assert client.getresponse().status == 200
        client.close()
        return time.monotonic() - begun

    def save(self) -> float:
        """Seconds until a write to the site's database, from beside it, is acknowledged."""
        begun = time.monotonic()
        with self.house.database() as db:
            Factory(db, clock.now()).service()
        return time.monotonic() - begun


@pytest.fixture(params=["web itself", "the example proxy"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with running_house(tmp_path / "house", media=False, other={"PROXIES": "1"}) as house:
        if request.param == "web itself":
            yield warmed(Site(house, house.url))
            return
        web = house.url.removeprefix("http://")
        with running_proxy(tmp_path, web=web, media="127.0.0.1:9") as proxy:
            yield warmed(Site(house, proxy.url))


def warmed(site: Site) -> Site:
    """The first page of a process is made for longer, whoever else is there."""
    site.page()
    return site


def figures(what: str, took: list[float]) -> None:
    worst, middle = max(took), statistics.median(took)
    print(f"\n{what}: {len(took)} times, median {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms")  # noqa: T201


@contextmanager
def held(site: Site, count: int, said: bytes) -> Iterator[list[socket.socket]]:
    lines = []
    for _ in range(count):
        line = site.connect()
        line.sendall(said)
        lines.append(line)
    try:
        yield lines
    finally:
        for line in lines:
            line.close()


def beside(site: Site, what: str) -> None:
    pages, saves = [site.page() for _ in range(SAVES)], [site.save() for _ in range(SAVES)]
    figures(f"{what}, pages", pages)
    figures(f"{what}, saves", saves)
    assert max(pages) < SLOWEST_PAGE_S
    assert max(saves) < SLOWEST_SAVE_S


def test_five_hundred_idle_sockets_hold_nobody_up(site: Site) -> None:
    with held(site, IDLE, b""):
        beside(site, f"{IDLE} idle sockets")


def test_two_hundred_slow_bodies_hold_nobody_up(site: Site) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n"
    head += b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
    with held(site, SLOW_BODIES, head) as lines:
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.5):
                for line in lines:
                    with suppress(OSError):
                        line.sendall(b"a")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            beside(site, f"{SLOW_BODIES} slow bodies")
        finally:
            stop.set()
            dripping.join()


def knock(netloc: str) -> tuple[str, str]:
    """The cookie and the form's token of a browser that has just come."""
    opened = HTTPConnection(netloc, timeout=60)
    opened.request("GET", "/staff/sign-in")
    page = opened.getresponse()
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    opened.close()
    assert token
    return cookie, token[1]


@pytest.mark.parametrize("site", ["web itself"], indirect=True)
def test_ninety_passwords_at_once_hold_nobodys_save_up(site: Site) -> None:
    """Each from an address and a browser of its own, so that no count of callers turns them away."""
    where = urlsplit(site.url)
    browsers = [knock(where.netloc) for _ in range(PASSWORDS)]
    answers: list[int] = []

    def guess(number: int) -> None:
        cookie, token = browsers[number]
        form = {"email": f"somebody{number}@example.org", "password": "not the password", "csrf_token": token}
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"192.0.2.{number}",
        }
        client = HTTPConnection(where.netloc, timeout=120)
        client.request("POST", "/staff/sign-in", urlencode(form), headers)
        answers.append(client.getresponse().status)
        client.close()

    guessing = [threading.Thread(target=guess, args=(number,)) for number in range(PASSWORDS)]
    for each in guessing:
        each.start()
    saves, pages = [site.save() for _ in range(SAVES)], [site.page() for _ in range(SAVES)]
    for each in guessing:
        each.join()
    figures(f"{PASSWORDS} passwords at once, saves", saves)
    figures(f"{PASSWORDS} passwords at once, pages", pages)
    print({status: answers.count(status) for status in set(answers)})  # noqa: T201
    assert max(saves) < SLOWEST_SAVE_S
    assert max(pages) < SLOWEST_PAGE_S
    assert answers.count(400) >= 40, "they were looked at"
    assert set(answers) <= {400, 503}
