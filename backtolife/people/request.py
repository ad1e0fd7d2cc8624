"""What the edge knows of the request in hand: the database, who acts, the present moment, the settings."""

from datetime import datetime
from typing import cast

from flask import current_app, g, request
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import clock
from backtolife.config import Settings
from backtolife.db import Db, reading
from backtolife.errors import NotPermitted
from backtolife.people.access import Actor, reads_only
from backtolife.people.models import Person, Service


def settings() -> Settings:
    return cast(Settings, current_app.extensions["backtolife.settings"])


def engine() -> Engine:
    return cast(Engine, current_app.extensions["backtolife.engine"])


def db() -> Db:
    """The request's one database handle; the edge commits it once when the view ends well.

    A view that is named as only reading takes no write lock, so that it never waits for somebody who saves.
    """
    if "db" not in g:
        view = current_app.view_functions.get(request.endpoint or "")
        only_reads = view is not None and reads_only(view)
        g.db = Session(reading(engine()) if only_reads else engine(), expire_on_commit=False)
    return cast(Db, g.db)


def release_db() -> None:
    """Give up what the request has not committed, and its locks."""
    handle = g.pop("db", None)
    if handle is not None:
        handle.close()


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
