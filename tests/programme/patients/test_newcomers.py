"""Somebody new is typed in: whom the service knows already is asked about, and who they are is kept."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import Session

from backtolife.database.sealing import Sealing
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import Actor
from backtolife.people.identity.identifiers import keep_numbers, numbers_of
from backtolife.people.identity.person import Identity
from backtolife.people.models import Person, Role, Service
from backtolife.programme.patients.newcomers import (
    BY_ADDRESS,
    BY_BIRTH,
    BY_NUMBER,
    NOBODY,
    Newcomer,
    add_newcomer,
    known_people,
    who_is_meant,
)
from tests.support.factories import Factory

SEALING = Sealing("a key for trying it out")
NUMBER = "9434765919"
BORN = date(1961, 3, 31)
BEA = Newcomer(
    full_name="Bea Long",
    shown_name="Bea",
    email="bea@example.org",
    phone="01632 960123",
    identity=Identity(date_of_birth=BORN, address="7 Mill Lane", clinician="Dr Rao", clinician_phone="01632 960999"),
    numbers={"nhs_number": NUMBER},
)


def admin_of(make: Factory, service: Service) -> Actor:
    return make.actor(make.person(service, Role.ADMINISTRATOR))


def known(db: Session, actor: Actor, newcomer: Newcomer = BEA) -> list[tuple[Person, str]]:
    found = known_people(db, newcomer=newcomer, sealing=SEALING, actor=actor)
    return [(each.person, each.because) for each in found]


def test_who_somebody_is_is_known_from_the_day_they_are_added(db: Session, make: Factory, now: datetime) -> None:
    admin = admin_of(make, make.service())
    bea = add_newcomer(db, newcomer=BEA, sealing=SEALING, actor=admin, now=now)
    assert (bea.date_of_birth, bea.address, bea.clinician) == (BORN, "7 Mill Lane", "Dr Rao")
    assert numbers_of(db, person=bea, sealing=SEALING) == {"nhs_number": NUMBER}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"identity": Identity(date_of_birth=date(2999, 1, 1))}, "date_of_birth"),
        ({"identity": Identity(date_of_birth=date(1899, 12, 31))}, "date_of_birth"),
        ({"identity": Identity(address="x" * 161)}, "address"),
        ({"identity": Identity(clinician_phone="ring me")}, "clinician_phone"),
        ({"numbers": {"nhs_number": "1234567890"}}, "identifier_nhs_number"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field(
    db: Session, make: Factory, now: datetime, wrong: dict[str, object], field: str
) -> None:
    admin = admin_of(make, make.service())
    with pytest.raises(Invalid) as refused:
        add_newcomer(db, newcomer=replace(BEA, **wrong), sealing=SEALING, actor=admin, now=now)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_birth_in_the_future_is_called_so() -> None:
    with pytest.raises(Invalid, match="in the future"):
        Identity(date_of_birth=date(2026, 3, 4)).identity_kept(date(2026, 3, 3))
    assert Identity(date_of_birth=date(2026, 3, 3)).identity_kept(date(2026, 3, 3)).date_of_birth == date(2026, 3, 3)


def test_somebody_is_known_by_address_number_or_name_and_birth(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    admin = admin_of(make, service)
    by_address, by_number, by_birth = (make.person(service) for _ in range(3))
    by_address.email = BEA.email
    keep_numbers(db, person=by_number, numbers={"nhs_number": "943 476 5919"}, sealing=SEALING, now=now)
    by_birth.full_name, by_birth.date_of_birth = "bea LONG", BORN
    namesake = make.person(service)
    namesake.full_name, namesake.date_of_birth = "Bea Long", date(1961, 3, 30)
    db.flush()
    assert known(db, admin) == [(by_number, BY_NUMBER), (by_address, BY_ADDRESS), (by_birth, BY_BIRTH)]
    assert known(db, admin_of(make, make.service())) == []


def test_a_namesake_born_on_one_day_may_be_somebody_else_but_a_number_is_one_persons(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    admin = admin_of(make, service)
    bea = add_newcomer(db, newcomer=BEA, sealing=SEALING, actor=admin, now=now)
    twin = replace(BEA, email="another@example.org", numbers={})
    alike = known_people(db, newcomer=twin, sealing=SEALING, actor=admin)
    assert who_is_meant(alike, "") == (bea, True)
    assert who_is_meant(alike, bea.id) == (bea, False)
    assert who_is_meant(alike, NOBODY) == (None, False)
    surely = known_people(db, newcomer=BEA, sealing=SEALING, actor=admin)
    assert who_is_meant(surely, NOBODY) == (bea, True)
    with pytest.raises(Conflict):
        add_newcomer(db, newcomer=BEA, sealing=SEALING, actor=admin, now=now)


def test_a_facilitator_learns_of_nobody_in_other_groups(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    mine, other = make.cohort(service), make.cohort(service)
    stranger = db.get_one(Person, make.enrolment(other).person_id)
    stranger.full_name, stranger.date_of_birth = "Bea Long", BORN
    keep_numbers(db, person=stranger, numbers={"nhs_number": NUMBER}, sealing=SEALING, now=now)
    priya = make.actor(make.facilitator(mine))
    with pytest.raises(NotPermitted):
        known(db, priya)
    assert known(db, priya, replace(BEA, numbers={})) == []


def test_whose_record_was_merged_is_known_by_the_one_that_goes_on(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    kept, other = make.person(service), make.person(service)
    other.email, other.merged_into_id = BEA.email, kept.id
    db.flush()
    assert known(db, admin_of(make, service)) == [(kept, BY_ADDRESS)]
