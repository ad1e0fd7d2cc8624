"""Errors as RFC 9457 says: a small JSON document that a program can read and a person as well."""

from http import HTTPStatus

from flask import Response, jsonify

MIME = "application/problem+json"


def problem(status: int, detail: str) -> Response:
    """The error `status` with what happened and what to do."""
    answer = jsonify(type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail)
    answer.status_code, answer.mimetype = status, MIME
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = "60"
    return answer
