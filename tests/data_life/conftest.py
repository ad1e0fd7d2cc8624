"""Two services with somebody of each role, whose leads have a password; a database without its own checks."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlmodel import Session

from backtolife import clock
from backtolife.database.session import metadata, session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.passwords import hash_password
from tests.access.test_every_route import World
from tests.access.world import build
from tests.data_life.asking import PASSWORD


@pytest.fixture
def world(site: Flask) -> World:
    now = clock.now()
    with session_scope(site.extensions["backtolife.engine"]) as db:
        made = World(site, build(db, "A", now), build(db, "B", now))
        for role in (Role.CLINICAL_LEAD, Role.ADMINISTRATOR):
            found = signin.find_signed_in(db, token=made.here.tokens[role], now=now)
            assert found is not None
            found[1].password_hash = hash_password(PASSWORD)
    return made


@pytest.fixture
def loose(engine: Engine) -> Iterator[Session]:
    """A database that looks at no foreign key and no CHECK: rows are made by their columns alone."""
    with Session(engine, expire_on_commit=False) as db:
        if engine.dialect.name == "postgresql":
            for table in metadata.tables.values():
                for check in table.constraints:
                    if check.name and type(check).__name__ == "CheckConstraint":
                        db.connection().execute(
                            text(f'ALTER TABLE "{table.name}" DROP CONSTRAINT IF EXISTS "{check.name}"')
                        )
            db.connection().execute(text("SET session_replication_role = replica"))
        else:
            db.connection().execute(text("PRAGMA ignore_check_constraints = ON"))
            db.connection().execute(text("PRAGMA defer_foreign_keys = ON"))
        yield db
        db.rollback()
