"""Whose an address is: a signed check says it, and what was on its way meanwhile is nobody else's."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pylibsrtp
import pytest

from backtolife.sessions.media.datapath import aiortc_internals, intake_native
from backtolife.sessions.media.limits.budget import CHECKS, DATAGRAMS, LIMITS, Budget
from backtolife.sessions.media.packets import stun
from backtolife.sessions.media.packets.rtp import Extensions
from backtolife.sessions.media.tracks import choice as loops
from backtolife.sessions.media.transport.udp import MOST_SPARE, Socket
from tests.sessions.media.wire import keys, packet


class Client:
    """What the socket knows of a client: its name is its user name fragment."""

    def __init__(self, name: str, endpoint: Socket) -> None:
        self.passwords, self.address = {name: "secret"}, None
        self.source: Any = endpoint.intake.source()
        self.budget = Budget()
        self.keys: pylibsrtp.Session | None = None
        self.got: list[bool] = []
        """Whether each datagram of media came to it clear."""
        endpoint.expect(name, self)

    def may_check(self, _now: float) -> bool:
        return self.budget.allows(CHECKS, 50.0)  # time stands still

    def checked(self, address: Any, _fragment: str, *, nominated: bool) -> None:
        self.address = address if nominated else self.address

    def unlock(self, keys: pylibsrtp.Session) -> None:
        self.keys = keys
        self.source.unlock(aiortc_internals.context(keys))

    def received_media(self, datagram: bytes, _now: float, clear: Extensions | None) -> None:
        self.got.append(clear is not None)
        if clear is None and self.keys and aiortc_internals.unprotect(aiortc_internals.context(self.keys), datagram):
            self.source.proved()

    def received_dtls(self, datagram: bytes) -> None: ...


@pytest.fixture(params=["python", "compiled"])
async def endpoint(request: pytest.FixtureRequest) -> AsyncIterator[Socket]:
    made = Socket("127.0.0.1", 0, ("127.0.0.1",))
    loops.choose(request.param, made)
    yield made
    made.close()


@pytest.fixture
def far() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        yield made


def check(name: str) -> bytes:
    return stun.request(b"1" * 12, f"{name}:x", "secret", nominate=True)


async def taken() -> None:
    await asyncio.sleep(0.05)


async def sent(far: socket.socket, endpoint: Socket, datagrams: list[bytes]) -> None:
    """All of these, no faster than they are taken."""
    for number, datagram in enumerate(datagrams):
        far.sendto(datagram, ("127.0.0.1", endpoint.port))
        if number % 50 == 49:
            await asyncio.sleep(0)
            await asyncio.sleep(0.001)
    await taken()


async def test_what_came_before_an_address_changed_hands_is_not_given_to_the_next(
    endpoint: Socket, far: socket.socket
) -> None:
    first, second, (sender, receiver) = Client("first", endpoint), Client("second", endpoint), keys()
    first.source.unlock(aiortc_internals.context(receiver))
    there = ("127.0.0.1", endpoint.port)
    far.sendto(check("first"), there)
    await taken()
    far.sendto(check("second"), there)
    far.sendto(sender.protect(packet(1, 0)), there)
    await taken()
    assert first.got == []
    assert True not in second.got


async def test_a_client_with_many_addresses_takes_nobodys_place_for_long(endpoint: Socket, far: socket.socket) -> None:
    first, many, (sender, receiver) = Client("first", endpoint), Client("many", endpoint), keys()
    first.source.unlock(aiortc_internals.context(receiver))
    there = ("127.0.0.1", endpoint.port)
    far.sendto(check("first"), there)
    await taken()
    for port in range(1, 60000, 7):
        endpoint.intake.remember(("10.0.0.1", port), many.source)
    far.sendto(check("first"), there)
    await taken()
    far.sendto(sender.protect(packet(1, 0)), there)
    await taken()
    assert first.got == [isinstance(endpoint.intake, intake_native.Intake)]


async def test_only_so_many_unused_addresses_of_a_client_are_kept(endpoint: Socket) -> None:
    client, far = Client("many", endpoint), []
    for _ in range(MOST_SPARE + 4):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        far.append(one)
        one.sendto(check("many"), ("127.0.0.1", endpoint.port))
        await taken()
    for one in far:
        one.sendto(b"\x80\x60" + bytes(20), ("127.0.0.1", endpoint.port))
        await taken()
        one.close()
    assert len(client.got) == MOST_SPARE + 2  # and the one in use, and the one that came last
    assert endpoint.refused == 2


async def test_signed_checks_from_many_addresses_are_answered_as_far_as_the_budget_goes(endpoint: Socket) -> None:
    client, far = Client("many", endpoint), []
    for _ in range(50):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.bind(("127.0.0.1", 0))
        far.append(one)
    for _ in range(10):
        for one in far:
            one.sendto(check("many"), ("127.0.0.1", endpoint.port))
        await taken()
    answers = 0
    for one in far:
        one.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while one.recv(2048):
                answers += 1
        one.close()
    assert answers == LIMITS[CHECKS].most
    assert client.budget.refused[CHECKS] == 500 - answers


FORGED = {
    "media": b"\x80\x60" + bytes(60),
    "reports": b"\x80\xc9" + bytes(60),
    "messages": b"\x17" + bytes(60),
    "checks": stun.request(b"1" * 12, "first:x", "guessed", nominate=True),
    "noise": b"\xff" * 60,
}


@pytest.mark.parametrize("kind", FORGED)
async def test_a_flood_that_anybody_may_have_sent_is_dropped_and_never_counts_against_the_client(
    endpoint: Socket, far: socket.socket, kind: str
) -> None:
    client, (sender, receiver) = Client("first", endpoint), keys()
    client.unlock(receiver)
    there, most = ("127.0.0.1", endpoint.port), int(LIMITS[DATAGRAMS].most)
    far.sendto(check("first"), there)
    await taken()
    await sent(far, endpoint, [FORGED[kind]] * (most + 400))
    looked_at = len(client.got)
    assert looked_at <= most
    far.sendto(sender.protect(packet(1, 0)), there)
    await taken()
    assert len(client.got) == looked_at
    assert client.source.allow(30) == 0
    far.sendto(sender.protect(packet(2, 0)), there)
    await taken()
    assert len(client.got) == looked_at + 1


async def test_media_beyond_what_is_allowed_is_not_taken(endpoint: Socket, far: socket.socket) -> None:
    client, (sender, receiver) = Client("first", endpoint), keys()
    client.unlock(receiver)
    there, most = ("127.0.0.1", endpoint.port), int(LIMITS[DATAGRAMS].most)
    far.sendto(check("first"), there)
    await taken()
    await sent(far, endpoint, [sender.protect(packet(number, 0)) for number in range(most + 400)])
    assert len(client.got) == most
    assert client.source.allow(30) == 400
    for number in range(40):
        far.sendto(sender.protect(packet(most + 400 + number, 0)), there)
    await taken()
    assert len(client.got) == most + 30
