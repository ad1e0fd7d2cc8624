"""Every table is decided on, and what is about the person is in their copy while what is about others is not."""

import json

from sqlmodel import Session

from backtolife.data_life.copied import COPIED, LEFT_OUT, SECRETS
from backtolife.data_life.copies.gathering import SOMEBODY, YOU, gather
from backtolife.database.sealing import Sealing
from backtolife.database.session import metadata
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.models import Role, Service
from tests.data_life.canaries import BESIDE, WHEN, canary, fill, holds_words, row_for
from tests.support.factories import Factory

SEALING = Sealing("a key for tests only, and long enough")


def test_every_table_is_decided_on_once() -> None:
    assert COPIED.keys() | LEFT_OUT.keys() == metadata.tables.keys()
    assert COPIED.keys() & LEFT_OUT.keys() == set()


def test_what_is_about_the_person_is_there_and_what_is_about_another_is_not(loose: Session) -> None:
    make = Factory(loose, WHEN)
    service = make.service()
    ann, bo = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Bo")
    loose.flush()
    fill(loose, ann, "ann")
    fill(loose, bo, "bo")
    parts = gather(loose, person=ann, sealing=SEALING)
    held = json.dumps([[part.table, part.rows] for part in parts])
    assert {part.table for part in parts} == COPIED.keys() - {"person_identifier"}
    assert "bo-" not in held
    assert "Bo" not in held
    for name in COPIED.keys() - BESIDE:
        for column in metadata.tables[name].columns:
            there = canary(column, "ann") in held
            if column.name in SECRETS:
                assert not there, f"{column} is a secret"
            elif column.name not in {"id", "service_id", COPIED[name].column} and holds_words(column):
                assert there, f"{column} is not in the copy"


def test_a_merged_records_rows_are_the_persons_too(db: Session, make: Factory) -> None:
    service = make.service()
    ann, twin = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Ann Twin")
    place = make.enrolment(make.cohort(service), "Other")
    place.person_id, twin.merged_into_id = twin.id, ann.id
    db.flush()
    parts = {part.table: part.rows for part in gather(db, person=ann, sealing=SEALING)}
    assert [row["id"] for row in parts["enrolment"]] == [place.id]
    assert len(parts["person"]) == 2


def test_staff_are_named_and_other_patients_are_not(db: Session, make: Factory) -> None:
    service = make.service()
    ann, bo = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Bo")
    lead = make.person(service, Role.CLINICAL_LEAD, "Lee")
    ann.beside_id = bo.id
    db.flush()
    for by in (lead.id, ann.id):
        given = {"service_id": service.id, "person_id": ann.id, "by": by, "thread": by}
        row_for(db, "patient_note", given=given, whose="ann")
    parts = {part.table: part.rows for part in gather(db, person=ann, sealing=SEALING)}
    assert {row["by"] for row in parts["patient_note"]} == {lead.full_name, YOU}
    assert parts["person"][0]["beside_id"] == SOMEBODY


def test_numbers_are_opened(db: Session, make: Factory) -> None:
    service: Service = make.service()
    ann = make.person(service, Role.PATIENT, "Ann")
    keep_numbers(db, person=ann, numbers={"nhs_number": "9434765919"}, sealing=SEALING, now=make.now)
    parts = {part.table: part.rows for part in gather(db, person=ann, sealing=SEALING)}
    assert parts["person_identifier"][0]["number"] == "9434765919"


def test_who_was_booked_beside_them_is_named_in_it_without_where_they_are_reached(db: Session, make: Factory) -> None:
    service = make.service()
    ann, bo = make.person(service, Role.PATIENT, "Ann"), make.person(service, Role.PATIENT, "Bo")
    for patient, name, active in ((ann, "Olga", True), (ann, "Otto", False), (bo, "Pia", True)):
        companion = make.person(service, Role.COMPANION, name)
        companion.beside_id, companion.whole_course, companion.active = patient.id, True, active
        companion.guest_email, companion.phone = f"{name.lower()}@example.org", "07700 900131"
    db.flush()
    parts = {part.table: part.rows for part in gather(db, person=ann, sealing=SEALING)}
    assert sorted(str(row["full_name"]) for row in parts["companion"]) == ["Olga Example", "Otto Example"]
    assert {key for row in parts["companion"] for key in row} == {"full_name", "booked_at"}
    held = json.dumps([*parts.values()])
    for theirs in ("olga@example.org", "otto@example.org", "07700 900131", "Pia"):
        assert theirs not in held
