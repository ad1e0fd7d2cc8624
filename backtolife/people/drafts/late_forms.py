"""A form that arrives after its writer's sign-in has ended: its words are kept for that person and nobody else.

Whose words they are is told by the page they were typed on (a signed mark), or else by the cookie of the sign-in that
ended: never by who is signed in now, who may be the next person at a shared computer.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import flash, redirect, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from backtolife.database.session import Db, impatient, session_scope
from backtolife.errors import Invalid, NotPermitted
from backtolife.people.drafts import put_back
from backtolife.people.drafts import services as drafts
from backtolife.people.limits import throttles
from backtolife.people.models import Person
from backtolife.people.own_page import is_own_page
from backtolife.people.request import actor_or_none, engine, now, reading_db, settings
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import are_linked

TOO_MANY = 429
WAS = "was"
"""Where the cookie keeps the secret of the sign-in that ended in this browser."""
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LARGEST_READ_BYTES = 1024**2
"""Of a longer body we do not wait for the end only to say no."""
PATIENCE_SECONDS = 1.0
"""How long a refused form waits for the database to keep its words."""
KEPT = "You were signed out, because nothing happened for a while. What you wrote is kept. Sign in, and it is back."
UNKEPT = (
    "You were signed out, because nothing happened for a while. {why} Sign in in a new tab. Then load this page again: "
    "your browser sends your words once more."
)
"""What somebody reads whose words could not be kept: the browser still has them while this page stands."""
CHANGED_SERVICE = (
    "You work for another service in this browser now. What you wrote on that page is kept: change back, open the page "
    "again, and it is there."
)
MARK_LIFE = drafts.LIFE
"""For so long a page says by itself whose words are typed on it; past it, only to the person it names."""
STALE = "This page was open for a long time. What you wrote is below. Look at it, then save it once more."


def marks(salt: str = "whose-form") -> URLSafeSerializer:
    return URLSafeSerializer([*reversed(settings().secret_keys)], salt=salt)


def mark_of(person_id: str) -> str:
    """What a page carries to say whose words are typed on it, and since when it says so."""
    return str(marks().dumps([person_id, int(now().timestamp())]))


def read_mark() -> tuple[str, datetime] | None:
    """Whom the mark on the form's page names, and when it was made; None when it is not one of ours."""
    try:
        person_id, made = marks().loads(request.form.get("whose", ""))
        return str(person_id), datetime.fromtimestamp(made, UTC)
    except (BadSignature, ValueError, TypeError):
        return None


def made_for(person_id: str) -> str:
    """What a page carries to tell that another page was made for the same person. It gives nobody a right."""
    return str(marks("made-for").dumps(person_id)).rpartition(".")[2]


def by_script() -> bool:
    """Whether a page's script sent this, and reads the answer itself."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def is_form() -> bool:
    """A form that a browser sent; what a script sends is kept by that script until it is taken."""
    return request.method == "POST" and request.mimetype in FORMS and not by_script()


def readable() -> bool:
    """A form of ours, from a page of ours, and short enough to be read for its words."""
    host = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "").netloc
    length = request.content_length  # unknown where the body comes in chunks: then of any length
    return is_form() and host == request.host and length is not None and length <= LARGEST_READ_BYTES


def writer(db: Db, *, by_cookie: bool) -> Person | None:
    """Whose words the form holds; None when nothing says so.

    The cookie speaks for a page without a mark, if `by_cookie`. On a page with one that is too old it only confirms
    the name: it may be the cookie of whoever came next.
    """
    mark = read_mark()
    if mark is not None and now() - mark[1] < MARK_LIFE:
        return db.get(Person, mark[0])
    here = signin.person_behind(db, token=session.get("signed_in") or session.get(WAS) or "")
    if "whose" in request.form:
        return here if mark is not None and here is not None and here.id == mark[0] else None
    return here if by_cookie else None


def words() -> drafts.Fields:
    return list(request.form.items(multi=True))


def words_before() -> drafts.Fields | None:
    """The form as it was before the typing, where its page says so."""
    try:
        return drafts.pairs(json.loads(request.form.get("whose_base", "")))
    except (ValueError, RecursionError, Invalid):
        return None


def keep(*, by_cookie: bool) -> Person | None:
    """Keep the words for their writer, and give that person; None when we do not know who it is.

    Raises Invalid when it is more than we keep.
    """
    with session_scope(engine()) as db:
        person = writer(db, by_cookie=by_cookie) if readable() else None
        if person is None or not person.active:
            return None
        drafts.keep(db, person=person, address=request.path, fields=words(), base=words_before(), now=now())
        return person


def page_of_form(otherwise: str = "") -> str:
    """The page on which the form stood; where the browser does not say so, `otherwise` or where the form is sent to."""
    parts = urlsplit(request.headers.get("Referer", ""))
    page = parts.path + (f"?{parts.query}" if parts.query else "")
    if parts.netloc == request.host and is_own_page(page):
        return page
    return otherwise or request.path


def sent_too_late() -> Response | None:
    """Lead to the sign-in and from there back to the page; None when we do not know who wrote this.

    Raises NotPermitted, with what to do, for words that are too many to be kept.
    """
    try:
        person = keep(by_cookie=True)
    except Invalid as error:
        raise NotPermitted(UNKEPT.format(why=error.message)) from None
    if person is None:
        return None
    session[WAS] = session.pop("signed_in", None) or session.get(WAS, "")
    flash(KEPT)
    return redirect(url_for("staff.ask" if person.is_staff else "signin.ask", next=page_of_form()), 303)


def sent_with_old_token() -> Response | str | None:
    """The form's token belongs to an earlier sign-in: back to the page, for its writer; else what to say, or None."""
    try:
        person = keep(by_cookie=False)
    except Invalid as error:
        return f"{error.message} Go back, copy what you wrote, and load the page again."
    if person is None:
        return None
    actor = actor_or_none()
    if actor is None:
        return sent_too_late()
    if actor.elsewhere and changed_service(actor.id, person.id):
        return CHANGED_SERVICE
    if actor.id != person.id:
        return "Somebody else is signed in here now. What was written on this page is kept for the person who wrote it."
    flash(STALE)
    return redirect(page_of_form(), 303)


def changed_service(actor_id: str, writer_id: str) -> bool:
    """Whether the writer works for another service in this browser now."""
    with reading_db() as db:
        return are_linked(db, actor_id, writer_id)


def keep_refused(status: int) -> None:
    """The form was refused for a reason that may pass: what its writer typed is there when they come back.

    The reason may be the database itself. Then nobody waits for it a second time, and the page says what it said; as it
    does when the form cannot be read at all.
    """
    actor = actor_or_none()
    if actor is None or actor.limited or not readable():
        return
    if status == TOO_MANY and not throttles.kept_refused.allows(actor.id, now()):
        return
    with suppress(Invalid, SQLAlchemyError, HTTPException), impatient(engine(), PATIENCE_SECONDS) as db:
        person = db.get(Person, actor.id)
        if person is not None and writer(db, by_cookie=True) == person:
            drafts.keep(db, person=person, address=request.path, fields=words(), base=words_before(), now=now())
            put_back.look_out("whose" not in request.form)
