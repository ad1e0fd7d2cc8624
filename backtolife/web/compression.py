"""Static text sent compressed, for who comes without a proxy that does it. Pages are not: they hold tokens."""

import gzip
import threading

from flask import Flask, Response, request

from backtolife.web.static_files import unmarked

SHRINKS = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"})
SMALLEST_BYTES = 1024


class Shrunk:
    """Files compressed once and kept: as many as there are under `static`."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()

    def of(self, path: str, etag: str, content: bytes) -> bytes:
        """The compressed form of a file; one that changed is compressed again."""
        with self._lock:
            if (path, etag) not in self._kept:
                self._kept = {key: value for key, value in self._kept.items() if key[0] != path}
                self._kept[path, etag] = gzip.compress(content, mtime=0)
            return self._kept[path, etag]


def add_to(app: Flask) -> None:
    """Compress what `app` sends from its static folder, for browsers that say they can read it."""
    shrunk = Shrunk()

    def shrink(response: Response) -> Response:
        if request.endpoint != "static" or response.mimetype not in SHRINKS:
            return response
        response.vary.add("Accept-Encoding")
        etag, _ = response.get_etag()
        if response.status_code != 200 or etag is None or not request.accept_encodings.quality("gzip"):
            return response
        if "Range" in request.headers or (response.content_length or 0) < SMALLEST_BYTES:
            return response
        response.direct_passthrough = False
        response.set_data(shrunk.of(unmarked((request.view_args or {})["filename"]), etag, response.get_data()))
        response.content_encoding = "gzip"
        response.set_etag(f"{etag}-gzip")
        response.make_conditional(request)
        return response

    app.after_request(shrink)
