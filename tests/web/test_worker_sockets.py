"""The worker's loop and sockets that somebody else closes: a room's own thread does, and their numbers come again."""

import selectors
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from weakref import WeakSet

import pytest

from backtolife.web.worker import Worker


class Conn:
    """What the worker keeps of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def close(self) -> None:
        self.sock.close()


@pytest.fixture
def worker() -> Iterator[Worker]:
    one = Worker.__new__(Worker)
    one.poller, one.lingering, one.rooms, one.nr_conns = selectors.DefaultSelector(), {}, WeakSet(), 2
    yield one
    one.poller.close()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with ExitStack() as both:
        here, there = socket.socketpair()
        both.enter_context(here)
        both.enter_context(there)
        yield here, there


def test_a_rooms_connection_that_has_ended_is_looked_at_no_more(
    worker: Worker, pair: tuple[socket.socket, socket.socket]
) -> None:
    conn = Conn(pair[0])
    worker.rooms.add(conn)
    worker.linger(conn)
    assert not worker.lingering
    assert not worker.poller.get_map()
    assert pair[0].fileno() == -1


def test_a_number_that_comes_again_is_the_new_connections(
    worker: Worker, pair: tuple[socket.socket, socket.socket]
) -> None:
    old = Conn(pair[0])
    worker.linger(old)
    number = pair[0].fileno()
    pair[0].close()
    held = [socket.socket() for _ in range(3)]
    try:
        again = next(each for each in held if each.fileno() == number)
        heard: list[object] = []
        worker.watch(Conn(again), heard.append)
        assert worker.poller.get_key(again).data == heard.append
        worker.let_go(old)
        assert worker.poller.get_key(again).fileobj is again, "the old one takes nothing along"
    finally:
        for each in held:
            each.close()
