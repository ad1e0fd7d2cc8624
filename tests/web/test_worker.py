"""A thread is given to a request that has arrived: who is slow, silent or too large costs nobody else theirs."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket

from backtolife.sessions.realtime.connection_limit import Gate
from tests.support.people.cookies import cookie_of
from tests.support.running import MOST_THREADS, House, children_of, running_house

MORE = MOST_THREADS + 40
"""More connections than there are threads."""
SOCKET = "/socket.io/?EIO=4&transport=websocket"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house") / "house", media=False) as running:
        yield running


def knock(house: House, said: bytes = b"") -> socket.socket:
    host, port = house.url.removeprefix("http://").split(":")
    line = socket.create_connection((host, int(port)), timeout=60)
    line.sendall(said)
    return line


def answer(line: socket.socket) -> bytes:
    """All that comes until the other end closes."""
    parts = []
    try:
        while part := line.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def page(house: House, path: str = "/sign-in") -> int:
    """The status of a page asked for in the ordinary way. It must not need the time after which the slow are closed."""
    with knock(house, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()) as line:
        line.settimeout(8)
        return int(answer(line).split()[1])


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail=",
    ],
    ids=["idle", "half a request", "half a body"],
)
def test_the_site_answers_while_more_slow_callers_than_threads_hold_on(house: House, said: bytes) -> None:
    slow = [knock(house, said) for _ in range(MORE)]
    try:
        assert [page(house) for _ in range(5)] == [200] * 5
    finally:
        for line in slow:
            line.close()


def test_so_many_that_none_can_be_kept_waiting_push_out_the_oldest_and_not_the_next(house: House) -> None:
    slow = [knock(house, b"GET / HT") for _ in range(700)]
    try:
        assert page(house) == 200
        slow[0].settimeout(5)
        assert answer(slow[0]) == b"", "the one that waited longest was closed"
    finally:
        for line in slow:
            line.close()


def test_a_request_in_pieces_is_answered_when_it_is_whole(house: House) -> None:
    body = b"email=nobody%40example.org"
    whole = (
        b"POST /webhooks/media HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        + body
    )
    with knock(house) as line:
        for byte in whole:
            line.sendall(bytes([byte]))
        assert answer(line).startswith(b"HTTP/1.1 403"), "it was read to its end, and its signature is missing"


def test_two_requests_on_one_connection_are_both_answered(house: House) -> None:
    once = b"GET /offline HTTP/1.1\r\nHost: x\r\n\r\n"
    with knock(house, once + b"GET /cookies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") as line:
        assert answer(line).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("path", ["/webhooks/media", "/sign-in", "/staff/sign-in", "/nowhere"])
def test_a_body_too_large_for_a_public_door_is_refused_before_it_is_read(house: House, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {400 * 1024**2}\r\n\r\n".encode()
    with knock(house, head) as line:
        line.settimeout(8)
        first = line.recv(65536)
        assert first.split()[1] in (b"413", b"404")
        assert b"too big" in first + answer(line) or path == "/nowhere"


@pytest.mark.parametrize("path", ["/webhooks/media", "/sign-in"])
def test_a_body_that_does_not_say_its_length_is_refused_at_a_public_door(house: House, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    with knock(house, head + b"5\r\nhello\r\n") as line:
        line.settimeout(8)
        assert line.recv(65536).split()[1] == b"411"


def test_nobody_who_is_not_signed_in_sends_a_film(house: House) -> None:
    head = f"POST /videos/manage HTTP/1.1\r\nHost: x\r\nContent-Length: {10**9}\r\n\r\n".encode()
    with knock(house, head) as line:
        line.settimeout(8)
        assert line.recv(65536).split()[1] == b"403"


@pytest.mark.parametrize("path", ["/webhooks/media", "/videos/manage", "/sign-in"])
def test_an_answer_that_leaves_a_body_unread_says_that_it_is_the_last_one(house: House, path: str) -> None:
    """A proxy would put somebody else's next request on this connection, where nobody reads it."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {3 * 1024**2}\r\n\r\n".encode()
    with knock(house, head) as line:
        line.settimeout(8)
        assert b"\r\nconnection: close\r\n" in line.recv(65536).lower()


def test_web_sockets_that_end_politely_while_others_come_leave_the_site_alone(house: House) -> None:
    """Their thread closes the socket itself, and the next connection has its number."""
    assert house.web.running is not None
    before, lost = children_of(house.web.running.pid), [0]

    def come_and_go(who: int) -> None:
        address, cookie = f"{house.url.replace('http', 'ws')}{SOCKET}", cookie_of(house.app, {"signed_in": f"n-{who}"})
        for _ in range(40):
            try:
                line = websocket.create_connection(address, timeout=60, cookie=cookie)
                line.recv()
                line.send_close()
                line.recv_frame()
                line.shutdown()
            except websocket.WebSocketBadStatusException:
                pass  # those before are still on their way out: that is an answer too
            except (OSError, websocket.WebSocketException):
                lost[0] += 1

    with ThreadPoolExecutor(16) as many:
        for who in range(16):
            many.submit(come_and_go, who)
        pages = [page(house) for _ in range(30)]
    assert pages == [200] * 30
    assert lost == [0]
    assert children_of(house.web.running.pid) == before, "the same worker all the time"


def test_who_does_not_close_after_the_answer_holds_nobody_up(house: House) -> None:
    refused = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\na=b"
    lines = [knock(house, said) for said in (b"GET /healthz HTTP/1.0\r\n\r\n", refused) for _ in range(20)]
    try:
        assert [page(house) for _ in range(3)] == [200] * 3
        for line in lines:
            line.settimeout(8)
            assert answer(line).split()[1] in (b"200", b"413"), "it was answered, and closed by us"
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize("query", ["xsid=1", "sid=made-up", "a=1&sid=", "sid=made-up&sid=two", "s%69d=made-up"])
def test_a_query_that_only_looks_like_an_open_connections_passes_no_gate(house: House, query: str) -> None:
    gate = house.app.wsgi_app
    assert isinstance(gate, Gate)
    asked = {"PATH_INFO": "/socket.io/", "QUERY_STRING": f"EIO=4&transport=websocket&{query}"}
    assert gate.opens(asked)


def test_an_open_connections_own_requests_pass_the_gate(house: House) -> None:
    gate = house.app.wsgi_app
    assert isinstance(gate, Gate)
    gate.sockets.server.eio.sockets["open-one"] = object()
    try:
        assert not gate.opens({"PATH_INFO": "/socket.io/", "QUERY_STRING": "EIO=4&sid=open-one"})
    finally:
        del gate.sockets.server.eio.sockets["open-one"]
