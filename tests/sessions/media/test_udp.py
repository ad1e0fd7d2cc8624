"""Whose an address is: a signed check says it, and what was on its way meanwhile is nobody else's."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from backtolife.sessions.media import hot_intake, loops, private, stun
from backtolife.sessions.media.rtp import Extensions
from backtolife.sessions.media.udp import MOST_SPARE, Socket
from tests.sessions.media.wire import keys, packet


class Client:
    """What the socket knows of a client: its name is its user name fragment."""

    def __init__(self, name: str, endpoint: Socket) -> None:
        self.passwords, self.address = {name: "secret"}, None
        self.source: Any = endpoint.intake.source()
        self.got: list[bool] = []
        """Whether each datagram of media came to it clear."""
        endpoint.expect(name, self)

    def checked(self, address: Any, _fragment: str, *, nominated: bool) -> None:
        self.address = address if nominated else self.address

    def received_media(self, _datagram: bytes, _now: float, clear: Extensions | None) -> None:
        self.got.append(clear is not None)

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


async def test_what_came_before_an_address_changed_hands_is_not_given_to_the_next(
    endpoint: Socket, far: socket.socket
) -> None:
    first, second, (sender, receiver) = Client("first", endpoint), Client("second", endpoint), keys()
    first.source.unlock(private.context(receiver))
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
    first.source.unlock(private.context(receiver))
    there = ("127.0.0.1", endpoint.port)
    far.sendto(check("first"), there)
    await taken()
    for port in range(1, 60000, 7):
        endpoint.intake.remember(("10.0.0.1", port), many.source)
    far.sendto(check("first"), there)
    await taken()
    far.sendto(sender.protect(packet(1, 0)), there)
    await taken()
    assert first.got == [isinstance(endpoint.intake, hot_intake.Intake)]


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
