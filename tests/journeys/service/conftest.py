"""The town of the journeys: on both databases without a browser, and in Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

from backtolife import app as application
from backtolife import clock
from backtolife.config import Settings
from backtolife.people.models import Role
from tests.journeys.service.post import Post
from tests.journeys.service.town import Town
from tests.support.browser import chromium, desktop
from tests.support.factories import Factory
from tests.support.mail import Inbox
from tests.support.network.notify import made_up_notify, writing_to
from tests.support.people.hands import BrowserHands, Hands, QuickHands

BEGINS = datetime(2026, 9, 1, 9, tzinfo=UTC)
"""Tuesday, four weeks before the first session."""
STAFF: dict[str, tuple[Role, ...]] = {
    "Grace": (Role.CLINICAL_LEAD, Role.ADMINISTRATOR, Role.SERVICE_LEAD, Role.DUTY_CLINICIAN),
    "Priya": (Role.FACILITATOR,),
    "Tom": (Role.FACILITATOR,),
    "Sam": (Role.FACILITATOR,),
    "Uma": (Role.FACILITATOR,),
}


@pytest.fixture
def town(url: str, settings: Settings, mail_server: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Midtown with its staff and nobody else, used without a browser, on SQLite and PostgreSQL in turn."""
    with built(replace(settings, database_url=url), mail_server, monkeypatch) as found:
        yield found


@pytest.fixture
def town_in_chromium(
    sqlite_template: Path, settings: Settings, mail_server: Inbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Town]:
    """The same, used in a browser: the pages come from a server in this process, whose clock is moved with ours."""
    (tmp_path / "test.db").write_bytes(sqlite_template.read_bytes())
    with built(settings, mail_server, monkeypatch) as found, served(found.app) as site, chromium() as browser:
        found.new_hands = lambda: in_browser(browser, found.app, site)
        yield found


@contextmanager
def built(settings: Settings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A service that sends mail to our server, and texts to a made-up Notify."""
    with made_up_notify() as notify:
        settings = writing_to(settings, inbox, notify)
        app = application.create_app(settings)
        post = Post(app, settings, inbox, notify)
        found = Town(app, settings, post, lambda: QuickHands(app.test_client()), BEGINS)
        monkeypatch.setattr(clock, "now", lambda: found.now)
        with found.database() as db:
            make = Factory(db, BEGINS)
            make.noise()
            service = make.service("Midtown Community Health")
            for name, (first, *also) in STAFF.items():
                make.person(service, first, name, also=also)
        yield found
        app.extensions["backtolife.engine"].dispose()


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        del code, size


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def in_browser(browser: Browser, app: Flask, site: str) -> Hands:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]

    def cookie(token: str) -> dict[str, str]:
        name = app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": serializer.dumps({"signed_in": token}), "url": site}

    return BrowserHands(desktop(browser).new_page(), site, cookie)
