"""The commands that start a real service."""

import re
from pathlib import Path

import pytest
from sqlmodel import select

from backtolife import cli
from backtolife.db import open_engine, session_scope
from backtolife.people.models import LinkPurpose, Person, Service, SignInLink
from backtolife.programme.models import AdoptedProgramme
from tests.mail import Inbox


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
    service_id = capsys.readouterr().out.splitlines()[-1]
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
