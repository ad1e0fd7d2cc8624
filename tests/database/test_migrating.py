"""A database with people in it is brought up to date as well as an empty one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, Table, event, inspect, select

from backtolife.database.migrating import alembic_config, check, migrate
from backtolife.database.session import open_engine
from backtolife.people.models import Role
from tests.support.postgresql import own_database

LONG_AGO = datetime(2026, 1, 1)  # noqa: DTZ001 - as the table keeps it
SINCE = "0018"
"""From here on; before it nobody ran the product."""
EMPTY = {"JSON": {}, "BLOB": b""}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(f"sqlite:///{tmp_path / 'filled.db'}")
    yield opened
    opened.dispose()


def bring_to(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def take_back_to(engine: Engine, revision: str) -> None:
    with engine.execution_options(rebuilds_tables=True).begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def add(connection: Connection, table: str, **known: Any) -> None:
    """A row with what we know, and something in every other column that must hold something."""
    add_all(connection, table, [known])


def add_all(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many such rows, which name the same columns. The table is looked at once: that takes longer than to fill it."""
    columns = Table(table, MetaData(), autoload_with=connection)
    something = {
        column.name: LONG_AGO
        if any(kind in str(column.type).upper() for kind in ("DATE", "TIME"))
        else 0
        if numeric(column)
        else ""
        for column in columns.columns
        if not column.nullable
    }
    connection.execute(columns.insert(), [something | known for known in rows])


def add_to_every_table(connection: Connection) -> list[str]:
    """One row in every table, each pointing to the row of the table that it must point to. Returns the tables."""
    looked, names = inspect(connection), []
    for table in looked.get_table_names():
        columns = {each["name"]: each for each in looked.get_columns(table)}
        known: dict[str, Any] = {name: table for name in columns if name == "id"}
        for key in looked.get_foreign_keys(table):
            name = key["constrained_columns"][0]
            if not columns[name]["nullable"]:
                known[name] = str(key["referred_table"])
        for name, column in columns.items():
            if not column["nullable"] and str(column["type"]) in EMPTY:
                known[name] = EMPTY[str(column["type"])]
        if table != "alembic_version":
            add(connection, table, **known)
            names.append(table)
    return names


def numeric(column: Any) -> bool:
    return any(kind in str(column.type).upper() for kind in ("INT", "BOOL", "FLOAT"))


def test_people_and_their_service_survive_every_later_change(engine: Engine) -> None:
    bring_to(engine, SINCE)
    with engine.begin() as connection:
        add(connection, "service", id="s", name="A clinic")
        add(connection, "person", id="p", service_id="s", role="patient", channel="email")
    migrate(engine)
    with engine.connect() as connection:
        service = Table("service", MetaData(), autoload_with=connection)
        found = connection.execute(select(service.c.name, service.c.rehearsal)).all()
        assert found == [("A clinic", False)]
        assert inspect(connection).has_table("rehearsal")
    check(engine)


def test_a_database_with_rows_that_point_to_each_other_is_brought_up_to_date_and_loses_none(engine: Engine) -> None:
    bring_to(engine, SINCE)
    event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA ignore_check_constraints=ON"))
    engine.dispose()
    with engine.execution_options(rebuilds_tables=True).begin() as connection:
        names = add_to_every_table(connection)
    migrate(engine)
    with engine.connect() as connection:
        rows = {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() for name in names}  # noqa: S608
        assert rows == dict.fromkeys(names, 1)
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1, "afterwards they are looked at again"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def newest(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the newest shape, with a task that nobody owns, in a service with these people."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'newest.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        migrate(engine)
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            person = {"service_id": "s", "kind": "staff", "active": True, "channel": "email"}
            for name, role, day in (("a", "administrator", 1), ("c", "clinical_lead", 3), ("b", "clinical_lead", 2)):
                since = LONG_AGO.replace(day=day)
                add(connection, "person", id=name, email=name, created_at=since, **person)
                add(connection, "role_held", id=name, service_id="s", person_id=name, role=role, given_at=since)
            task = {"service_id": "s", "level": "urgent", "state": "new"}
            add(connection, "safety_task", id="open", response_id="r1", backup_id="b", **task)
            add(
                connection,
                "safety_task",
                id="taken",
                response_id="r2",
                acknowledged_by="a",
                acknowledged_at=LONG_AGO,
                **task,
            )
        yield engine


@contextmanager
def pointing_nowhere(engine: Engine) -> Iterator[Connection]:
    """A connection on which rows may point to rows that are not there."""
    with engine.execution_options(rebuilds_tables=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection


def owners(engine: Engine) -> dict[str, str | None]:
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, owner_id FROM safety_task")}


def test_going_back_gives_a_task_without_owner_to_somebody_and_loses_none(newest: Engine) -> None:
    take_back_to(newest, "0021")
    assert owners(newest) == {"open": "b", "taken": "a"}


def test_going_back_is_refused_in_words_where_there_is_nobody_to_give_a_task_to(newest: Engine) -> None:
    with pointing_nowhere(newest) as connection:
        connection.exec_driver_sql("DELETE FROM safety_task WHERE id = 'taken'")
        connection.exec_driver_sql("DELETE FROM role_held")
        connection.exec_driver_sql("UPDATE person SET kind = 'patient'")
    with pytest.raises(RuntimeError, match="Invite somebody"):
        take_back_to(newest, "0021")
    assert owners(newest) == {"open": None}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def one_role_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database from when everybody had one role, with one of each kind of people."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'one_role.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0034")
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            for role in Role:
                person = {"service_id": "s", "active": True, "channel": "email", "created_at": LONG_AGO}
                beside = "patient" if role is Role.COMPANION else None
                add(connection, "person", id=role.value, email=role.value, role=role.value, beside_id=beside, **person)
        yield engine


def test_the_one_role_of_everybody_who_works_here_becomes_a_set(one_role_each: Engine) -> None:
    migrate(one_role_each)
    with one_role_each.connect() as connection:
        kinds = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, kind FROM person")}
        held = [tuple(row) for row in connection.exec_driver_sql("SELECT person_id, role, service_id FROM role_held")]
        assert connection.exec_driver_sql("SELECT beside_id FROM person WHERE id = 'companion'").scalar() == "patient"
    others = {"patient", "companion", "observer"}
    assert kinds == {role.value: role.value if role.value in others else "staff" for role in Role}
    assert sorted(held) == sorted((role.value, role.value, "s") for role in Role if role.value not in others)
    check(one_role_each)


def test_going_back_gives_everybody_their_one_role_again(one_role_each: Engine) -> None:
    migrate(one_role_each)
    take_back_to(one_role_each, "0034")
    with one_role_each.connect() as connection:
        assert {row[0] == row[1] for row in connection.exec_driver_sql("SELECT id, role FROM person")} == {True}


def test_going_back_is_refused_in_words_while_somebody_holds_several_roles(one_role_each: Engine) -> None:
    migrate(one_role_each)
    with pointing_nowhere(one_role_each) as connection:
        more = {"service_id": "s", "person_id": "facilitator", "role": "duty_clinician", "given_at": LONG_AGO}
        add(connection, "role_held", id="more", **more)
    with pytest.raises(RuntimeError, match="several roles"):
        take_back_to(one_role_each, "0034")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def with_a_companion(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Somebody booked beside a patient of two courses, in the first of them, before a booking named the place."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'companion.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0055")
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            person = {"service_id": "s", "active": True, "channel": "email", "others_read": False}
            for number, kind in enumerate(("patient", "companion")):
                more = {"beside_id": "patient", "whole_course": True} if number else {"whole_course": False}
                at = LONG_AGO + timedelta(days=10)
                add(connection, "person", id=kind, email=kind, kind=kind, created_at=at, **person, **more)
            for number in (0, 1):
                place = {"service_id": "s", "person_id": "patient", "state": "enrolled", "agreed_later": False}
                at = LONG_AGO + timedelta(days=400 * number)
                add(
                    connection,
                    "enrolment",
                    id=f"course {number}",
                    cohort_id=str(number),
                    code=str(number),
                    enrolled_at=at,
                    **place,
                )
        yield engine


def test_who_was_booked_for_a_course_stays_booked_for_that_one(with_a_companion: Engine) -> None:
    bring_to(with_a_companion, "0056")
    with with_a_companion.connect() as connection:
        found = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, beside_place_id FROM person")}
    assert found == {"patient": None, "companion": "course 0"}
