"""create_app: wiring, nothing else."""

import sys
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from backtolife import rooms
from backtolife.config import ROOT, Settings, from_environment, keep_private
from backtolife.database.session import open_engine
from backtolife.errors import Invalid
from backtolife.people.limits import shared
from backtolife.people.limits.bodies import LARGEST_VIDEO
from backtolife.processes.logs import configure_logs
from backtolife.processes.memory import settle_memory
from backtolife.release import release
from backtolife.text.whole_characters import WholeText
from backtolife.web import edge, page_language, pages
from backtolife.web.incoming_request import IncomingRequest
from backtolife.web.said import script_words
from backtolife.web.said.missing_words import of_template

SQLITE_CONNECTIONS = 256
"""More than there are threads. Each costs a file handle, and only while it is in use."""
TURN_SECONDS = 0.001
"""How long one thread may compute while another waits for its turn: an event of a room has many short ones."""

DOES_NOT_LOAD = 4
"""By this code gunicorn knows that starting its worker again is of no use."""


def create_app(settings: Settings | None = None, overrides: Mapping[str, Any] | None = None) -> Flask:
    """The web application for `settings` (from the environment when None). Raises Invalid for unsafe settings."""
    settings = settings or from_environment()
    app = Flask("backtolife", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.request_class = IncomingRequest
    app.jinja_options = {**app.jinja_options, "autoescape": True, "undefined": of_template(settings.environment)}
    own = FileSystemLoader(ROOT / "templates")
    app.jinja_loader = ChoiceLoader([own, PackageLoader("nhsuk_frontend_jinja")])
    app.config.from_mapping(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        MAX_CONTENT_LENGTH=LARGEST_VIDEO,
        MAX_FORM_MEMORY_SIZE=1024**2,
        SESSION_COOKIE_NAME="__Host-backtolife" if settings.secure else "backtolife",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config.from_mapping(overrides or {})
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.json = WholeText(app)
    configure_logs()
    release()
    keep_private(settings.data_dir)
    app.extensions["backtolife.settings"] = settings
    app.extensions["backtolife.engine"] = open_engine(settings.database_url, connections=connections_for(settings))
    shared.use(settings.redis_url)
    csrf = app.extensions["csrf"] = CSRFProtect()
    page_language.add_to(app)
    script_words.add_to(app)
    pages.add_to(app)
    rooms.add_to(app)
    edge.add_to(app)
    csrf.init_app(app)  # last: it reads the whole body, so first it must be clear that we want it
    app.before_request(edge.keep_pace)
    app.before_request(edge.wait_for_a_place)  # with the body read: a slow line holds no place
    return app


def connections_for(settings: Settings) -> int:
    """The most connections of this process: on SQLite one for every thread, on PostgreSQL what its server allows."""
    return SQLITE_CONNECTIONS if settings.database_url.startswith("sqlite") else settings.database_connections


def served() -> Flask:
    """The same for a process that serves nothing else, such as gunicorn's worker."""
    sys.setswitchinterval(TURN_SECONDS)
    try:
        app = create_app()
        rooms.begin(app)
    except Invalid as error:
        sys.stderr.write(f"{error.message}\n")
        sys.exit(DOES_NOT_LOAD)
    settle_memory()
    return app
