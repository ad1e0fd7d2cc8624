"""A service's lead at the pages of its results."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import from_environment
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.roles import holding
from backtolife.people.signing_in import signin
from tests.reporting.conftest import Simulated


@contextmanager
def lead_looking(service: Simulated, folder: Path) -> Iterator[FlaskClient]:
    """A browser of the service's lead, at the moment the service was made for. `folder` is for files."""
    settings = from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{service.path}",
            "PUBLIC_URL": "http://localhost",
        }
    )
    app = create_app(settings, {"WTF_CSRF_ENABLED": False})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: service.now)
        yield signed_in(app, service)
    app.extensions["backtolife.engine"].dispose()


def signed_in(app: Flask, service: Simulated) -> FlaskClient:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        wanted = select(Person).where(Person.service_id == service.service_id, holding(Role.SERVICE_LEAD))
        token = signin.begin(db, person=db.exec(wanted).one(), now=clock.now())
        found = signin.find_signed_in(db, token=token, now=clock.now())
        assert found is not None
        found[0].confirmed_at = clock.now()
    client = app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client
