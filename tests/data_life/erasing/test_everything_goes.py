"""After an erasure nothing that the person or staff wrote about them is left in any table; figures and others stay."""

import json

from sqlalchemy import select
from sqlmodel import Session

from backtolife.data_life.copied import COPIED
from backtolife.data_life.erased import CODES, EMPTIED, GONE, PERSON
from backtolife.data_life.erasing.emptying import empty, is_erased
from backtolife.database.session import metadata
from backtolife.people.models import Person, Role, Service
from tests.data_life.canaries import WHEN, canary, fill, holds_words
from tests.support.factories import Factory


def everything(db: Session) -> dict[str, str]:
    """All there is in the database, by column."""
    found = {}
    for table in metadata.sorted_tables:
        rows = db.connection().execute(select(table)).mappings().all()
        found |= {str(column): json.dumps([str(row[column.name]) for row in rows]) for column in table.columns}
    return found


def test_every_column_of_words_is_decided_on() -> None:
    undecided = [
        str(column)
        for name, how in COPIED.items()
        if name not in GONE and name != "person"
        for column in metadata.tables[name].columns
        if holds_words(column)
        and column.name not in {"id", "service_id", how.column, *EMPTIED.get(name, ()), *CODES.get(name, ())}
    ]
    assert undecided == []


def test_every_column_of_the_persons_own_row_is_decided_on() -> None:
    stays = {"id", "service_id", "kind", "channel", "invited_to", "beside_id", "beside_place_id", "merged_into_id"}
    told = {each.name for each in metadata.tables["person"].columns if each.type.python_type in (str, list, dict)}
    assert told - PERSON.keys() - stays - {"email"} == set()


def test_the_person_is_gone_from_every_table_and_the_next_one_is_not(loose: Session) -> None:
    make = Factory(loose, WHEN)
    service: Service = make.service()
    ann, bo = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Bo")
    ann.address, ann.phone = "ann-12 High Street", "ann-07700"
    loose.flush()
    fill(loose, ann, "ann")
    fill(loose, bo, "bo")
    before = everything(loose)
    empty(loose, person_id=ann.id, now=WHEN)
    after = everything(loose)
    left = {name for name, words in after.items() if "ann-" in words}
    codes = {f"{table}.{column}" for table, columns in CODES.items() for column in columns}
    ids = {str(column) for table in metadata.sorted_tables for column in table.columns if column.foreign_keys}
    assert left - codes - ids == set()
    assert "Ann Example" not in "".join(after.values())
    for name, words in before.items():
        table = name.split(".")[0]
        assert table in GONE or words.count("bo-") == after[name].count("bo-"), f"{name} of somebody else was touched"
    assert canary(metadata.tables["patient_note"].columns["text"], "bo") in after["patient_note.text"]
    assert is_erased(loose.get_one(Person, ann.id))
