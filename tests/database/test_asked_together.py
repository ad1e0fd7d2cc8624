"""Several parts of a page ask in one statement, and each finds what it would have found alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from backtolife.database.asked_once import ask_once
from backtolife.database.asked_together import ask_together
from backtolife.database.session import reading_first, session_scope
from backtolife.people.models import Service
from tests.database.test_asked_once import names, service
from tests.support.statements import statements_of


@pytest.fixture
def page(engine: Engine) -> Iterator[Session]:
    """The handle of a page that is only looked at, in a database with three services."""
    with session_scope(engine) as db:
        db.add_all([service("north", "North"), service("south", "South"), service("west", "West")])
    with ask_once(reading_first(engine)) as db:
        yield db


def backwards(db: Session) -> list[Service]:
    return list(db.exec(select(Service).order_by(col(Service.name).desc())))


def some(db: Session, *ids: str) -> list[str]:
    return [each.name for each in db.exec(select(Service).where(col(Service.id).in_(ids)))]


def pairs(db: Session) -> list[tuple[Service, Service]]:
    """Each service with the first by name."""
    other = aliased(Service, select(Service).where(Service.id == "north").subquery())
    wanted = select(Service, other).join(other, col(other.id) != col(Service.id))
    return list(db.exec(wanted.order_by(col(Service.name).desc())).all())


def test_each_reader_finds_its_own_rows_in_its_own_order(page: Session, engine: Engine) -> None:
    with statements_of(engine) as seen:
        ask_together(page, lambda: backwards(page), lambda: some(page, "west"), lambda: some(page, "nowhere"))
        assert [each.name for each in backwards(page)] == ["West", "South", "North"]
        assert some(page, "west") == ["West"]
        assert some(page, "nowhere") == []
    assert len(seen) == 1


def test_a_row_is_the_same_however_it_was_found(page: Session) -> None:
    ask_together(page, lambda: backwards(page), lambda: some(page, "west"))
    assert backwards(page)[0] is page.exec(select(Service).where(Service.id == "west")).one()


def test_a_question_about_part_of_a_row_is_asked_alone_and_found(page: Session, engine: Engine) -> None:
    with statements_of(engine) as seen:
        ask_together(
            page, lambda: names(page, "north"), lambda: pairs(page), lambda: backwards(page), lambda: some(page, "west")
        )
        assert names(page, "north") == ["North"]
        assert [(one.name, two.name) for one, two in pairs(page)] == [("West", "North"), ("South", "North")]
        assert some(page, "west") == ["West"]
    assert len(seen) == 3


def test_what_is_written_afterwards_is_seen(page: Session) -> None:
    ask_together(page, lambda: backwards(page), lambda: some(page, "east", "west"))
    page.add(service("east", "East"))
    assert sorted(some(page, "east", "west")) == ["East", "West"]


def test_a_handle_that_does_not_ask_once_reads_as_ever(engine: Engine, page: Session) -> None:
    del page
    with Session(engine) as db:
        ask_together(db, lambda: backwards(db), lambda: some(db, "west"))
        assert len(backwards(db)) == 3


def test_how_many_there_are_is_counted_in_the_same_statement(page: Session, engine: Engine) -> None:
    def how_many(*ids: str) -> int:
        return page.exec(select(func.count()).select_from(Service).where(col(Service.id).in_(ids))).one()

    with statements_of(engine) as seen:
        ask_together(
            page, lambda: how_many("north", "west"), lambda: some(page, "nowhere"), lambda: how_many("nowhere")
        )
        assert (how_many("north", "west"), how_many("nowhere"), some(page, "nowhere")) == (2, 0, [])
    assert len(seen) == 1


def test_two_counts_are_asked_together_though_nothing_is_listed(page: Session, engine: Engine) -> None:
    def named(name: str) -> int:
        return page.exec(select(func.count()).select_from(Service).where(Service.name == name)).one()

    with statements_of(engine) as seen:
        ask_together(page, lambda: named("North"), lambda: named("Nobody"))
        assert (named("North"), named("Nobody")) == (1, 0)
    assert len(seen) == 1
