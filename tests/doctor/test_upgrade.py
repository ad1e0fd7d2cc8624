"""`backtolife upgrade --check` says what a newer version will change, and changes nothing."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from backtolife import cli, clock
from backtolife.config import from_environment
from backtolife.database.migrating import migrate, newest_revision, revision_of
from backtolife.database.sealing import Sealing
from backtolife.database.session import opened
from backtolife.database.waiting_migrations import Changes, Table, changes_since, narrowed, waiting
from backtolife.doctor import upgrade
from backtolife.release import release
from backtolife.reminders.status import Status, open_door
from tests.database.test_migrating import add, bring_to, pointing_nowhere
from tests.doctor.conftest import Said
from tests.keeping.conftest import Clinic, clinic, migrated_postgresql, migrated_sqlite
from tests.keeping.test_drill import backed_up
from tests.support.postgresql import own_database
from tests.support.running import free_port

__all__ = ["clinic", "migrated_postgresql", "migrated_sqlite"]
OLDER = "0066"
"""Two steps after it: one makes tables, the last one changes one that was there."""
Check = Callable[[], Said]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    def ask() -> Said:
        capsys.readouterr()
        ended = cli.main(["upgrade", "--check", "--json"])
        lines = json.loads(capsys.readouterr().out)
        return Said(ended, {line["name"]: line for line in lines})

    return ask


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def older(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an installation's database that lacks the newest migrations."""
    monkeypatch.setenv("BACKTOLIFE_ENV", "test")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("LIVEKIT_API_URL", "http://127.0.0.1:1")

    def at(url: str) -> str:
        monkeypatch.setenv("DATABASE_URL", url)
        with opened(url) as engine:
            bring_to(engine, OLDER)
        return url

    if request.param == "sqlite":
        yield at(f"sqlite:///{tmp_path / 'backtolife.db'}")
        return
    with own_database(request.getfixturevalue("postgresql_url")) as url:
        yield at(url)


def test_with_the_newest_schema_nothing_will_change(clinic: Clinic, check: Check) -> None:
    said = check()
    assert said.ended == 0
    assert said["schema"] == ("ok", f"It is the newest one, {newest_revision()}: nothing will change. ")
    assert said["program"] == ("ok", f"This is version 0.1.0, {release()}. ")
    assert not {"time", "space", "backup"} & set(said.lines)


def test_each_waiting_migration_is_named_with_time_and_room_and_nothing_is_changed(
    older: str, check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    said = check()
    assert said["0067"] == ("ok", f"{waiting(OLDER)[0].said} ")
    assert "0069" in said.lines
    assert said["time"][0] == "ok"
    assert "phone_call" in said["time"][1]
    assert said["data keys"][0] == "ok"
    assert "MB for a while" in said["space"][1]
    assert said["backup"][0] == "wrong"
    assert said.ended == 2, "there is no way back yet"
    with opened(older) as engine, engine.connect() as connection:
        assert revision_of(connection) == OLDER


def test_a_backup_of_this_hour_is_a_way_back(
    older: str,
    check: Check,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cli.main(["backup-key", str(tmp_path / "key.txt")])
    monkeypatch.setenv("BACKUP_RECIPIENTS", capsys.readouterr().out.strip())
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path / "backups"))
    assert "was ever made" in check()["backup"][1]
    backed_up(capsys=capsys)
    assert check()["backup"][0] == "ok"
    late = upgrade.way_back(clock.now() + upgrade.FRESH + timedelta(minutes=1))
    assert (late.state, late.do) == ("wrong", "Make one now: backtolife backup")


def test_a_newer_database_is_refused_in_words(older: str, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(older) as engine:
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert cli.main(["upgrade", "--check"]) == 2
    said = capsys.readouterr()
    assert "schema 9999 of a newer version" in said.err
    assert "time" not in said.out


def test_a_database_without_tables_is_told_how_to_get_them(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    assert check()["schema"] == ("ok", "The database has no tables yet. Make them: backtolife migrate")


BEFORE = Table({"id": ("INTEGER", False, False), "note": ("VARCHAR(9)", True, False)}, frozenset())


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BEFORE, []),
        (replace(BEFORE, columns={**BEFORE.columns, "more": ("TEXT", True, False)}), []),
        (replace(BEFORE, columns={**BEFORE.columns, "more": ("TEXT", False, True)}), []),
        (replace(BEFORE, columns={**BEFORE.columns, "more": ("TEXT", False, False)}), ["t.more must be given"]),
        (replace(BEFORE, columns={"id": BEFORE.columns["id"]}), ["t.note goes"]),
        (replace(BEFORE, columns={**BEFORE.columns, "note": ("TEXT", True, False)}), ["t.note becomes TEXT"]),
        (
            replace(BEFORE, columns={**BEFORE.columns, "note": ("VARCHAR(9)", False, False)}),
            ["t.note may not be empty"],
        ),
        (replace(BEFORE, rules=frozenset({"note may be there once only"})), ["t: note may be there once only"]),
        (replace(BEFORE, rules=frozenset({"more must be in person"})), []),
        (None, ["t goes"]),
    ],
)
def test_what_the_version_before_would_fall_over_is_named(after: Table | None, said: list[str]) -> None:
    assert list(narrowed({"t": BEFORE}, {"t": after} if after else {})) == said


def test_what_a_step_does_to_a_table_is_found_by_doing_it() -> None:
    changes = changes_since("0066")
    assert "erasure" in changes.made
    assert "phone_call" in changes.touched
    calls = [each for each in changes.narrowed if each.startswith("phone_call")]
    assert calls == ["phone_call.words becomes TEXT"], "it gets columns, and its words are encrypted"
    assert [each.revision for each in waiting("0066")][:3] == ["0067", "0068", "0069"]


def test_rows_that_a_step_rewrites_are_counted_as_often_as_it_goes_through_them() -> None:
    changes = changes_since("0077")
    assert "incident_record" not in changes.touched, "its columns are what they were"
    assert changes.gone_through["incident_record"] == 2, "once for each column that is encrypted"
    assert changes.gone_through["person"] > 7
    assert "alembic_version" not in changes.gone_through


def test_numbers_that_another_key_encrypted_are_found_before_anything_is_changed(
    older: str, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Sealing("the key of before and long enough").close("1", place="person_identifier/i/closed")
    with opened(older) as engine, pointing_nowhere(engine) as connection:
        row = {"person_id": "p", "service_id": "s", "system": "nhs", "mark": "m", "closed": closed}
        add(connection, "person_identifier", id="i", **row)
    state, words = check()["data keys"]
    assert (state, "person_identifier" in words, "DATA_KEY_OLD" in words) == ("wrong", True, True)
    monkeypatch.setenv("DATA_KEY_OLD", "the key of before and long enough")
    assert check()["data keys"][0] == "ok"


def test_a_step_that_takes_away_is_a_reason_to_stop_first() -> None:
    found = upgrade.expands(Changes((), ("t",), ("t.note goes",)))
    assert (found.state, found.do) == ("warn", "Stop web, media and scheduler before: backtolife migrate")
    assert "t.note goes" in found.said
    assert upgrade.expands(Changes((), ("t",), ())).state == "ok"


def test_many_rows_ask_for_an_hour_without_sessions() -> None:
    changes = Changes((), ("answer",), (), {"answer": 1})
    assert upgrade.time_needed(upgrade.ROWS_A_SECOND, changes).said.startswith("About 2 seconds: 20000 rows in answer")
    assert upgrade.time_needed(100 * upgrade.ROWS_A_SECOND, changes).state == "warn"


def test_a_full_disk_is_said_before_where_it_is_seen(older: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrade.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    settings, changes = from_environment(), Changes((), (), ())
    with opened(older) as engine, engine.connect() as connection:
        found = upgrade.disk_needed(connection, settings, changes)
    if older.startswith("sqlite"):
        assert (found.state, "Make room" in found.do) == ("wrong", True)
    else:  # its disk is elsewhere
        assert (found.state, "Look there yourself" in found.do) == ("not checked", True)


def test_each_process_says_which_version_it_runs(clinic: Clinic, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDULER_PORT", str(port := free_port()))
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setenv("LIVEKIT_API_URL", "http://127.0.0.1:1")
    open_door(Status(clinic.engine()), "127.0.0.1", port)
    said = check()
    assert said["scheduler"] == ("ok", "It runs this version. ")
    assert said["web"][0] == said["media"][0] == "not checked"
    monkeypatch.setattr(upgrade, "release", lambda: "a newer one")
    assert check()["scheduler"] == ("warn", f"It still runs another version, {release()}. Start it again.")
    settings = from_environment(os.environ)
    (*_, before) = upgrade.processes(settings, os.environ, waits=True)
    assert (before.state, before.do) == ("ok", "Start it again after the migration.")
