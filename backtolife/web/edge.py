"""What happens around every request: who acts, is it permitted, one commit at the end."""

import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from backtolife import audit, clock
from backtolife.database.session import Db, impatient
from backtolife.errors import NotPermitted
from backtolife.people.access import Actor, authorise_client, permission_of, refuse_role
from backtolife.people.drafts import late_forms, put_back
from backtolife.people.drafts import services as drafts
from backtolife.people.limits import bodies, throttles
from backtolife.people.models import SignedIn
from backtolife.people.permissions import CLIENT_SCOPES, JOINS, PUBLIC, SETS_UP
from backtolife.people.request import actor_or_none, engine, give_up_place, now, reading_db, release_db
from backtolife.people.signing_in import known_browser
from backtolife.people.signing_in.signin import person_behind
from backtolife.people.standing_in import token_for
from backtolife.people.traces import looks
from backtolife.programme.cohorts.acting import acting
from backtolife.reporting.api.clients import admit
from backtolife.text.characters import refuse_unkeepable
from backtolife.web import compression, even_answers, headers, page_language, problems, static_files
from backtolife.web.turnstile import Turnstile

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
SEEN_EVERY = timedelta(minutes=1)
BRIEFLY_SECONDS, LONG_SECONDS = 0.05, 5.0
"""How long noting that somebody is here may wait for whoever saves: before a page, and after an upload."""
MAY_PASS = frozenset({409, 429, 500, 503})
"""Refusals after which the same form may be taken: what was typed is kept until then."""
LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNED = ("webhooks.media", "receipts.texts")
OWN_PACE = ("blocked_told.take",)
"""It has limits of its own, and no form's token by which to know who sends."""
SIGNS_OF_LIFE = ("pages.healthz", "readiness.readyz", "metrics.show")


def add_to(app: Flask) -> None:
    """Hang the edge into `app`. Every route must name its permission: `app` does not start otherwise."""
    undecided = [rule.endpoint for rule in app.url_map.iter_rules() if not decided(app, rule.endpoint)]
    if undecided:
        raise RuntimeError(f"These routes name no permission: {', '.join(sorted(undecided))}")
    app.extensions["backtolife.web.turnstile"] = Turnstile()
    # Before anything reads the body (the check of a form's token does): a long upload is refused before it is sent.
    first = [queue_with_nothing_to_read, begin_request, bodies.refuse_large, refuse_unkeepable_fields]
    app.before_request_funcs.setdefault(None, [])[:0] = first
    static_files.add_to(app)
    app.after_request(headers.harden)
    compression.add_to(app)
    even_answers.add_to(app)
    app.after_request(finish_request)
    app.teardown_request(close_request)
    problems.add_to(app)


def decided(app: Flask, endpoint: str) -> bool:
    return endpoint == "static" or permission_of(app.view_functions[endpoint]) is not None


def queue_with_nothing_to_read() -> None:
    """Who only looks queues before anything is done for them.

    Finding out who they are is a few statements: for 64 at once that kept a room's events waiting for 300 ms.
    """
    if request.method in LOOKS and not request.content_length and "Transfer-Encoding" not in request.headers:
        wait_for_a_place()


def wait_for_a_place() -> None:
    """Pages are made a few at a time. Signs of life wait for nobody."""
    if "has_place" not in g and request.endpoint not in (None, "static", *SIGNS_OF_LIFE):
        g.has_place = turnstile().enter()


def turnstile() -> Turnstile:
    return cast(Turnstile, current_app.extensions["backtolife.web.turnstile"])


def begin_request() -> AnyResponse | None:
    """Find out who acts, from the signed cookie only (a program: from its token), and refuse who never may do this."""
    g.nonce = secrets.token_urlsafe(16)
    refuse_unkeepable(request.path, *words_of(request.args))
    endpoint = request.endpoint
    if endpoint == "static":
        return None
    # Where there is no such page, the one that says so leads back to where they are at home.
    action = permission_of(current_app.view_functions[endpoint]) if endpoint is not None else None
    if action in CLIENT_SCOPES:
        with reading_db() as db:
            g.client = admit(db, header=request.headers.get("Authorization", ""), now=now())
        authorise_client(g.client, action, g.client)
        return None
    g.actor = find_actor()
    page_language.choose(g.read_at_sign_in[0] if g.actor is not None else None)
    actor = actor_or_none()
    if action is None or action == PUBLIC:
        return None
    if actor is None or (actor.joins_only and action not in JOINS):
        if wants_page():
            return redirect(url_for(sign_in_page(), next=request.full_path.rstrip("?")))
        late = late_forms.sent_too_late() if actor is None and late_forms.is_form() else None
        if late is not None:
            return late
        raise NotPermitted("Please sign in first.")
    return permit(actor, action)


def wants_page() -> bool:
    return request.method == "GET" and request.accept_mimetypes.accept_html


def permit(actor: Actor, action: str) -> AnyResponse | None:
    """Raises NotPermitted for who never may do this; whoever must set up their second step first is led there."""
    if actor.sets_up_only and action not in SETS_UP and wants_page():
        return redirect(url_for("second_step.show"))
    refuse_role(actor, action)
    return None


def sign_in_page() -> str:
    """Where whoever is not signed in any more signs in: staff with their password, everybody else by a link."""
    token = session.get(late_forms.WAS, "")
    if not token:
        return "signin.ask"
    with reading_db() as db:
        person = person_behind(db, token=token)
    return "staff.ask" if person is not None and person.is_staff else "signin.ask"


def keep_pace() -> None:
    """Whoever sends without a pause is told to wait: what is sent leaves rows. Our media engine and our text service
    sign what they send, and are never told to.

    After the check of the form's token: what no page of ours sent leaves nothing, and counts against nobody.
    """
    endpoint = request.endpoint
    if request.method in LOOKS or endpoint in (None, "static", *SIGNED, *OWN_PACE) or g.get("client"):
        return
    actor = actor_or_none()
    throttles.check_door(
        str(endpoint),
        person_id=actor.id if actor is not None else "",
        browser=known_browser.name(),
        visit=session.get("csrf_token", ""),
        address=request.remote_addr,
        now=now(),
    )


def refuse_unkeepable_fields() -> None:
    """Words that cannot be kept are refused in words, in every field of every form, before any view looks at them."""
    if request.mimetype in FORMS:
        names = [upload.filename or "" for upload in request.files.values()]
        refuse_unkeepable(*words_of(request.form), *names)


def words_of(fields: "MultiDict[str, str]") -> Iterator[str]:
    for name, word in fields.items(multi=True):
        yield name
        yield word


def find_actor() -> Actor | None:
    """The actor behind the cookie. Being here counts as activity, written at most once a minute."""
    token = session.get("signed_in")
    there = token_for(session, (request.view_args or {}).get("group_session_id", ""))
    if not there:
        return None
    with reading_db() as db:
        found = acting(db, token=there, now=now())
        if found is None and token and there != token:  # the rehearsal is over
            found = acting(db, token=token, now=now())
    if found is None:
        if token:
            session[late_forms.WAS] = session.pop("signed_in")
        return None
    g.service, g.shown_name, g.read_at_sign_in = found.service, found.person.shown_name, (found.person, found.service)
    if now() - found.signed_in.seen_at > SEEN_EVERY:
        note_seen(found.signed_in.id, now(), BRIEFLY_SECONDS)
    g.signed_in_id = found.signed_in.id
    return found.actor


def note_seen(signed_in_id: str, at: datetime, patience: float) -> None:
    """Try to; no page waits or fails for it. The next request tries once more."""
    with suppress(SQLAlchemyError), impatient(engine(), patience) as db:
        found = db.get(SignedIn, signed_in_id)
        if found is not None:
            found.seen_at = at


def finish_request(response: Response) -> Response:
    """Commit once, when the view ended well; an error page keeps nothing but what says so (`keep`)."""
    handle = g.get("db")
    if handle is not None:
        if response.status_code < 400 or g.get("keep"):
            forget_draft(handle)
            try:
                handle.commit()
                g.on_record = audit.ON_RECORD in handle.info
            except IntegrityError as error:  # Flask hands no error of this stage to the error pages
                response = current_app.make_response(problems.show_clash(error))
        else:
            handle.rollback()
    if response.status_code in MAY_PASS:
        release_db()
        late_forms.keep_refused(response.status_code)
    put_back.into(response)
    note_long_request()
    looks.keep_forgotten_refusal(response)
    looks.keep_look(response)
    return response


def forget_draft(handle: Db) -> None:
    """What was typed into this form is saved now, in the same transaction, also where the page's script sent it."""
    actor = actor_or_none()
    if actor is not None and request.method == "POST" and request.mimetype in FORMS:
        drafts.drop(handle, person_id=actor.id, address=request.path)


def note_long_request() -> None:
    """Whoever sent us a file for half an hour was there all the time."""
    ended = clock.now()
    if "signed_in_id" in g and ended - now() > SEEN_EVERY:
        note_seen(g.signed_in_id, ended, LONG_SECONDS)


def close_request(error: BaseException | None) -> None:
    del error
    try:
        release_db()
    finally:
        give_up_place()
