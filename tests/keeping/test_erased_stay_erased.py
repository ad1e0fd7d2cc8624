"""The drill for erasures: a backup is from before, and whoever was erased since does not come back with it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from backtolife import cli, clock
from backtolife.data_life.erasing import ledger, services
from backtolife.data_life.erasing.emptying import is_erased
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, Service
from tests.keeping.conftest import Clinic
from tests.keeping.test_drill import backed_up
from tests.support.factories import Factory


@pytest.fixture
def before(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> Path:
    """A backup with Ann and Bo in it; Ann was erased after it was made, and that was written down."""
    engine, now = clinic.engine(), clock.now()
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = db.get_one(Service, clinic.service)
        ann, _ = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Bo")
        lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
        admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    path = backed_up(capsys=capsys)
    with session_scope(engine) as db:
        ann = db.get_one(Person, ann.id)
        services.ask(db, person=ann, reason="By letter", actor=lead, now=now)
        services.confirm(db, person=ann, actor=admin, now=now + timedelta(days=8))
    assert ledger.keep(engine, clinic.settings) == 1
    engine.dispose()
    return path


def patients(clinic: Clinic) -> dict[str, bool]:
    """Each patient by name, with whether they are erased."""
    engine = clinic.engine()
    with session_scope(engine) as db:
        found = {each.full_name: is_erased(each) for each in db.exec(select(Person)) if each.is_patient}
    engine.dispose()
    return found


GONE = {"Erased person": True, "Bo Example": False}


def test_with_the_record_at_hand_they_are_erased_again_and_nobody_else(
    before: Path, clinic: Clinic, elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    record = clinic.settings.data_dir / ledger.NAME
    restore = ["restore", str(before), "--key", str(elsewhere.key)]
    assert cli.main([*restore, "--erasures", str(record)]) == 0, capsys.readouterr().err
    assert "Of 1 people who were ever erased 1 were in it again" in capsys.readouterr().out
    assert patients(elsewhere) == GONE
    assert ledger.read(elsewhere.settings.data_dir / ledger.NAME) == ledger.read(record), "for the next restore"


def test_on_the_same_machine_the_record_is_found_before_it_is_put_aside(
    before: Path, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["restore", str(before), "--key", str(clinic.key), "--replace"]) == 0, capsys.readouterr().err
    assert patients(clinic) == GONE


def test_without_a_record_it_is_said_and_a_file_that_is_none_changes_nothing(
    before: Path, clinic: Clinic, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "other.txt").write_text("not ours")
    restore = ["restore", str(before), "--key", str(elsewhere.key)]
    assert cli.main([*restore, "--erasures", str(tmp_path / "other.txt")]) == 2
    assert "no list of erasures" in capsys.readouterr().err
    assert cli.main(restore) == 0
    assert "backtolife erase replay" in capsys.readouterr().out
    assert patients(elsewhere) == {"Ann Example": False, "Bo Example": False}
    assert cli.main(["erase", "replay", str(clinic.settings.data_dir / ledger.NAME)]) == 0
    assert patients(elsewhere) == GONE
