"""What happens around every request: who acts, is it permitted, one commit at the end."""

import secrets
from datetime import timedelta

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from backtolife import compression, headers, problems
from backtolife.db import session_scope
from backtolife.errors import NotPermitted
from backtolife.people.access import CLIENT_SCOPES, JOINS, PUBLIC, Actor, permission_of, refuse_role
from backtolife.people.models import SignedIn
from backtolife.people.request import actor_or_none, engine, now, reading_db, release_db
from backtolife.people.standing_in import token_for
from backtolife.programme.acting import acting
from backtolife.reporting.api.clients import admit

SEEN_EVERY = timedelta(minutes=1)


def add_to(app: Flask) -> None:
    """Hang the edge into `app`. Every route must name its permission: `app` does not start otherwise."""
    undecided = [rule.endpoint for rule in app.url_map.iter_rules() if not decided(app, rule.endpoint)]
    if undecided:
        raise RuntimeError(f"These routes name no permission: {', '.join(sorted(undecided))}")
    app.before_request(begin_request)
    app.after_request(headers.harden)
    compression.add_to(app)
    app.after_request(finish_request)
    app.teardown_request(close_request)
    problems.add_to(app)


def decided(app: Flask, endpoint: str) -> bool:
    return endpoint == "static" or permission_of(app.view_functions[endpoint]) is not None


def begin_request() -> AnyResponse | None:
    """Find out who acts, from the signed cookie only (a program: from its token), and refuse who never may do this."""
    g.nonce = secrets.token_urlsafe(16)
    endpoint = request.endpoint
    if endpoint is None or endpoint == "static":
        return None
    action = permission_of(current_app.view_functions[endpoint])
    if action in CLIENT_SCOPES:
        with reading_db() as db:
            g.client = admit(db, header=request.headers.get("Authorization", ""), action=action, now=now())
        return None
    g.actor = find_actor()
    if action is None or action == PUBLIC:
        return None
    actor = actor_or_none()
    if actor is None or (actor.joins_only and action not in JOINS):
        if request.method == "GET" and request.accept_mimetypes.accept_html:
            return redirect(url_for("signin.ask", next=request.full_path.rstrip("?")))
        raise NotPermitted("Please sign in first.")
    refuse_role(actor, action)
    return None


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
        session.pop("signed_in", None)
        return None
    g.shown_name = found.person.shown_name
    if now() - found.place.seen_at > SEEN_EVERY:
        note_seen(found.place.id)
    return found.actor


def note_seen(place_id: str) -> None:
    with session_scope(engine()) as db:
        place = db.get(SignedIn, place_id)
        if place is not None:
            place.seen_at = now()


def finish_request(response: Response) -> Response:
    """Commit once, when the view ended well; an error page keeps nothing but what says so (`keep`)."""
    handle = g.get("db")
    if handle is not None:
        if response.status_code < 400 or g.get("keep"):
            handle.commit()
        else:
            handle.rollback()
    return response


def close_request(error: BaseException | None) -> None:
    del error
    release_db()
