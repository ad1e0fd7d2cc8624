"""A person's numbers are kept closed, found by their mark, and in no log."""

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.sealing import Sealing
from backtolife.errors import Invalid, NotPermitted
from backtolife.people.identity.identifiers import (
    choose_systems,
    keep_numbers,
    numbers_of,
    people_with,
    systems_of,
)
from backtolife.people.identity.models import PersonIdentifier
from backtolife.people.models import Role
from tests.support.factories import Factory

SEALING = Sealing("a key for trying it out")
NUMBER = "9434765919"


def test_a_number_is_kept_encrypted_and_read_with_the_key_alone(db: Session, make: Factory, now: datetime) -> None:
    linda = make.person(make.service())
    assert keep_numbers(db, person=linda, numbers={"nhs_number": "943 476 5919"}, sealing=SEALING, now=now)
    kept = str(db.connection().execute(text("SELECT * FROM person_identifier")).all())
    assert NUMBER not in kept
    assert numbers_of(db, person=linda, sealing=SEALING) == {"nhs_number": NUMBER}
    with pytest.raises(Invalid, match="DATA_KEY"):
        numbers_of(db, person=linda, sealing=Sealing("another key"))


def test_a_number_copied_into_another_row_does_not_open(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    linda, joseph = make.person(service), make.person(service)
    keep_numbers(db, person=linda, numbers={"nhs_number": NUMBER}, sealing=SEALING, now=now)
    keep_numbers(db, person=joseph, numbers={"nhs_number": "4010232137"}, sealing=SEALING, now=now)
    mine, theirs = db.exec(select(PersonIdentifier).order_by(PersonIdentifier.given_at)).all()
    mine.closed = theirs.closed
    with pytest.raises(Invalid):
        [numbers_of(db, person=each, sealing=SEALING) for each in (linda, joseph)]


def test_whoever_has_a_number_is_found_in_their_own_service_only(db: Session, make: Factory, now: datetime) -> None:
    here, there = make.service(), make.service()
    linda, other = make.person(here), make.person(there)
    for person in (linda, other):
        keep_numbers(db, person=person, numbers={"nhs_number": NUMBER}, sealing=SEALING, now=now)
    asked = {"nhs_number": "943-476-5919", "hospital_number": ""}
    assert people_with(db, service_id=here.id, numbers=asked, sealing=SEALING) == [linda]
    as_another = {"hospital_number": NUMBER}
    assert people_with(db, service_id=here.id, numbers=as_another, sealing=SEALING) == []
    assert people_with(db, service_id=here.id, numbers={"nhs_number": ""}, sealing=SEALING) == []


def test_a_number_is_changed_taken_away_and_left_as_it_was(db: Session, make: Factory, now: datetime) -> None:
    linda = make.person(make.service())

    def keep(number: str) -> list[str]:
        return keep_numbers(db, person=linda, numbers={"nhs_number": number}, sealing=SEALING, now=now)

    assert (keep(NUMBER), keep("943 476 5919")) == (["nhs_number"], [])
    assert keep("4010232137") == ["nhs_number"]
    assert numbers_of(db, person=linda, sealing=SEALING) == {"nhs_number": "4010232137"}
    assert (keep(""), keep("")) == (["nhs_number"], [])
    assert numbers_of(db, person=linda, sealing=SEALING) == {}


def test_which_numbers_a_service_keeps_is_chosen_by_an_administrator(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    admin, lead = (
        make.actor(make.person(service, Role.ADMINISTRATOR)),
        make.actor(make.facilitator(make.cohort(service))),
    )
    assert [each.key for each in systems_of(service)] == ["nhs_number", "hospital_number"]
    choose_systems(db, actor=admin, service=service, keys=["hetu"], now=now)
    assert [each.key for each in systems_of(service)] == ["hetu"]
    choose_systems(db, actor=admin, service=service, keys=[], now=now)
    assert systems_of(service) == ()
    assert len(db.exec(select(AuditEntry).where(AuditEntry.action == "identifiers_chosen")).all()) == 2
    with pytest.raises(NotPermitted):
        choose_systems(db, actor=lead, service=service, keys=["cpr"], now=now)
    with pytest.raises(Invalid):
        choose_systems(db, actor=admin, service=service, keys=["passport"], now=now)
