"""A made-up server on loopback that speaks JSON, and how it is run and ended."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol


class Stopping(Protocol):
    """What such a server knows: where it answers, and when it is to end."""

    url: str
    stopping: threading.Event


class JsonDoor(BaseHTTPRequestHandler):
    """Answers in JSON."""

    def answer(self, code: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.write(data)

    def write(self, data: bytes) -> None:
        self.wfile.write(data)


@contextmanager
def answering(
    made_up: Stopping, door: type[BaseHTTPRequestHandler], over: ssl.SSLContext | None = None
) -> Iterator[None]:
    """Run it behind this door, on a port of its own, for as long as the block lasts; with a context over TLS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        server.daemon_threads = True
        if over is not None:
            server.socket = over.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        made_up.url = f"http{'s' if over else ''}://127.0.0.1:{server.server_port}"
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        try:
            yield
        finally:
            made_up.stopping.set()
            server.shutdown()
            running.join()
