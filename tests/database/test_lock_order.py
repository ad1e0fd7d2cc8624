"""A request that takes its locks against the one order fails in every test on PostgreSQL."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

import backtolife
from backtolife import clock
from backtolife.audit import record
from backtolife.audit.linking import link
from backtolife.database.session import one_at_a_time, open_engine, session_scope
from backtolife.people.access import System
from backtolife.people.services import open_service
from tests.support.lock_order import LAST, ORDER, OTHERS, Seen, WrongOrder

pytestmark = pytest.mark.postgresql
CODE = Path(backtolife.__file__).parent
NAMED = re.compile(r"""one_at_a_time\(\s*db(?:\(\))?,\s*f?"([^":{]+)""")


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
        one_at_a_time(db, "service:1")
    who = System("test", service.id)
    with app.test_request_context(), pytest.raises(WrongOrder), session_scope(postgresql) as db:
        record(db, actor=who, action="looked", subject_type="row", subject_id="x", now=now)
        link(db)
        one_at_a_time(db, "service:1")
    postgresql.dispose()


def test_nothing_comes_after_the_log() -> None:
    seen = Seen()
    for each in OTHERS:
        seen.take(each, LAST)
        with pytest.raises(WrongOrder, match=f"{each} is locked after"):
            seen.take(LAST, each)


def test_a_lock_that_nobody_put_in_order_is_found(app: Flask, postgresql: Engine) -> None:
    with app.test_request_context(), pytest.raises(WrongOrder, match="no place"), session_scope(postgresql) as db:
        one_at_a_time(db, "a new one:1")
    postgresql.dispose()


def test_two_locks_in_two_orders_are_found_also_by_way_of_a_third() -> None:
    seen = Seen()
    seen.take("rota", "tasks")
    seen.take("tasks", "calls")
    seen.take("rota", "calls")
    for before, then in (("tasks", "rota"), ("calls", "rota")):
        with pytest.raises(WrongOrder):
            seen.take(before, then)
    seen.take("staff", "rota")
    seen.take("calls", "cohort")
    with pytest.raises(WrongOrder):
        seen.take("cohort", "rota")


def test_each_lock_of_the_code_has_its_place() -> None:
    """Read off the calls: a name that no test on PostgreSQL comes by would pass unseen."""
    names = {name for path in CODE.rglob("*.py") for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(names) > 30
    assert names - {*ORDER, *OTHERS} == set()
