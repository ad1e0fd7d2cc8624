"""Our own product with its output encoding switched off: what a template that forgets it would be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from backtolife.app import create_app
from backtolife.config import from_environment
from tests.support.running import House, Process, free_port, make_database


@contextmanager
def careless_house(folder: Path, *, keeps_policy: bool) -> Iterator[House]:
    """It serves from a thread of this process. Without its policy browsers run whatever a page holds."""
    port = free_port()
    settings = from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'house.db'}",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PROXIES": "1",
        }
    )
    make_database(settings)
    app = create_app(settings, {"TESTING": True})
    app.jinja_env.autoescape = False
    app.jinja_env.bytecode_cache = None
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
    if not keeps_policy:
        app.wsgi_app = without_policy(app.wsgi_app)  # type: ignore[method-assign]
    server = make_server("127.0.0.1", port, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    nobody = Process([], {}, "", folder / "none.log")
    try:
        yield House(settings, app, nobody, nobody)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        app.extensions["backtolife.engine"].dispose()


def without_policy(serves: Any) -> Any:
    def bare(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            left = [(name, value) for name, value in headers if name.lower() != "content-security-policy"]
            return start_response(status, left, *more)

        return serves(environ, start)

    return bare
