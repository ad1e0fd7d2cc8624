"""A backup whose encrypted columns need a key that is not here is refused before anything is changed."""

from pathlib import Path

import pytest

from backtolife import cli, clock
from backtolife.config import DEVELOPMENT_SECRET
from backtolife.database.keys import SEALED
from backtolife.database.sealing import ours
from backtolife.database.session import opened, session_scope
from backtolife.keeping.needed_keys import in_dump
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.models import Service
from tests.keeping.conftest import Clinic
from tests.keeping.test_bad_backups import refused, untouched
from tests.keeping.test_drill import backed_up
from tests.support.factories import Factory

ANOTHER = "another key and long enough to be one"


@pytest.fixture
def archived(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> Path:
    """Somebody with a number is in it."""
    with opened(clinic.environ["DATABASE_URL"]) as engine, session_scope(engine) as db:
        person = Factory(db, clock.now()).person(db.get_one(Service, clinic.service), name="Ann")
        keep_numbers(db, person=person, numbers={"nhs_number": "9434765919"}, sealing=ours(), now=clock.now())
    return backed_up(capsys=capsys)


def test_it_is_refused_in_words_and_comes_back_with_the_key(
    archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_KEY", ANOTHER)
    words = ["restore", str(archived), "--key", str(elsewhere.key)]
    said = refused(words, capsys)
    assert "DATA_KEY that is not here (its id is " in said
    assert "Nothing was changed" in said
    assert untouched(elsewhere)
    monkeypatch.setenv("DATA_KEY_OLD", DEVELOPMENT_SECRET)
    assert cli.main(words) == 0, capsys.readouterr().err


def test_also_where_it_was_not_written_down_which_key_it_needs(
    clinic: Clinic,
    archived: Path,
    elsewhere: Clinic,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with opened(clinic.environ["DATABASE_URL"]) as engine, engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM data_key")
    monkeypatch.setenv("DATA_DIR", clinic.environ["DATA_DIR"])
    monkeypatch.setenv("DATABASE_URL", clinic.environ["DATABASE_URL"])
    later = backed_up(capsys=capsys)
    monkeypatch.setenv("DATA_DIR", elsewhere.environ["DATA_DIR"])
    monkeypatch.setenv("DATABASE_URL", elsewhere.environ["DATABASE_URL"])
    monkeypatch.setenv("DATA_KEY", ANOTHER)
    assert "DATA_KEY that is not here" in refused(["restore", str(later), "--key", str(elsewhere.key)], capsys)
    assert untouched(elsewhere)


def test_every_table_that_was_encrypted_by_hand_is_looked_at() -> None:
    assert "person_identifier" in SEALED
    assert callable(in_dump)
