"""What the edge knows of the request in hand: the database, who acts, the present moment, the settings."""

from datetime import datetime
from typing import cast

from flask import current_app, g, request
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.asked_once import ask_once
from backtolife.database.sealing import Sealing, ours
from backtolife.database.session import Db, Handle, reading, reading_first
from backtolife.errors import NotPermitted
from backtolife.people.access import Actor, reads_only
from backtolife.people.models import Person, Service

LOOKS = ("GET", "HEAD")
"""Methods of requests that look at a page."""


def settings() -> Settings:
    return cast(Settings, current_app.extensions["backtolife.settings"])


def sealing() -> Sealing:
    """With what numbers such as the NHS number are closed in the database, and opened again."""
    return ours()


def engine() -> Engine:
    return cast(Engine, current_app.extensions["backtolife.engine"])


def db() -> Db:
    """The request's one database handle; the edge commits it once when the view ends well.

    It is the only one while it is open: who held one and asked for another would wait for those who do the same.
    A page that is only looked at takes no write lock until it leaves a trace, so that it never waits for somebody
    who saves; a view that is named as only reading cannot write at all.
    """
    if "db" not in g:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is not None and reads_only(view):
            g.db = knowing_who_acts(ask_once(reading_db()))
        elif request.method in LOOKS:
            g.db = knowing_who_acts(ask_once(reading_first(engine())))
        else:
            g.db = Handle(engine(), expire_on_commit=False)
    return cast(Db, g.db)


def knowing_who_acts(handle: Db) -> Db:
    """The same handle with the person and the service that were read a moment ago, to see who acts: a page that is
    looked at does not ask for them again. What is saved is always decided on rows read in its own transaction.
    """
    g.known = [handle.merge(each, load=False) for each in g.get("read_at_sign_in", ())]
    return handle


def release_db() -> None:
    """Give up what the request has not committed, and its locks."""
    handle = g.pop("db", None)
    if handle is not None:
        handle.close()


def give_up_place() -> None:
    """Give back the request's place among the pages that are made, for what takes long without Python."""
    if g.pop("has_place", False):
        current_app.extensions["backtolife.web.turnstile"].leave()


def reading_db() -> Db:
    """A handle for looking things up before the request's own transaction begins."""
    return Session(reading(engine()), expire_on_commit=False)


def now() -> datetime:
    """One moment for the whole request, so that what it writes agrees with itself."""
    if "now" not in g:
        g.now = clock.now()
    return cast(datetime, g.now)


def actor_or_none() -> Actor | None:
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """Who acts. Raises NotPermitted when nobody is signed in."""
    found = actor_or_none()
    if found is None:
        raise NotPermitted("Please sign in first.")
    return found


def person() -> Person:
    """The signed-in person's own row."""
    found = db().get(Person, actor().id)
    if found is None:
        raise NotPermitted("Please sign in first.")
    return found


def service() -> Service:
    """The signed-in person's service."""
    found = db().get(Service, actor().service_id)
    if found is None:
        raise NotPermitted("Please sign in first.")
    return found
