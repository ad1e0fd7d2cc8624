"""A gate before Socket.IO: when nearly every thread holds a connection, new ones are turned away at once.

The handler of `connect` refuses with words that the page shows. This is for whoever opens connections and never gets
that far: each would hold a thread of the only web process, and pages for everyone would stop.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_socketio import SocketIO

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FULL = "The room is very busy just now. Wait a minute, then try again. If it goes on, please call us."
WAITING_TO_SIT = 10
"""How many connections may be open that have not been let into a room yet, past the cap."""


class Gate:
    """Wraps the application; lets everything through but new Socket.IO connections past the cap."""

    def __init__(self, app: Flask, inner: "WSGIApplication", sockets: SocketIO) -> None:
        self.app, self.inner, self.sockets = app, inner, sockets

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self.opens(environ) and self.is_full():
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
            start_response("503 Service Unavailable", headers)
            return [FULL.encode()]
        return self.inner(environ, start_response)

    @staticmethod
    def opens(environ: dict[str, Any]) -> bool:
        """Whether this request opens a connection; those of an open one carry its `sid`."""
        new = "sid=" not in environ.get("QUERY_STRING", "")
        return new and environ.get("PATH_INFO", "").startswith("/socket.io")

    def is_full(self) -> bool:
        most: int = self.app.config["SOCKET_CAP"] + WAITING_TO_SIT
        return bool(len(self.sockets.server.eio.sockets) >= most)
