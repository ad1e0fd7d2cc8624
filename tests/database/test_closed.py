"""Encrypted columns: a value opens in its own row and column alone, and the database itself holds no word of it."""

from datetime import date

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from backtolife.database.closed import closed_columns
from backtolife.database.sealing import Sealing, is_closed
from backtolife.database.session import metadata
from backtolife.errors import Invalid
from backtolife.people.models import Person, Service
from backtolife.programme.patients.alike import same_name
from tests.support.factories import Factory

BORN = date(1961, 3, 31)


@pytest.fixture
def ann(db: Session, make: Factory) -> Person:
    person = make.person(make.service(), name="Ann")
    person.address, person.date_of_birth = "7 Canary Row", BORN
    db.flush()
    db.expire(person)
    return person


def raw(db: Session, person: Person, column: str = "address") -> str:
    found = db.connection().exec_driver_sql(f"SELECT {column} FROM person WHERE id = '{person.id}'").scalar_one()  # noqa: S608
    return str(found)


def test_the_database_holds_no_word_of_it_and_every_way_of_asking_opens_it(db: Session, ann: Person) -> None:
    assert is_closed(raw(db, ann))
    assert "1961" not in raw(db, ann, "date_of_birth")
    assert (ann.address, ann.date_of_birth) == ("7 Canary Row", BORN)
    other = aliased(Person)
    mine = Person.id == ann.id
    assert db.exec(select(Person.address).where(mine)).one() == "7 Canary Row"
    assert db.exec(select(other).where(col(other.id) == ann.id)).one().address == "7 Canary Row"
    joined = select(Person.id, other.date_of_birth).outerjoin(other, col(other.id) == Person.id).where(mine)
    assert db.exec(joined).one()[1] == BORN
    table = metadata.tables["person"]
    rows = db.connection().execute(table.select().where(table.c.id == ann.id)).mappings().all()
    assert (rows[0]["address"], rows[0]["date_of_birth"]) == ("7 Canary Row", BORN)


def test_beside_another_table_in_one_question_it_opens_for_its_own_row(db: Session, ann: Person) -> None:
    both = select(Service, Person).join(Person, col(Person.service_id) == Service.id).subquery()
    of_both, whom = aliased(Person, both), ann.id
    db.expunge(ann)
    assert db.exec(select(of_both).where(col(of_both.id) == whom)).one().address == "7 Canary Row"


def test_equal_words_are_kept_differently_and_equal_days_have_one_mark_in_one_service_alone(
    db: Session, ann: Person, make: Factory
) -> None:
    twin, far = make.person(make.service(), name="Ann"), make.person(make.service(), name="Ann")
    twin.service_id = ann.service_id
    for each in (twin, far):
        each.address, each.date_of_birth = "7 Canary Row", BORN
    db.flush()
    assert raw(db, ann) != raw(db, twin)
    assert ann.born_mark == twin.born_mark != far.born_mark
    found = same_name(db, service_id=ann.service_id, full_name=ann.full_name, born=BORN)
    assert {each.id for each in found} == {ann.id, twin.id}
    twin.date_of_birth = date(1961, 3, 30)
    db.flush()
    assert ann.born_mark != twin.born_mark
    twin.date_of_birth = None
    db.flush()
    assert twin.born_mark is None


@pytest.mark.parametrize("to", ["another row", "another column"])
def test_a_value_that_was_moved_does_not_open(db: Session, ann: Person, make: Factory, to: str) -> None:
    other = make.person(make.service(), name="Bea")
    where, column = (other, "address") if to == "another row" else (ann, "clinician")
    db.flush()
    change = f"UPDATE person SET {column} = :kept WHERE id = :id"  # noqa: S608
    db.connection().execute(text(change), {"kept": raw(db, ann), "id": where.id})
    db.expire_all()
    with pytest.raises(Invalid, match="DATA_KEY"):
        getattr(where, column)


def test_another_key_opens_nothing_and_the_older_one_beside_the_new_one_does(
    db: Session, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_KEY", "another key, long enough to be one")
    with pytest.raises(Invalid, match="DATA_KEY"):
        _ = ann.address
    monkeypatch.setenv("DATA_KEY_OLD", "development-only-secret-do-not-use-anywhere-else")
    db.expire_all()
    assert ann.address == "7 Canary Row"


def test_empty_stays_empty_and_what_does_not_know_its_row_is_never_written_in_clear(db: Session, ann: Person) -> None:
    ann.address = ""
    db.flush()
    assert raw(db, ann) == ""
    table = metadata.tables["person"]
    for statement in (
        update(table).where(table.c.id == ann.id).values(address="8 Canary Row"),
        insert(metadata.tables["patient_note"]).values(id="n", text="Canary"),
    ):
        with pytest.raises(Exception, match="encrypted for its row"):
            db.connection().execute(statement)


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
def test_what_no_database_keeps_is_refused_before_it_is_encrypted(db: Session, ann: Person, sign: str) -> None:
    ann.address = f"7 Canary{sign} Row"
    with pytest.raises(Exception, match="character that we cannot save"):
        db.flush()


def test_what_an_older_program_wrote_in_clear_is_read_as_it_is(db: Session, ann: Person) -> None:
    db.connection().exec_driver_sql(f"UPDATE person SET address = 'In clear' WHERE id = '{ann.id}'")  # noqa: S608
    db.expire_all()
    assert ann.address == "In clear"


def test_values_from_before_keys_had_ids_still_open() -> None:
    sealing = Sealing("the first key, long enough to be one")
    closed = sealing.close("485 777 3456", place="here").split(".")[2]
    assert Sealing("a second key, as long as it must be", "the first key, long enough to be one").open(
        closed, place="here"
    )
    with pytest.raises(Invalid):
        Sealing("a second key, as long as it must be").open(closed, place="here")


def test_every_encrypted_column_says_where_it_is_and_has_an_id_beside_it() -> None:
    closed = {
        f"{table.name}.{name}": kind.where
        for table in metadata.sorted_tables
        for name, kind in closed_columns(table).items()
    }
    assert {place: place for place in closed} == closed
    assert {"person.address", "person.date_of_birth", "safety_task.contact", "patient_note.text"} <= closed.keys()
    assert all("id" in metadata.tables[each.split(".")[0]].c for each in closed)
