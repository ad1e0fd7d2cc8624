"""create_app: wiring, nothing else."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from backtolife import edge, pages, rooms
from backtolife.config import ROOT, Settings, from_environment
from backtolife.db import open_engine
from backtolife.logs import configure_logs
from backtolife.memory import settle_memory

LARGEST_UPLOAD_BYTES = 2 * 1024**3


def create_app(settings: Settings | None = None, overrides: Mapping[str, Any] | None = None) -> Flask:
    """The web application for `settings` (from the environment when None). Raises Invalid for unsafe settings."""
    settings = settings or from_environment()
    app = Flask("backtolife", static_folder=str(ROOT / "static"), template_folder=str(ROOT / "templates"))
    app.jinja_options = {**app.jinja_options, "autoescape": True, "undefined": ChainableUndefined}
    own = FileSystemLoader(ROOT / "templates")
    app.jinja_loader = ChoiceLoader([own, PackageLoader("nhsuk_frontend_jinja")])
    app.config.from_mapping(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD_BYTES,
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
    configure_logs()
    app.extensions["backtolife.settings"] = settings
    app.extensions["backtolife.engine"] = open_engine(settings.database_url)
    app.extensions["csrf"] = CSRFProtect(app)
    pages.add_to(app)
    rooms.add_to(app)
    edge.add_to(app)
    return app


def served() -> Flask:
    """The same for a process that serves nothing else, such as gunicorn's worker."""
    app = create_app()
    settle_memory()
    return app
