"""What has come of all requests is held up to a limit, until each is answered, also while no new caller comes."""

import selectors
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any, cast

import pytest
from gunicorn.workers.gthread import ThreadWorker

from backtolife.web import worker

HEAD = b"POST /sign-in HTTP/1.1\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A worker that gives requests to nobody, and takes them back from nobody."""
    monkeypatch.setattr(worker, "MOST_HELD_BYTES", 500)
    monkeypatch.setattr(worker, "READ_AT_ONCE", 100)
    monkeypatch.setattr(ThreadWorker, "enqueue_req", lambda *_: None)
    monkeypatch.setattr(ThreadWorker, "finish_request", lambda *_: None)
    looking = cast(Any, object.__new__(worker.Worker))
    looking.arriving, looking.given, looking.rooms, looking.going_on = {}, {}, set(), set()
    looking.poller, looking.nr_conns = selectors.DefaultSelector(), 0
    return looking


@pytest.fixture
def send(looking: Any) -> Iterator[Callable[..., "SimpleConn"]]:
    """Sends a POST of `length` bytes, `there` of which come, and has the worker read them."""
    lines = list[socket.socket]()

    def send(length: int, there: int | None = None) -> "SimpleConn":
        near, far = socket.socketpair()
        lines.extend((near, far))
        conn = SimpleConn(near)
        looking.nr_conns += 1
        looking.await_request(conn)
        far.sendall(HEAD % length + b"x" * (length if there is None else there))
        while conn in looking.arriving and conn.reads():
            looking.on_arriving(looking.arriving[conn], near)
        return conn

    yield send
    for line in lines:
        line.close()


def test_bodies_that_grow_on_open_lines_are_held_up_to_the_limit(
    looking: Any, send: Callable[..., "SimpleConn"]
) -> None:
    for _ in range(5):
        send(1000, there=150)
    assert 0 < looking.held_bytes() <= 500
    assert looking.nr_conns == len(looking.arriving)


def test_whole_requests_that_wait_for_a_thread_count_as_well(looking: Any, send: Callable[..., "SimpleConn"]) -> None:
    first = send(160)
    waiting = [send(160) for _ in range(5)]
    assert list(looking.given) == [first], "a second large one would be more than half"
    assert 0 < looking.held_bytes() <= 500
    looking.finish_request(first, answered())
    assert [conn in waiting for conn in looking.given] == [True], "the next one has its turn"


def test_a_page_waits_for_no_large_form(looking: Any, send: Callable[..., "SimpleConn"]) -> None:
    for _ in range(5):
        send(160)
    page = send(0)
    assert page in looking.given


def test_nothing_is_held_of_a_request_that_is_answered(looking: Any, send: Callable[..., "SimpleConn"]) -> None:
    for conn in [send(160), send(10), send(0)]:
        looking.finish_request(conn, answered())
    assert (looking.held_bytes(), looking.given) == (0, {})


def test_what_the_poller_still_says_of_a_request_that_was_closed_is_left_alone(
    looking: Any, send: Callable[..., "SimpleConn"]
) -> None:
    closed, other = send(1000, there=50), send(1000, there=50)
    arriving = looking.arriving[closed]
    looking.drop(arriving)
    looking.on_arriving(arriving, closed.sock)
    assert list(looking.arriving) == [other]


def answered() -> "Future[bool]":
    """What a thread leaves when its request is answered and the connection stays open."""
    done: Future[bool] = Future()
    done.set_result(True)
    return done


class SimpleConn(SimpleNamespace):
    """A connection as gunicorn hands it over, as far as it is looked at while a request arrives."""

    def __init__(self, sock: socket.socket) -> None:
        parser = SimpleNamespace(unreader=SimpleNamespace(unread=lambda _: None))
        super().__init__(sock=sock, close=sock.close, parser=parser)

    def reads(self) -> bool:
        """Whether there is more to read."""
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except OSError:
            return False

    __hash__ = object.__hash__  # type: ignore[assignment]
