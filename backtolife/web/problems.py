"""What a person reads when something goes wrong: what happened, and what to do."""

from collections.abc import Sequence

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from backtolife.database.clashes import clash_of
from backtolife.errors import BacktolifeError
from backtolife.people.access import OutOfReach
from backtolife.people.drafts import late_forms
from backtolife.people.request import actor_or_none, reading_db, release_db
from backtolife.people.traces import looks, security_log
from backtolife.programme.cohorts.left import HAS_LEFT, HasLeft, left_words
from backtolife.reporting.api.problem import problem
from backtolife.text.catalogues.worded import worded
from backtolife.text.said import translated

log = structlog.get_logger(__name__)
API = "/api/"
"""Below it programs ask, and get errors that a program can read."""
WORDS = {
    400: (
        worded("That did not work"),
        worded("Something in what you sent was not right. Go back, check it, and try again."),
    ),
    403: (
        worded("You cannot see this page"),
        worded("Your account cannot open it. If you think it should, please call us."),
    ),
    404: (worded("We could not find that page"), worded("Check the address, or go to your home page.")),
    405: (worded("That did not work"), worded("Please go back and use the button on the page.")),
    409: (
        worded("That cannot be done right now"),
        worded("Something changed while you were on the page. Go back and look again."),
    ),
    411: (worded("That did not work"), worded("Your program must say how long what it sends is (Content-Length).")),
    413: (worded("That file is too big"), worded("Choose a smaller file and try again.")),
    429: (worded("Please wait a moment"), worded("That was a lot of tries. Wait a minute, then try again.")),
    500: (
        worded("Something went wrong"),
        worded("This is our fault, not yours. What you gave us before is safe. Try again soon."),
    ),
}
STALE = worded("This page was open for a long time. Go back, load it again, and send it once more.")


def add_to(app: Flask) -> None:
    """Hang the error pages into `app`."""
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(OutOfReach, show_out_of_reach)
    app.register_error_handler(BacktolifeError, show_error)
    app.register_error_handler(IntegrityError, show_clash)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def explain(
    status: int, message: str | None = None, *, title: str = "", reasons: Sequence[str] = ()
) -> tuple[Response | str, int]:
    """The page (or JSON) that says plainly what happened and what to do. Several `reasons` get a line each."""
    usual, otherwise = WORDS.get(status, WORDS[500])
    if request.path.startswith(API):
        return problem(status, message or otherwise), status
    if wants_json():
        return jsonify(error=translated(message or otherwise)), status
    return render_template(
        "pages/error.jinja", title=title or usual, reasons=reasons or (message or otherwise,), status=status
    ), status


def show_out_of_reach(error: OutOfReach) -> tuple[Response | str, int]:
    """Someone asked for a record that is not theirs to see: they read "not found", and the audit log keeps a row."""
    looks.keep_refusal(404, wanted=error.action, subject=(error.subject_type, error.subject_id))
    left = words_for_who_left()
    return explain(error.status, left or error.message, title=HAS_LEFT if left else "")


def words_for_who_left() -> str:
    """A patient who has left a group and opens an old link reads what happened and whom to call."""
    who = actor_or_none()
    if who is None or not who.is_patient or who.cohort_ids:
        return ""
    with reading_db() as db:
        return left_words(db, person_id=who.id)


def show_error(error: BacktolifeError) -> tuple[Response | str, int]:
    if error.status in looks.REFUSALS:
        looks.keep_refusal(error.status)
    if error.status == 429:
        security_log.note("throttled")
    title = HAS_LEFT if isinstance(error, HasLeft) else ""
    return explain(error.status, error.message, title=title, reasons=error.reasons)


def show_clash(error: IntegrityError) -> tuple[Response | str, int]:
    """Two wrote at once what may stand only once: a conflict, not a fault. Anything else is a fault of ours."""
    release_db()
    words = clash_of(error)
    if words is None:
        return show_fault(error)
    log.info("clash", endpoint=request.endpoint)
    return explain(409, words)


def show_http_error(error: HTTPException) -> tuple[Response | str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code in looks.REFUSALS:
        looks.keep_refusal(error.code)
    answer, status = explain(error.code if error.code in WORDS else 400 if error.code < 500 else 500)
    if isinstance(error, MethodNotAllowed) and isinstance(answer, Response):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer, status


def show_stale_form(error: CSRFError) -> AnyResponse | tuple[Response | str, int]:
    del error
    kept = late_forms.sent_with_old_token()
    if isinstance(kept, AnyResponse):
        return kept
    if kept:
        return explain(409, kept)
    return explain(400, STALE)


def show_fault(error: Exception) -> tuple[Response | str, int]:
    """A fault of ours. The log gets the place, never what people typed."""
    log.error("fault", endpoint=request.endpoint, kind=type(error).__name__, exc_info=error)
    return explain(500)
