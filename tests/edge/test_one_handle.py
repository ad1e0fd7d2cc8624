"""A request holds one database handle at a time: with a pool of one connection every page still answers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings
from backtolife.database.session import open_engine, reading, reading_first, session_scope
from backtolife.people.models import Role, Service
from tests.access.decided.roles import PUBLIC, ROLES
from tests.access.decided.routes import ROUTES
from tests.access.test_every_route import World, rules
from tests.access.world import build
from tests.support.factories import Factory


@pytest.fixture
def app(url: str, settings: Settings) -> Iterator[Flask]:
    """The application with one connection, and no patience for a second."""
    app = create_app(replace(settings, database_url=url), {"WTF_CSRF_ENABLED": False, "TESTING": True})
    app.extensions["backtolife.engine"].dispose()
    app.extensions["backtolife.engine"] = open_engine(url, connections=1, patience_seconds=0.1)
    yield app
    app.extensions["backtolife.engine"].dispose()


def test_no_page_asks_for_a_second_connection_while_it_holds_one(app: Flask) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        house = build(db, "A", now)
    world = World(app, house, house)
    for rule, method in (each for each in rules(app) if each[1] == "GET"):
        action = ROUTES[rule.endpoint]
        role = next((role for role in Role if role in ROLES.get(action, ())), None)
        if rule.endpoint == "signin.leave":
            continue
        if action == PUBLIC:
            role = Role.PATIENT
        status, _ = world.knock(rule, method, house.tokens[role] if role else None, house)
        assert status < 500, f"{method} {rule.endpoint} as {role}: {status}"


def test_a_page_that_reads_and_then_writes_is_not_stopped_by_another_writer(url: str) -> None:
    engine = open_engine(url)
    with session_scope(engine) as db:
        service = Factory(db, clock.now()).service()
    with reading_first(engine) as page:
        seen = page.get_one(Service, service.id)
        with session_scope(engine) as other:
            other.get_one(Service, service.id).phone = "01632 960999"
        seen.short_name = "Changed"
        page.commit()
    with Session(reading(engine)) as db:
        found = db.exec(select(Service).where(Service.id == service.id)).one()
    engine.dispose()
    assert (found.short_name, found.phone) == ("Changed", "01632 960999")


def test_a_handle_that_only_reads_is_refused_by_the_database_when_it_writes(url: str) -> None:
    engine = open_engine(url)
    with session_scope(engine) as db:
        service = Factory(db, clock.now()).service()
    with Session(reading(engine)) as db:
        db.get_one(Service, service.id).phone = "01632 960999"
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
            db.commit()
    with session_scope(engine) as db:
        db.get_one(Service, service.id).phone = "01632 960998"
    engine.dispose()
