"""A made-up server on loopback that speaks JSON, and how it is run and ended."""

import json
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
def answering(made_up: Stopping, door: type[BaseHTTPRequestHandler]) -> Iterator[None]:
    """Run it behind this door, on a port of its own, for as long as the block lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), door) as server:
        server.daemon_threads = True
        made_up.url = f"http://127.0.0.1:{server.server_port}"
        running = threading.Thread(target=server.serve_forever, daemon=True)
        running.start()
        try:
            yield
        finally:
            made_up.stopping.set()
            server.shutdown()
            running.join()
