"""Each thing on the machine and in the database is broken on purpose; the doctor says so, and what to do."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from backtolife import cli, clock
from backtolife.config import DEVELOPMENT_SECRET
from backtolife.database.session import opened, session_scope
from backtolife.doctor import machine
from backtolife.doctor.findings import Finding, exit_code
from backtolife.keeping.rules import Named
from backtolife.processes import beats
from tests.doctor.conftest import Doctor
from tests.keeping.test_rules import PUBLIC


def test_a_setting_that_is_refused_is_the_only_line(doctor: Doctor) -> None:
    said = doctor(BACKTOLIFE_ENV="production")
    assert (said.ended, list(said.lines)) == (2, ["settings"])
    assert "nothing else was looked at" in said["settings"][1]


def test_secrets_that_everybody_knows_or_that_are_used_twice_are_named(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor()["secrets"][0] == "ok"
    assert doctor(DATA_KEY=os.environ["SECRET_KEY"])["secrets"] == (
        "warn",
        "Two of them are the same. Make one for each, with: openssl rand -hex 32",
    )
    monkeypatch.delenv("DATA_KEY")
    assert "Everybody knows these: DATA_KEY." in doctor()["secrets"][1]


def test_a_database_that_is_well_is_said_to_be(doctor: Doctor) -> None:
    said = doctor()
    assert [said[name][0] for name in ("database", "schema", "disk")] == ["ok", "ok", "ok"]


def test_a_database_that_cannot_be_opened(doctor: Doctor, tmp_path: Path) -> None:
    state, words = doctor(DATABASE_URL=f"sqlite:///{tmp_path}")["database"]
    assert (state, "Look at DATABASE_URL" in words) == ("wrong", True)
    state, words = doctor(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")["database"]
    assert (state, "Connection refused" in words) == ("wrong", True)
    assert doctor(DATABASE_URL="paper://drawer")["database"][0] == "wrong"


@pytest.mark.parametrize(
    ("revision", "words"), [("0059", "Make a backup, then: backtolife migrate"), ("9999", "newer version")]
)
def test_a_schema_that_is_older_or_newer(revision: str, words: str, doctor: Doctor) -> None:
    with opened(f"sqlite:///{os.environ['DATA_DIR']}/backtolife.db") as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))
    state, said = doctor()["schema"]
    assert (state, words in said) == ("wrong", True)


def test_a_database_without_tables(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "data" / "backtolife.db").unlink()
    state, words = doctor()["schema"]
    assert (state, "backtolife restore" in words, "Make a backup" in words) == ("wrong", True, False)


def test_a_change_of_the_key_that_is_not_finished_is_said_and_one_that_cannot_be_too(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor()["data keys"][0] == "wrong", "the database was made with the key of development"
    state, said = doctor(DATA_KEY_OLD=DEVELOPMENT_SECRET)["data keys"]
    assert (state, "not finished" in said, "keys rotate" in said) == ("warn", True, True)
    assert cli.main(["keys", "rotate"]) == 0
    monkeypatch.delenv("DATA_KEY_OLD")
    assert doctor()["data keys"][0] == "ok"


def test_a_scheduler_that_never_ran_is_silent_or_is_well(doctor: Doctor) -> None:
    assert "never run" in doctor()["scheduler"][1]
    for age, state in ((5, "ok"), (600, "wrong")):
        with opened(f"sqlite:///{os.environ['DATA_DIR']}/backtolife.db") as engine, session_scope(engine) as db:
            beats.leave(db, name=beats.SCHEDULER, now=clock.now() - timedelta(seconds=age))
        assert doctor()["scheduler"][0] == state


def test_a_disk_that_cannot_be_written_or_has_little_room(
    doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor(DATA_DIR=str(tmp_path / "nowhere"))["disk"][0] == "wrong"
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(machine, "LITTLE_BYTES", 2**62)
    assert doctor()["disk"][0] == "warn"
    monkeypatch.setattr(machine, "TOO_LITTLE_BYTES", 2**62)
    assert doctor()["disk"][0] == "wrong"


@contextmanager
def telling_time(moment: datetime) -> Iterator[str]:
    """A web server whose clock says `moment`."""

    class Door(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(moment, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("apart", "state"), [(0, "ok"), (30, "warn"), (7200, "wrong"), (-7200, "wrong")])
def test_a_clock_that_is_off(apart: int, state: str, doctor: Doctor) -> None:
    with telling_time(datetime.now(UTC) + timedelta(seconds=apart)) as url:
        found, words = doctor("--clock", url)["clock"]
    assert found == state
    assert ("timedatectl" in words) == (state != "ok")


def test_a_clock_without_another_one_is_not_checked_and_the_line_says_so(doctor: Doctor) -> None:
    assert doctor()["clock"][0] == "not checked"
    assert doctor("--clock", "http://127.0.0.1:1")["clock"][0] == "not checked"


def test_a_machine_without_ffmpeg(doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor()["ffmpeg"][0] == "ok"
    broken = tmp_path / "ffmpeg"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor()["ffmpeg"][0] == "wrong"
    broken.unlink()
    monkeypatch.setitem(__import__("sys").modules, "imageio_ffmpeg", None)
    assert "apt-get install ffmpeg" in doctor()["ffmpeg"][1]


def test_a_machine_without_pango(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor()["pango"][0] == "ok"
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    state, words = doctor()["pango"]
    assert (state, "apt-get install libpango" in words) == ("warn", True)


def test_backups_that_are_not_made_were_never_made_or_are_old(doctor: Doctor, tmp_path: Path) -> None:
    assert doctor()["backups"][0] == "warn"
    folder = tmp_path / "backups"
    folder.mkdir()
    chosen = {"BACKUP_DIR": str(folder), "BACKUP_RECIPIENTS": PUBLIC}
    assert "There is no backup" in doctor(**chosen)["backups"][1]
    (folder / Named(clock.now() - timedelta(hours=20), "full").name).touch()
    assert doctor()["backups"][0] == "ok"
    assert doctor(BACKUP_EVERY_MINUTES="5")["backups"][0] == "wrong"
    (folder / Named(clock.now() - timedelta(minutes=6), "database").name).touch()
    assert doctor()["backups"][0] == "ok"


def test_the_worst_line_says_how_the_command_ends() -> None:
    lines = {state: Finding("x", state, "") for state in ("ok", "not checked", "warn", "wrong")}
    assert [exit_code([lines["ok"], line]) for line in lines.values()] == [0, 0, 1, 2]
    assert exit_code([lines["wrong"], lines["warn"]]) == 2


def test_a_person_reads_a_line_for_each_with_what_to_do_below(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    as_json = doctor()
    assert cli.main(["doctor"]) == as_json.ended
    said = capsys.readouterr().out
    for name, line in as_json.lines.items():
        assert f"{line['state']:<12}{name:<12}" in said
    assert "systemctl start backtolife-scheduler" in said
    assert json.dumps(said)
