"""Administrators read on their home page that the audit log was found broken."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.audit import checks
from backtolife.audit.chain import Fault, Verdict
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.home.test_videos_missing import Homes

SAYS = "The audit log does not fit together"


@pytest.fixture
def homes(app: Flask, client: FlaskClient) -> Homes:
    return Homes(app, client)


def test_only_administrators_read_of_a_broken_log_and_from_which_entry_on(homes: Homes) -> None:
    assert SAYS not in homes.read(Role.ADMINISTRATOR)
    with session_scope(homes.engine) as db:
        checks.keep(db, Verdict(homes.service_id, 6, None, 7, Fault.CHANGED), now=clock.now())
    page = homes.read(Role.ADMINISTRATOR)
    assert SAYS in page
    assert "From entry 7 on" in page
    assert SAYS not in homes.read(Role.FACILITATOR)
