"""`/metrics` of the web process, in Prometheus' format, for whoever has METRICS_TOKEN. Labels are kinds, never ids."""

import hmac
import time
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from backtolife.people.access import permission
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import settings
from backtolife.processes.thread_figures import ThreadFigures
from backtolife.sessions.broadcast.hub import live

pages = Blueprint("metrics", __name__)


class Figures:
    """What one application has counted since it began."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.answers = Counter("web_answers", "Answers by code", ["code"], registry=self.registry)
        self.blocked = Counter("web_blocked", "What browsers blocked, by rule", ["directive"], registry=self.registry)
        self.seconds = Histogram("web_answer_seconds", "From a request to its answer", registry=self.registry)


def add_to(app: Flask) -> None:
    """Count every answer of this application."""
    app.extensions["backtolife.metrics"] = Figures()
    app.before_request_funcs.setdefault(None, [])[:0] = [begin]
    app.after_request(count)


def figures() -> Figures:
    return cast(Figures, current_app.extensions["backtolife.metrics"])


def begin() -> None:
    g.metrics_begun = time.monotonic()


def count(response: Response) -> Response:
    figures().answers.labels(str(response.status_code)).inc()
    if "metrics_begun" in g:
        figures().seconds.observe(time.monotonic() - g.metrics_begun)
    return response


@pages.get("/metrics")
@permission(PUBLIC)
def show() -> Response:
    """404 for who has not the token: nobody else learns that there is something."""
    token, given = settings().metrics_token, request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    own = CollectorRegistry()
    own.register(ThreadFigures("web", current_app.extensions["backtolife.threads"]))
    pages_now = Gauge("web_room_pages", "Pages that are connected to a room", registry=own)
    pages_now.set(len(live().connections.everyone()))
    return Response(generate_latest(figures().registry) + generate_latest(own), mimetype="text/plain")
