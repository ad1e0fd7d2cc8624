"""A gate before Socket.IO: nobody holds so many threads of the only web process that pages and rooms stop for others.

The handler of `connect` refuses with words that the page shows. This is for whoever opens connections and never gets
that far, and for whoever asks many things of one connection at once: each request that waits holds a thread.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from flask import Flask
from flask_socketio import SocketIO
from werkzeug.wrappers import Request

from backtolife.people.standing_in import tokens_in

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FULL = "The room is very busy just now. Wait a minute, then try again. If it still does not work, please call us."
WAITING_TO_SIT = 10
"""How many connections may be open that have not been let into a room yet, past the cap."""
STRANGERS = 6
"""How many connections may be open of browsers that are not signed in: they only hear that they are not."""
OF_ONE = 6
"""How many connections one sign-in may have open: a few tabs, each with a connection that is just being given up."""
REQUESTS_AT_ONCE = 3
"""What one connection may ask at a time: to hear, to say something, and to change to a WebSocket."""
OPENED_BY = "backtolife.opened_by"


class Gate:
    """Wraps the application; lets everything through but what takes more than its share of Socket.IO."""

    def __init__(self, app: Flask, inner: "WSGIApplication", sockets: SocketIO) -> None:
        self.app, self.inner, self.sockets = app, inner, sockets
        self.asking: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").startswith("/socket.io"):
            return self.inner(environ, start_response)
        if self.opens(environ):
            return self.open(environ, start_response)
        return self.ask(environ, start_response)

    def open(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[OPENED_BY] = self.signed_in(environ)
        if self.is_full(environ[OPENED_BY]):
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60"), ("Room-Full", "1")]
            start_response("503 Service Unavailable", headers)
            return [FULL.encode()]
        return self.inner(environ, start_response)

    def ask(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """A request of an open connection. Python's Engine.IO would let hundreds wait on one."""
        sid = self.sid(environ)
        with self.lock:
            if self.asking[sid] >= REQUESTS_AT_ONCE:
                start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8")])
                return [b"This connection is asking already."]
            self.asking[sid] += 1
        try:
            return self.inner(environ, start_response)
        finally:
            with self.lock:
                self.asking[sid] -= 1
                if not self.asking[sid]:
                    del self.asking[sid]

    def opens(self, environ: "WSGIEnvironment") -> bool:
        """Whether this request opens a connection; those of an open one carry its `sid`, and only theirs count."""
        return self.sid(environ) not in self.sockets.server.eio.sockets

    def sid(self, environ: "WSGIEnvironment") -> str:
        named = parse_qs(environ.get("QUERY_STRING", "")).get("sid", [""])
        return str(named[0])

    def signed_in(self, environ: "WSGIEnvironment") -> str:
        """By which sign-in this browser comes, as its signed cookie says; empty for a stranger's."""
        cookie = self.app.session_interface.open_session(self.app, Request(environ))  # type: ignore[arg-type]
        return next(iter(tokens_in(cookie or {})), "")

    def is_full(self, signed_in: str) -> bool:
        most: int = self.app.config["SOCKET_CAP"] + WAITING_TO_SIT
        opened = [each.get(OPENED_BY, "") for each in list(self.sockets.server.environ.values())]
        of_this_one = STRANGERS if not signed_in else OF_ONE
        return len(self.sockets.server.eio.sockets) >= most or opened.count(signed_in) >= of_this_one
