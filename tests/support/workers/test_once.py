"""What tests do quicker than the product does it, and that the product does it still."""

import gc
import inspect
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from werkzeug.routing import Map, Rule

from backtolife.database import session
from tests.support.workers.routes import BuiltOnce
from tests.support.workers.statements import KEPT


def sync_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA synchronous").fetchone()[0])


def test_the_product_waits_for_the_disk_and_a_test_does_not(tmp_path: Path) -> None:
    entry: Any = SimpleNamespace(info={})
    for prepare, sync in ((session.prepare_sqlite, 0), (inspect.unwrap(session.prepare_sqlite), 2)):
        connection = sqlite3.connect(tmp_path / "some.db")
        prepare(connection, entry)
        assert sync_of(connection) == sync
        connection.close()


def test_two_applications_write_the_same_addresses_each_with_its_own_rules(app: Flask) -> None:
    built = BuiltOnce()
    words = "/patients/<string:place_id>/calls/<int:number>"
    one, other = (Map([Rule(words, endpoint="call")]).bind("localhost") for _ in range(2))
    values = {"place_id": "ä b", "number": 3, "page": 2}
    assert one.build("call", values) == other.build("call", values) == "/patients/%C3%A4%20b/calls/3?page=2"
    rule = next(iter(one.map.iter_rules()))
    assert built(rule) is built(next(iter(other.map.iter_rules())))
    assert built(rule) is not built(rule, append_unknown=False)
    found = [Map([Rule(words, endpoint="call")]).bind("localhost").match("/patients/a b/calls/3") for _ in range(2)]
    assert found == [("call", {"place_id": "a b", "number": 3})] * 2
    assert next(iter(Map([Rule(words, endpoint="call")]).iter_rules())).arguments == {"place_id", "number"}
    assert app.url_map.bind("localhost").build("tasks.show", {"task_id": "a b"}) == "/tasks/a%20b"


def test_what_was_collected_is_out_of_the_collectors_sight(request: pytest.FixtureRequest) -> None:
    assert gc.isenabled()
    assert gc.is_tracked(request.session.items)
    assert not any(seen is request.session.items for seen in gc.get_objects())


def test_what_one_engine_compiled_another_of_its_kind_finds_and_one_of_another_kind_does_not(tmp_path: Path) -> None:
    said = select(literal(7)).where(literal(True))
    engines = [session.open_engine(f"sqlite:///{tmp_path / name}") for name in ("one.db", "two.db")]
    for engine in engines:
        with engine.connect() as connection:
            before = set(KEPT)
            assert connection.execute(said).scalar() == 7
        assert (set(KEPT) == before) == (engine is engines[1])
    assert engines[0].dialect == engines[1].dialect
    assert engines[0].dialect != PGDialect_psycopg()
