"""Where browsers tell what they blocked, and the page on which an administrator reads how often."""

from contextlib import suppress

from flask import Blueprint, Flask, Response, current_app, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from backtolife.database.session import impatient
from backtolife.people.access import permission
from backtolife.people.limits.bodies import takes_files
from backtolife.people.limits.throttles import may_report
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, engine, now
from backtolife.web import metrics
from backtolife.web.blocked import counting
from backtolife.web.blocked.reading import OTHER, reports_in

LARGEST_REPORT = 16 * 1024
BRIEFLY_SECONDS = 0.2
"""How long a report waits for whoever saves: then it is not counted."""
pages = Blueprint("blocked", __name__)
told = Blueprint("blocked_told", __name__)


def add_to(app: Flask) -> None:
    """A browser sends no token of a form; there is nothing here to forge."""
    app.extensions["csrf"].exempt(told)


@told.post("/blocked-by-browser")
@permission(PUBLIC)
@takes_files(LARGEST_REPORT)
def take() -> Response:
    """A browser's report. It is answered alike whatever it says."""
    if not may_report(request.remote_addr, now()):
        return Response(status=429)
    found = list(reports_in(request.get_data(), host=request.host, page_at=kind_of_page))
    if found:
        for each in found:
            metrics.figures().blocked.labels(each.directive).inc()
        with suppress(SQLAlchemyError), impatient(engine(), BRIEFLY_SECONDS) as handle:
            counting.count(handle, found, now=now())
    return Response(status=204)


def kind_of_page(path: str) -> str:
    """The route behind a path, with names in place of ids; nothing of a path that is none of ours."""
    try:
        rule, _ = current_app.url_map.bind("").match(path, method="GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return OTHER
    return rule.rule[:200]


@pages.get("/service/blocked")
@permission("blocked.read")
def show() -> str:
    return render_template("pages/blocked.jinja", rows=counting.counted(db(), now=now()), now=now())
