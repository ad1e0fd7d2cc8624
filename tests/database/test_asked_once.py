"""A page asks for the same rows in several of its parts: what it remembers is never older than its lock or write."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife.database.asked_once import ask_once
from backtolife.database.session import one_at_a_time, reading_first, session_scope
from backtolife.people.models import Service
from tests.support.statements import statements_of

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


@pytest.fixture
def page(engine: Engine) -> Iterator[Session]:
    """The handle of a page that is only looked at, in a database with two services."""
    with session_scope(engine) as db:
        db.add_all([service("north", "North"), service("south", "South")])
    with ask_once(reading_first(engine)) as db:
        yield db


def service(number: str, name: str) -> Service:
    return Service(id=number, name=name, short_name=name, zone="Europe/London", phone="020 7946 0958", created_at=NOON)


def names(db: Session, *ids: str) -> list[str]:
    return list(db.exec(select(Service.name).where(col(Service.id).in_(ids)).order_by(col(Service.name))))


def rename(engine: Engine, name: str) -> None:
    """Somebody else writes, at the same time."""
    with session_scope(engine) as db:
        db.get_one(Service, "north").name = name


def test_the_same_question_goes_to_the_database_once(page: Session, engine: Engine) -> None:
    with statements_of(engine) as seen:
        assert [names(page, "north", "south") for _ in range(3)] == [["North", "South"]] * 3
        assert page.get_one(Service, "north") is page.get_one(Service, "north")
    assert len(seen) == 2


def test_the_same_question_about_somebody_else_is_another_one(page: Session) -> None:
    assert names(page, "north") == ["North"]
    assert names(page, "south") == ["South"]
    assert names(page, "south", "north") == ["North", "South"]


def test_a_row_is_the_same_however_it_was_found(page: Session) -> None:
    found = page.exec(select(Service).where(Service.id == "north")).one()
    assert page.get_one(Service, "north") is found
    assert page.exec(select(Service).where(Service.id == "north")).one() is found


def test_what_the_page_itself_wrote_is_seen(page: Session) -> None:
    assert names(page, "north", "west") == ["North"]
    page.add(service("west", "West"))
    assert names(page, "north", "west") == ["North", "West"]


def test_what_others_wrote_is_seen_once_the_lock_is_held(page: Session, engine: Engine) -> None:
    assert names(page, "north") == ["North"]
    page.rollback()  # on SQLite a transaction that has read sees nothing new
    rename(engine, "Far North")
    assert names(page, "north") == ["Far North"]
    page.rollback()
    rename(engine, "Near North")
    one_at_a_time(page, "services")
    assert names(page, "north") == ["Near North"]


def test_a_lock_taken_after_looking_asks_again(page: Session, engine: Engine) -> None:
    assert names(page, "north") == ["North"]
    rename(engine, "Far North")
    one_at_a_time(page, "services")
    assert names(page, "north") == ["Far North"]


def test_who_asks_for_a_row_to_change_it_is_never_answered_from_memory(page: Session, engine: Engine) -> None:
    wanted = select(Service.name).where(Service.id == "north").with_for_update()
    with statements_of(engine) as seen:
        assert [page.exec(wanted).one() for _ in range(2)] == ["North", "North"]
    assert len(seen) == 2


def test_what_was_known_before_a_row_was_held_is_asked_again(page: Session, engine: Engine) -> None:
    assert names(page, "north") == ["North"]
    if engine.dialect.name == "postgresql":  # where others write on while this one looks
        rename(engine, "Far North")
    page.exec(select(Service.id).where(Service.id == "north").with_for_update()).one()
    with statements_of(engine) as seen:
        assert names(page, "north") == ["Far North" if engine.dialect.name == "postgresql" else "North"]
    assert len(seen) == 1


def test_a_statement_that_writes_ends_what_was_remembered(page: Session) -> None:
    row = page.get_one(Service, "north")
    assert names(page, "north") == ["North"]
    row.name = "Far North"
    assert names(page, "north") == ["Far North"]
    page.commit()
    assert names(page, "north") == ["Far North"]


def test_a_step_taken_back_is_not_remembered(page: Session) -> None:
    with page.begin_nested() as step:
        page.add(service("west", "West"))
        page.flush()
        assert names(page, "west") == ["West"]
        step.rollback()
    assert names(page, "west") == []
