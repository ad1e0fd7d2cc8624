"""What stood in clear is encrypted by the migration, opens again, and is nowhere else in the database's file."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife import rooms
from backtolife.database.keys import missing
from backtolife.database.migrating import migrate
from backtolife.database.sealing import Sealing, is_closed
from backtolife.database.session import open_engine
from backtolife.errors import Invalid
from backtolife.people.models import Person
from backtolife.programme.patients.alike import same_name
from tests.database.test_migrating import add, add_all, bring_to, pointing_nowhere, take_back_to
from tests.support.postgresql import own_database

BEFORE = "0077"
MANY = 1201
assert rooms


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def clear(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the version before, with more people than are encrypted at once."""
    with ExitStack() as held:
        url = f"sqlite:///{tmp_path / 'clear.db'}"
        if request.param == "postgresql":
            url = held.enter_context(own_database(request.getfixturevalue("postgresql_url")))
        engine = open_engine(url)
        held.callback(engine.dispose)
        bring_to(engine, BEFORE)
        with pointing_nowhere(engine) as connection:
            add(connection, "service", id="s", zone="Europe/London")
            told = [
                {"address": f"{each} Canary Row", "needs_words": "" if each % 2 else "Canary loop"}
                for each in range(MANY)
            ]
            known = {"service_id": "s", "kind": "patient", "channel": "email", "full_name": "Ann"}
            born = {"date_of_birth": date(1961, 3, 31)}
            rows = [
                {"id": f"p{each:04}", "email": f"p{each}"} | known | born | words for each, words in enumerate(told)
            ]
            add_all(connection, "person", rows)
            note = {"thread": "n", "text": "Canary note", "person_id": "p0001", "by": "p0001", "service_id": "s"}
            add(connection, "patient_note", id="n", **note)
        yield engine


def words_in(engine: Engine) -> str:
    """Everything that these two tables hold."""
    with engine.connect() as connection:
        return "".join(
            str(connection.exec_driver_sql(each).all())
            for each in ("SELECT * FROM person ORDER BY id", "SELECT * FROM patient_note")
        )


def test_everything_is_encrypted_and_opens_again(clear: Engine) -> None:
    assert "Canary" in words_in(clear)
    assert "1961-03-31" in words_in(clear) or "1961, 3, 31" in words_in(clear)
    migrate(clear)
    assert "Canary" not in words_in(clear)
    assert "1961-03-31" not in words_in(clear)
    assert "1961, 3, 31" not in words_in(clear), "four digits alone come by chance among so many marks"
    if clear.dialect.name == "sqlite":
        clear.dispose()
        assert b"Canary" not in Path(str(clear.url.database)).read_bytes(), "nor in pages that are free"
    with Session(clear) as db:
        people = db.exec(select(Person).order_by(Person.id)).all()
        assert [each.address for each in people] == [f"{number} Canary Row" for number in range(MANY)]
        assert {each.date_of_birth for each in people} == {date(1961, 3, 31)}
        assert {each.needs_words for each in people} == {"", "Canary loop"}
        assert len(same_name(db, service_id="s", full_name="Ann", born=date(1961, 3, 31))) == MANY
    assert missing(clear) == []


def test_killed_in_the_middle_nothing_has_changed(clear: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    closes, whole = iter(range(MANY + 700)), Sealing.close

    def dies(self: Sealing, words: str, *, place: str) -> str:
        if next(closes, None) is None:
            raise KeyboardInterrupt
        return whole(self, words, place=place)

    before = words_in(clear)
    monkeypatch.setattr(Sealing, "close", dies)
    with pytest.raises(KeyboardInterrupt):
        migrate(clear)
    assert words_in(clear) == before
    monkeypatch.undo()
    migrate(clear)
    assert "Canary" not in words_in(clear)


def test_going_back_opens_everything(clear: Engine) -> None:
    before = words_in(clear)
    migrate(clear)
    take_back_to(clear, BEFORE)
    assert words_in(clear) == before


def test_it_is_not_begun_with_another_key_than_the_one_of_the_numbers_here(
    clear: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pointing_nowhere(clear) as connection:
        closed = Sealing("the key of before, long enough").close("1", place="person_identifier/i/closed")
        row = {"person_id": "p0001", "service_id": "s", "system": "nhs", "mark": "m"}
        add(connection, "person_identifier", id="i", closed=closed, **row)
    with pytest.raises(Invalid, match="DATA_KEY"):
        migrate(clear)
    assert "Canary" in words_in(clear)
    monkeypatch.setenv("DATA_KEY", "the key of before, long enough")
    migrate(clear)
    assert is_closed(closed)
    monkeypatch.delenv("DATA_KEY")
    assert len(missing(clear)) == 1
