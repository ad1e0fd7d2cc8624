"""The HTTP API: results without names, for programs with a token."""

import gzip
from datetime import timedelta
from typing import cast

import structlog
from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from backtolife.errors import BacktolifeError
from backtolife.people.access import Client, permission
from backtolife.people.limits.throttle import Throttle
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, now, release_db, settings
from backtolife.reporting.api.description import description
from backtolife.reporting.api.paging import wanted
from backtolife.reporting.api.problem import problem
from backtolife.reporting.api.reading import page
from backtolife.reporting.api.resources import ANSWERS, FORMS, PEOPLE, SCORES, Resource

log = structlog.get_logger(__name__)
PREFIX = "/api/v1"
WORTH_COMPRESSING_BYTES = 1024
pages = Blueprint("api", __name__, url_prefix=PREFIX)
by_client = Throttle(most=120, window=timedelta(minutes=1), name="by_client")


@pages.get("/openapi.json")
@permission(PUBLIC, reads=True)
def described() -> Response:
    return jsonify(description(settings().public_url + PREFIX))


@pages.get("/people")
@permission(PEOPLE.scope)
def people() -> Response:
    return answer(PEOPLE)


@pages.get("/forms")
@permission(FORMS.scope)
def forms() -> Response:
    return answer(FORMS)


@pages.get("/scores")
@permission(SCORES.scope)
def scores() -> Response:
    return answer(SCORES)


@pages.get("/answers")
@permission(ANSWERS.scope)
def answers() -> Response:
    return answer(ANSWERS)


def answer(resource: Resource) -> Response:
    client = cast(Client, g.client)
    by_client.check(client.id, now())
    asked = wanted(request.args.to_dict(flat=False), resource.filters, len(resource.key))
    found = page(db(), client=client, resource=resource, wanted=asked, now=now())
    return sent(jsonify(data=found.rows, next_cursor=found.next_cursor))


def sent(response: Response) -> Response:
    """Compressed for who can read that, and 304 without a body for who holds these very rows already."""
    response.vary.add("Accept-Encoding")
    if (response.content_length or 0) >= WORTH_COMPRESSING_BYTES and request.accept_encodings.quality("gzip"):
        response.set_data(gzip.compress(response.get_data(), mtime=0))
        response.content_encoding = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.errorhandler(BacktolifeError)
def refused(error: BacktolifeError) -> Response:
    return problem(error.status, error.message)


@pages.errorhandler(Exception)
def fault(error: Exception) -> Response:
    """A fault of ours. The log gets the place, never what was asked."""
    if isinstance(error, HTTPException):
        return problem(error.code or 500, error.description or error.name)
    release_db()
    log.error("fault", endpoint=request.endpoint, kind=type(error).__name__, exc_info=error)
    return problem(500, "This is our fault, not yours. Try again soon.")
