"""Calls that were to tell a message stand among all calls with a person, and lose nothing on the way there or back."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from backtolife.database.migrating import migrate
from backtolife.database.session import metadata, open_engine
from tests.database.test_migrating import LONG_AGO, add, bring_to, pointing_nowhere, take_back_to
from tests.support.postgresql import own_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def two_lists(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Linda was rung by herself, and once for a message; once somebody rang for a message to nobody we know."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'calls.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, "0061")
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s")
            for name in ("linda", "priya"):
                kind = "patient" if name == "linda" else "staff"
                add(connection, "person", id=name, service_id="s", email=name, kind=kind, channel="email")
            for person in ("linda", None):
                key = f"to {person}"
                message = {"service_id": "s", "person_id": person, "state": "waiting", "channel": "telephone"}
                add(connection, "outgoing_message", id=key, key=key, **message)
                call = {"service_id": "s", "message_id": key, "outcome": "no_answer", "words": "Twice", "by": "priya"}
                add(connection, "message_call", id=f"call {person}", **call)
            own = {"service_id": "s", "person_id": "linda", "outcome": "they_rang", "by": "priya", "at": LONG_AGO}
            add(connection, "phone_call", id="own", **own)
        yield engine


def calls(engine: Engine) -> dict[str, tuple[object, ...]]:
    with engine.connect() as connection:
        table = metadata.tables["phone_call"].c
        rows = connection.execute(select(table.id, table.person_id, table.message_id, table.outcome, table.words))
        return {row[0]: tuple(row[1:]) for row in rows}


def test_both_lists_are_one_with_whom_and_about_what(two_lists: Engine) -> None:
    migrate(two_lists)
    assert calls(two_lists) == {
        "own": ("linda", None, "they_rang", ""),
        "call linda": ("linda", "to linda", "no_answer", "Twice"),
        "call None": (None, "to None", "no_answer", "Twice"),
    }


def test_a_call_stays_when_its_message_goes(two_lists: Engine) -> None:
    migrate(two_lists)
    with two_lists.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outgoing_message")
    assert calls(two_lists)["call linda"] == ("linda", None, "no_answer", "Twice")


def test_going_back_makes_two_lists_of_them_again(two_lists: Engine) -> None:
    migrate(two_lists)
    with two_lists.begin() as connection:
        connection.exec_driver_sql("UPDATE phone_call SET outcome = 'wrong_number' WHERE id = 'call linda'")
    take_back_to(two_lists, "0061")
    with two_lists.connect() as connection:
        about = connection.exec_driver_sql("SELECT id, message_id, outcome FROM message_call ORDER BY id").all()
        own = connection.exec_driver_sql("SELECT id, person_id FROM phone_call").all()
    assert [tuple(each) for each in about] == [
        ("call None", "to None", "no_answer"),
        ("call linda", "to linda", "no_answer"),
    ]
    assert [tuple(each) for each in own] == [("own", "linda")]
