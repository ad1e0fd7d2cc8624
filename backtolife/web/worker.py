"""gunicorn's worker with threads, for whom a thread is dear: it is given to a request that has arrived, not to waiting.

gunicorn gives each connection a thread at once. Two hundred sockets that say nothing, stop in the middle of a line, or
drip a form letter by letter, would then hold every thread there is. Here one loop reads for all of them, until a
request's head and its body (up to what a form may hold) are there; only then a thread takes it. Who is slower than
`HEAD_SECONDS` and `BODY_SECONDS` is closed, and where too many wait, the one that has waited longest. What threads have
or will have counts in the same limit of memory: where much of it is theirs, a large request waits here, although whole.
"""

import os
import re
import resource
import selectors
import socket
import struct
import threading
import time
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any
from weakref import WeakSet

from gunicorn import http
from gunicorn.workers.gthread import TConn, ThreadWorker

from backtolife.processes.supervisor_told import told

HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
"""For a head, and for head and body together: a phone on a bad link sends a form in a few."""
STALLED_SECONDS = 20
"""A file on its way, or an answer on its way out, may stand still for so long."""
HARDLY_SECONDS = 0.02
LARGEST_HEAD = 64 * 1024
LARGEST_HELD = 1024**2
"""Bodies up to so many bytes are read before a thread is taken; larger ones, files, are read by their view."""
MOST_WAITING = 600
MOST_HELD_BYTES = 128 * 1024**2
"""Of all requests, from their first byte until they are answered; large ones have half of it with the threads."""
READ_AT_ONCE = 64 * 1024
"""A whole request no larger than this waits for nobody: a page, a form with some words."""
LINGER_SECONDS = 2.0
MOST_LINGERING = 200
"""Who has an answer may go on sending for so long: closed at once, their network would throw the answer away."""
END_OF_HEAD = b"\r\n\r\n"
UPGRADE = re.compile(rb"^upgrade:[ \t]*websocket[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)


class Arriving:
    """A request on its way in: what has come, since when, and how much of it there will be."""

    def __init__(self, conn: TConn, now: float) -> None:
        self.conn, self.begun, self.held, self.whole = conn, now, bytearray(), 0
        self.goes_on = False
        """Whether more of the body comes while its view reads it."""

    def take(self, data: bytes) -> None:
        """Add what came; notes the length of the whole as soon as the head is there."""
        searched = max(0, len(self.held) - len(END_OF_HEAD))
        self.held += data
        if self.whole:
            return
        end = self.held.find(END_OF_HEAD, searched)
        if end < 0:
            self.whole = len(self.held) if len(self.held) > LARGEST_HEAD else 0  # gunicorn refuses it in words
            return
        self.whole = end + len(END_OF_HEAD)
        head = bytes(self.held[: end + 2])
        found = LENGTH.search(head)
        length = int(found[1]) if found is not None else 0
        self.goes_on = length > LARGEST_HELD or b"\r\ntransfer-encoding" in head.lower()
        if not self.goes_on:
            self.whole += length

    @property
    def complete(self) -> bool:
        return 0 < self.whole <= len(self.held)

    def late(self, now: float) -> bool:
        return now - self.begun > (BODY_SECONDS if self.whole else HEAD_SECONDS)


class Worker(ThreadWorker):
    """Give threads to whole requests."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.arriving: dict[TConn, Arriving] = {}
        self.given: dict[TConn, int] = {}
        """How many bytes came of each request that a thread has or waits for."""
        self.lingering: dict[TConn, tuple[float, int]] = {}
        """Until when each connection that is answered may send, and how much it still may."""
        self.rooms: WeakSet[TConn] = WeakSet()
        """Connections that a room's page holds open."""
        self.going_on: WeakSet[TConn] = WeakSet()
        """Connections on which more of the body comes while its view reads it."""
        self.in_hand = threading.local()
        self.wsgi: Any = None

    def init_process(self) -> None:
        """Tell the application how many threads it has. Allow as many open files as the system lets us."""
        os.environ["WEB_THREADS"] = str(self.cfg.threads)
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        inner: Any = self.wsgi
        self.wsgi = partial(self.answer, inner)

    def notify(self) -> None:
        """The loop goes round: gunicorn's parent and systemd hear of it."""
        super().notify()
        told.serves()
        told.lives()

    def handle_request(self, req: Any, conn: TConn) -> bool:
        self.in_hand.request = req if conn in self.going_on else None
        return bool(super().handle_request(req, conn))

    def answer(self, inner: Any, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer, and say so when this is the last answer on a connection: a proxy would put its next request there."""

        def start(*told: Any) -> Any:
            request = self.in_hand.request
            left: int = getattr(environ["wsgi.input"].reader, "length", -1)  # -1: nobody knows
            if request is not None and left:
                request.force_close()
            return start_response(*told)

        return inner(environ, start)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Asked to end: close the rooms' sockets, which would hold us until our patience is over. Pages come back."""
        told.stops()
        super().handle_exit(sig, frame)
        for conn in tuple(self.rooms):
            with suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError:
            return  # gone again, or no file to spare: the next one may have more luck
        self.nr_conns += 1
        self.await_request(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self.await_request(conn)

    def await_request(self, conn: TConn) -> None:
        """Read in the loop until a request is there."""
        while len(self.arriving) >= MOST_WAITING:
            self.drop(next(iter(self.arriving.values())))
        self.keep_to_limit()
        arriving = self.arriving[conn] = Arriving(conn, time.monotonic())
        conn.sock.setblocking(False)
        self.watch(conn, partial(self.on_arriving, arriving))

    def watch(self, conn: TConn, then: Any) -> None:
        """Have the loop look at it. A socket that was closed behind our back may have had the same number."""
        try:
            self.poller.register(conn.sock, selectors.EVENT_READ, then)
        except KeyError:
            self.poller.unregister(conn.sock.fileno())
            self.poller.register(conn.sock, selectors.EVENT_READ, then)

    def look_away(self, conn: TConn) -> None:
        with suppress(KeyError, ValueError):  # closed behind our back, and its number is another one's
            self.poller.unregister(conn.sock)

    def held_bytes(self) -> int:
        return sum(len(each.held) for each in self.arriving.values()) + sum(self.given.values())

    def keep_to_limit(self) -> None:
        while self.arriving and self.held_bytes() > MOST_HELD_BYTES:
            self.drop(next(iter(self.arriving.values())))

    def may_be_given(self, arriving: Arriving) -> bool:
        size = len(arriving.held)
        return arriving.complete and (size <= READ_AT_ONCE or sum(self.given.values()) + size <= MOST_HELD_BYTES // 2)

    def on_arriving(self, arriving: Arriving, client: socket.socket) -> None:
        if self.arriving.get(arriving.conn) is not arriving:
            return  # given to a thread, or closed, since the poller looked
        try:
            data = client.recv(READ_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(arriving)
            return
        arriving.take(data)
        if self.may_be_given(arriving):
            self.dispatch(arriving)
        self.keep_to_limit()

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """A thread is done with the request; what it held, those that wait may hold."""
        self.given.pop(conn, None)
        if fs.cancelled() or (fs.exception() is None and not fs.result()):
            self.linger(conn)
        else:
            super().finish_request(conn, fs)
        for arriving in list(self.arriving.values()):
            if self.may_be_given(arriving):
                self.dispatch(arriving)

    def linger(self, conn: TConn) -> None:
        """The answer was the last: say so, and close when the other end does, or soon. gunicorn waits for it in the
        loop, where twenty who stay silent would hold up everybody for as long as they all may."""
        self.nr_conns -= 1
        if conn in self.rooms:  # it had its last word, and the thread that heard it may close it at any moment
            conn.close()
            return
        while len(self.lingering) >= MOST_LINGERING:
            self.let_go(next(iter(self.lingering)))
        try:
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
        except OSError:
            conn.close()
            return
        self.lingering[conn] = time.monotonic() + LINGER_SECONDS, LARGEST_HELD
        self.watch(conn, partial(self.on_lingering, conn))

    def on_lingering(self, conn: TConn, client: socket.socket) -> None:
        if conn not in self.lingering:
            return  # closed since the poller looked
        until, left = self.lingering[conn]
        try:
            came = len(client.recv(READ_AT_ONCE))
        except BlockingIOError:
            return
        except OSError:
            came = 0
        self.lingering[conn] = until, left - came
        if not came or left <= came:
            self.let_go(conn)

    def let_go(self, conn: TConn) -> None:
        del self.lingering[conn]
        self.look_away(conn)
        conn.close()

    def dispatch(self, arriving: Arriving) -> None:
        """A thread may have it."""
        conn = arriving.conn
        self.forget(arriving)
        if UPGRADE.search(arriving.held):
            self.rooms.add(conn)
        (self.going_on.add if arriving.goes_on else self.going_on.discard)(conn)
        conn.sock.setblocking(True)
        stalled = {socket.SO_SNDTIMEO: STALLED_SECONDS, socket.SO_RCVTIMEO: STALLED_SECONDS * arriving.goes_on}
        for kind, seconds in stalled.items():
            conn.sock.setsockopt(socket.SOL_SOCKET, kind, struct.pack("ll", seconds, 0))
        if conn.parser is None:
            conn.initialized = True
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
        conn.parser.unreader.unread(bytes(arriving.held))
        self.given[conn] = len(arriving.held)
        self.enqueue_req(conn)

    def forget(self, arriving: Arriving) -> None:
        del self.arriving[arriving.conn]
        self.look_away(arriving.conn)

    def drop(self, arriving: Arriving) -> None:
        """Close a connection whose request never came whole."""
        self.forget(arriving)
        self.nr_conns -= 1
        arriving.conn.close()

    def murder_pending(self) -> None:
        """Close who took too long; when the worker stops, also who has not begun."""
        now = time.monotonic()
        for arriving in list(self.arriving.values()):
            if arriving.late(now) or not (self.alive or arriving.held):
                self.drop(arriving)
        for conn, (until, _) in list(self.lingering.items()):
            if now > until:
                self.let_go(conn)

    def _keepalive_after(self, conn: TConn, keepalive: Any) -> bool:
        """Whether the connection is used again. A body that nobody read (refused unread) is not read to its end."""
        return bool(keepalive) and bool(conn.parser.finish_body(deadline=time.monotonic() + HARDLY_SECONDS))
