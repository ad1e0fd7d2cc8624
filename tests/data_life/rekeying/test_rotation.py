"""A new key: everything is closed with it, stopped in the middle it goes on, and then the old one is needed no more."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, Text, delete, select, type_coerce
from sqlmodel import Session
from sqlmodel import select as select_rows

from backtolife import cli
from backtolife.data_life.rekeying import rotation
from backtolife.database.keys import DataKey, begin_with_keys, missing
from backtolife.database.sealing import ours
from backtolife.database.session import metadata, session_scope
from backtolife.errors import Invalid
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.identity.identifiers import keep_numbers, numbers_of, people_with
from backtolife.people.models import Person
from backtolife.people.second_step.models import RecoveryCode
from backtolife.people.second_step.recovery_codes import new_codes, spend
from backtolife.programme.patients.alike import same_name
from tests.conftest import NOW
from tests.support.factories import Factory

OLD, NEW = "the first key and long enough to be one", "a second key as long as it must be"
BORN, NUMBER = date(1961, 3, 31), "9434765919"


@pytest.fixture
def filled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """People with an address, a birth, a number and recovery codes, all kept with the old key."""
    monkeypatch.setenv("DATA_KEY", OLD)
    with session_scope(engine) as db:
        db.execute(delete(DataKey))  # of the tests' own template
    begin_with_keys(engine, now=NOW)
    with session_scope(engine) as db:
        make = Factory(db, NOW)
        service = make.service()
        for number in range(5):
            person = make.person(service, name="Ann")
            person.address, person.date_of_birth = f"{number} Canary Row", BORN
            if number == 0:
                keep_numbers(db, person=person, numbers={"nhs_number": NUMBER}, sealing=ours(), now=NOW)
                new_codes(db, person=person, sealing=ours(), now=NOW)
    monkeypatch.setenv("DATA_KEY", NEW)
    monkeypatch.setenv("DATA_KEY_OLD", OLD)
    yield engine


def kept(engine: Engine) -> list[str]:
    table = metadata.tables["person"]
    with engine.connect() as connection:
        raw = select(type_coerce(table.c.address, Text)).where(type_coerce(table.c.address, Text) != "")
        return [str(each) for each in connection.execute(raw).scalars()]


def everything_is_read(db: Session) -> None:
    people = db.exec(select_rows(Person).order_by(Person.address)).all()
    assert sorted(each.address for each in people) == [f"{number} Canary Row" for number in range(5)]
    service_id = people[0].service_id
    assert len(same_name(db, service_id=service_id, full_name="Ann Example", born=BORN)) == 5
    (found,) = people_with(db, service_id=service_id, numbers={"nhs_number": NUMBER}, sealing=ours())
    assert numbers_of(db, person=found, sealing=ours()) == {"nhs_number": NUMBER}


def test_with_both_keys_everything_is_read_before_and_with_the_new_one_alone_after(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope(filled) as db:
        everything_is_read(db)
    done = rotation.rotate(filled, now=NOW + timedelta(days=1))
    assert (done.values, done.unreadable, done.recovery_codes) == (11, 0, 10)
    assert all(ours().is_newest(each) for each in kept(filled))
    assert rotation.rotate(filled, now=NOW).values == 0
    with session_scope(filled) as db:
        (mail,) = db.exec(select_rows(OutgoingMessage)).all()
        owner = db.exec(select_rows(RecoveryCode.person_id).distinct()).one()
    assert (mail.person_id, "yours stop working soon" in mail.body) == (owner, True), "written to once"
    monkeypatch.delenv("DATA_KEY_OLD")
    assert missing(filled) == []
    with session_scope(filled) as db:
        everything_is_read(db)


def test_stopped_in_the_middle_it_goes_on_and_both_keys_are_needed_until_then(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "AT_ONCE", 2)
    calls, whole = iter(range(2)), rotation.change

    def dies(*given: object) -> object:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(rotation, "change", dies)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(filled, now=NOW)
    monkeypatch.setattr(rotation, "change", whole)
    with session_scope(filled) as db:
        everything_is_read(db)
        assert len(db.exec(select_rows(DataKey)).all()) == 2
    assert 0 < rotation.rotate(filled, now=NOW).values < 11
    assert all(ours().is_newest(each) for each in kept(filled))


def test_what_opens_with_no_key_is_left_and_said_and_the_key_stays_asked_for(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(filled)
    monkeypatch.setenv("DATA_KEY_OLD", "")
    done = rotation.rotate(filled, now=NOW)
    assert (done.values, done.unreadable) == (0, 11)
    assert kept(filled) == before
    assert len(missing(filled)) == 1


def test_a_recovery_code_from_before_opens_while_its_key_is_there(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope(filled) as db:
        monkeypatch.setenv("DATA_KEY", OLD)
        owner = db.exec(select_rows(RecoveryCode)).first()
        assert owner is not None
        person = db.get_one(Person, owner.person_id)
        code = new_codes(db, person=person, sealing=ours(), now=NOW)[0]
        monkeypatch.setenv("DATA_KEY", NEW)
        assert spend(db, person=person, code=code, sealing=ours(), now=NOW)
        assert not spend(db, person=person, code=code, sealing=ours(), now=NOW)


def test_no_process_and_no_command_begins_without_a_key_that_is_needed(
    filled: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_KEY_OLD", "")
    monkeypatch.setenv("DATABASE_URL", filled.url.render_as_string(hide_password=False))
    with pytest.raises(Invalid, match="DATA_KEY_OLD"):
        begin_with_keys(filled, now=NOW)
    for words in (["keys", "rotate"], ["migrate"]):
        assert cli.main(words) == 2
        assert "DATA_KEY_OLD" in capsys.readouterr().err
    monkeypatch.setenv("DATA_KEY_OLD", OLD)
    assert cli.main(["keys", "rotate"]) == 0
    said = capsys.readouterr().out
    assert "11 values" in said
    assert "10 recovery codes" in said
