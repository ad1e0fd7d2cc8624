"""A backup from before the newest migrations comes back in the newest schema."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from backtolife import cli
from backtolife.database.migrating import newest_revision, revision_of
from backtolife.database.session import opened
from tests.database.test_migrating import bring_to
from tests.keeping.conftest import Clinic
from tests.keeping.test_drill import backed_up
from tests.support.postgresql import own_database

OLDER = "0055"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old_archive(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Path]:
    """Of a service that was not brought up to date; the commands then run on an empty machine."""
    data, new = tmp_path / "data", tmp_path / "new"
    data.mkdir()
    new.mkdir()
    cli.main(["backup-key", str(tmp_path / "key.txt")])
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path / "backups"))
    monkeypatch.setenv("BACKUP_RECIPIENTS", capsys.readouterr().out.strip())
    monkeypatch.setenv("BACKTOLIFE_ENV", "test")

    def at(folder: Path, url: str) -> None:
        monkeypatch.setenv("DATA_DIR", str(folder))
        monkeypatch.setenv("DATABASE_URL", url)

    def old(url: str) -> Path:
        with opened(url) as engine:
            bring_to(engine, OLDER)
        at(data, url)
        return backed_up(capsys=capsys)

    if request.param == "sqlite":
        path = old(f"sqlite:///{data / 'backtolife.db'}")
        at(new, f"sqlite:///{new / 'backtolife.db'}")
        yield path
        return
    server = request.getfixturevalue("postgresql_url")
    with own_database(server) as before, own_database(server) as after:
        path = old(before)
        at(new, after)
        yield path


def test_it_is_whole_and_comes_back_up_to_date(
    old_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = ["--key", str(tmp_path / "key.txt")]
    assert cli.main(["verify", str(old_archive), *key]) == 0, capsys.readouterr().err
    assert f"schema {OLDER}" in capsys.readouterr().out
    assert cli.main(["restore", str(old_archive), *key]) == 0, capsys.readouterr().err
    settings = Clinic(dict(os.environ), tmp_path / "key.txt", "").settings
    with opened(settings.database_url) as engine, engine.connect() as connection:
        assert revision_of(connection) == newest_revision()
