"""A request that takes its locks against the one order fails in every test on PostgreSQL."""

from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import Engine

from backtolife import clock
from backtolife.audit import record
from backtolife.audit.linking import link
from backtolife.database.session import one_at_a_time, open_engine, session_scope
from backtolife.people.access import System
from backtolife.people.services import open_service
from tests.support.lock_order import ORDER, WrongOrder, right

pytestmark = pytest.mark.postgresql


@pytest.fixture
def postgresql(postgresql_url: str, postgresql_engine: Engine) -> Engine:
    assert postgresql_engine
    return open_engine(postgresql_url)


def test_the_opposite_of_each_order_is_found(app: Flask, postgresql: Engine) -> None:
    for wide, narrow in pairwise(ORDER):
        with app.test_request_context(), session_scope(postgresql) as db:
            one_at_a_time(db, f"{wide}:1")
            one_at_a_time(db, f"{narrow}:1")
        with app.test_request_context(), pytest.raises(WrongOrder), session_scope(postgresql) as db:
            one_at_a_time(db, f"{narrow}:1")
            one_at_a_time(db, f"{wide}:1")
    postgresql.dispose()


def test_a_log_that_is_linked_before_the_end_is_found(app: Flask, postgresql: Engine) -> None:
    now = clock.now()
    with app.test_request_context(), session_scope(postgresql) as db:
        service = open_service(db, name="Mid", short_name="Mid", phone="01632 960000", zone="UTC", now=now)
        one_at_a_time(db, "anything")
    who = System("test", service.id)
    with app.test_request_context(), pytest.raises(WrongOrder), session_scope(postgresql) as db:
        record(db, actor=who, action="looked", subject_type="row", subject_id="x", now=now)
        link(db)
        one_at_a_time(db, "anything")
    postgresql.dispose()


def test_nothing_comes_after_the_log() -> None:
    assert not right("audit", "anything")
    assert right("anything", "audit")
