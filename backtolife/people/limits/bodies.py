"""How much a request may carry: a form's worth, and more only where a view takes files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request
from werkzeug.exceptions import LengthRequired, RequestEntityTooLarge

LARGEST_FORM = 1024**2
LARGEST_TABLE_FILE = 20 * 1024**2
"""A questionnaire's or a table's file."""
LARGEST_VIDEO = 2 * 1024**3
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most_bytes: int) -> Callable[[View], View]:
    """Say of a route that it takes files, together up to `most_bytes`; only from who may do what it does."""

    def name(view: View) -> View:
        view.takes_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return name


def refuse_large() -> None:
    """Refuse, before a byte of it is read, what is larger than this route takes, or does not say how large it is.

    It comes after who asks was found to be permitted. Raises 411 or 413.
    """
    view = current_app.view_functions.get(request.endpoint or "")
    most = request.max_content_length = getattr(view, "takes_bytes", LARGEST_FORM)
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge
    if most <= LARGEST_FORM and "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired
