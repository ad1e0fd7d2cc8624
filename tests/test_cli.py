"""The commands that start a real service."""

import re
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backtolife import cli, clock
from backtolife.audit import AuditEntry
from backtolife.config import from_environment
from backtolife.content.models import PackageKind, PackageState, VideoPackage
from backtolife.database.sealing import Sealing
from backtolife.database.session import open_engine, opened, session_scope
from backtolife.people.models import LinkPurpose, Person, Role, Service, SignInLink
from backtolife.people.second_step import app_codes
from backtolife.people.second_step.services import ways_of
from backtolife.programme.adopted.models import AdoptedProgramme
from tests.support.factories import Factory
from tests.support.mail import Inbox


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'cli.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PUBLIC_URL", "http://localhost")
    return url


def test_three_commands_start_a_service(
    database: str, mail_server: Inbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("SMTP_PORT", str(mail_server.port))
    monkeypatch.setenv("SMTP_STARTTLS", "no")
    assert cli.main(["migrate"]) == 0
    assert cli.main(["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000"]) == 0
    said = capsys.readouterr()
    assert "no videos yet" in said.err
    service_id = said.out.splitlines()[-1]
    invite = ["staff", "invite", "Sam@Example.org", "--service", service_id, "--role", "administrator"]
    assert cli.main([*invite, "--name", "Sam Reid"]) == 0
    assert "sent" in capsys.readouterr().out
    engine = open_engine(database)
    with session_scope(engine) as db:
        assert db.exec(select(AdoptedProgramme)).one().service_id == service_id
        person = db.exec(select(Person)).one()
        assert (person.email, person.service_id) == ("sam@example.org", service_id)
        assert db.exec(select(SignInLink)).one().purpose is LinkPurpose.INVITATION
        assert db.exec(select(Service)).one().zone == "Europe/London"
    engine.dispose()
    assert re.search(r"http://localhost/staff/invitation/\S+", mail_server.mails[0].get_content())


def test_an_invitation_to_an_unknown_service_says_so(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["migrate"])
    invite = ["staff", "invite", "sam@example.org", "--service", "nowhere", "--role", "facilitator", "--name", "Sam"]
    assert cli.main(invite) == 2
    assert "no service with the id 'nowhere'" in capsys.readouterr().err
    assert database


def test_migrating_twice_changes_nothing(database: str) -> None:
    assert [cli.main(["migrate"]), cli.main(["migrate"])] == [0, 0]
    assert database


@pytest.mark.parametrize("words", [["--groups", "0"], ["--patients", "-3"], ["--patients", "few"]])
def test_a_made_up_service_of_nobody_is_refused_before_anything_is_made(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["simulate", *words])
    assert words[0] in capsys.readouterr().err


def test_a_changed_entry_of_the_audit_log_is_named(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["migrate"])
    cli.main(["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000"])
    assert cli.main(["audit", "verify"]) == 0
    assert "Midtown: whole, " in capsys.readouterr().out
    engine = open_engine(database)
    with engine.begin() as raw:
        triggers = raw.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in triggers:
            raw.exec_driver_sql(f"DROP TRIGGER {name}")
        raw.exec_driver_sql("UPDATE audit_entry SET actor_id = 'nobody' WHERE number = 1")
    engine.dispose()
    assert cli.main(["audit", "verify"]) == 1
    assert capsys.readouterr().out == "Midtown: broken at entry 1: it was changed, or made without the key\n"


def test_entries_taken_off_the_end_show_against_where_the_log_ended_before(
    database: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    cli.main(["migrate"])
    cli.main(["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000"])
    service_id = capsys.readouterr().out.splitlines()[-1]
    file = tmp_path / "ended.txt"
    file.write_text(f'Keep this message.\n{{"service_id": "{service_id}", "number": 900, "hash": "{"a" * 64}"}}\n')
    assert cli.main(["audit", "verify", "--against", str(file)]) == 1
    assert ": the log ended later once" in capsys.readouterr().out
    assert cli.main(["audit", "verify", "--against", str(tmp_path / "none")]) == 2
    file.write_text("no line of ours")
    assert cli.main(["audit", "verify", "--against", str(file)]) == 2
    assert database


def test_the_services_are_listed_with_their_ids(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["migrate"])
    cli.main(["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000"])
    said = capsys.readouterr()
    service_id = said.out.splitlines()[-1]
    assert not said.err.strip().endswith(":"), "nothing follows"
    assert cli.main(["service", "list"]) == 0
    assert capsys.readouterr().out == f"{service_id}  Midtown\n"
    assert database


def test_a_database_that_is_not_set_up_is_one_sentence(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["service", "list"]) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "backtolife migrate" in said
    assert database


def test_a_database_that_cannot_be_opened_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}")
    invite = ["staff", "invite", "sam@example.org", "--service", "x", "--role", "facilitator", "--name", "Sam"]
    for command in (["migrate"], ["service", "list"], invite):
        assert cli.main(command) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_postgresql_that_lets_nobody_in_says_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert cli.main(["service", "list"]) == 2
    assert "Connection refused" in capsys.readouterr().err


def test_a_service_is_made_once_however_often_it_is_asked_for(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["migrate"]) == 0
    one = ["service", "create", "Midtown Health", "--short-name", "Midtown", "--phone", "01632 960000"]
    assert cli.main(one) == 0
    first = capsys.readouterr().out.split()[-1]
    assert cli.main([*one[:2], " midtown HEALTH", *one[3:]]) == 2
    said = capsys.readouterr()
    assert (said.out, first in said.err) == ("", True)
    assert cli.main([*one[:2], "Harbour Health", *one[3:]]) == 0
    assert database


def test_a_second_invitation_says_how_to_get_a_new_link(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["migrate"])
    cli.main(["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000"])
    service_id = capsys.readouterr().out.splitlines()[-1]
    invite = ["staff", "invite", "sam@example.org", "--service", service_id, "--role", "facilitator", "--name", "Sam"]
    assert [cli.main(invite), cli.main(invite)] == [0, 2]
    assert "Forgotten password?" in capsys.readouterr().err
    assert database


def test_the_only_administrator_starts_anew_from_the_server(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["migrate"])
    engine = open_engine(database)
    with session_scope(engine) as db:
        make = Factory(db, clock.now())
        service = make.service()
        sam = make.person(service, Role.ADMINISTRATOR, "Sam")
        sealing = Sealing(from_environment().data_key)
        app_codes.keep(db, person=sam, secret=app_codes.new_secret(), step=0, sealing=sealing, now=clock.now())
    reset = ["staff", "reset-second-step", sam.email.upper(), "--service", service.id, "--reason", "phone lost"]
    assert cli.main(reset) == 0
    with session_scope(engine) as db:
        assert not ways_of(db, sam.id).any_kept
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "second_step_reset")).one()
        assert (entry.actor_id, entry.detail) == ("command", {"reason": "phone lost", "told": []})
    assert cli.main(reset) == 2
    assert cli.main([*reset[:2], "nobody@example.org", *reset[3:]]) == 2
    assert "Nobody who works in this service" in capsys.readouterr().err
    engine.dispose()


def test_a_service_can_be_opened_with_its_videos_waiting_to_be_made(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["migrate"]) == 0
    words = ["service", "create", "Midtown", "--short-name", "Midtown", "--phone", "01632 960000", "--with-videos"]
    assert cli.main(words) == 0
    assert "makes a draft of each session's video" in capsys.readouterr().err
    with opened(database) as engine, Session(engine) as db:
        waiting = db.exec(select(VideoPackage)).all()
    assert [(each.kind, each.state) for each in waiting] == [(PackageKind.SCRIPT, PackageState.WAITING)] * 9
