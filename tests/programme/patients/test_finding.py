"""Finding a patient among one's own, by name, number, date of birth or how they are reached."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from sqlmodel import Session

from backtolife.database.sealing import Sealing
from backtolife.errors import NotPermitted
from backtolife.people.access import Actor
from backtolife.people.asked import Asked
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.patients import finding
from backtolife.programme.patients.finding import Found, day_in, find_patients
from tests.support.factories import Factory
from tests.support.statements import statements_of

SEALING = Sealing("a key for trying it out")


@dataclass
class Clinic:
    """Two groups with people in them, and somebody without a place."""

    db: Session
    make: Factory
    service: Service
    lead: Actor
    facilitator: Actor
    people: dict[str, Person]

    def find(self, typed: str = "", sort: str = "name", *, actor: Actor | None = None, page: int = 1) -> Found:
        asked = Asked(typed, sort, page)
        return find_patients(self.db, actor=actor or self.lead, asked=asked, sealing=SEALING)

    def names(self, typed: str = "", sort: str = "name", *, actor: Actor | None = None) -> list[str]:
        return [each.person.shown_name for each in self.find(typed, sort, actor=actor).rows]


@pytest.fixture
def clinic(db: Session, make: Factory, now: datetime) -> Clinic:
    make.noise()
    service = make.service()
    mornings, evenings = make.cohort(service, "Mornings"), make.cohort(service, "Evenings")
    places = {
        "Linda": make.enrolment(mornings, "Linda"),
        "Joseph": make.enrolment(mornings, "Joseph"),
        "Émile": make.enrolment(evenings, "Émile"),
    }
    people = {name: db.get_one(Person, each.person_id) for name, each in places.items()}
    people["Ann"] = make.person(service, Role.PATIENT, "Ann")
    people["Linda"].date_of_birth, people["Joseph"].date_of_birth = date(1961, 3, 31), date(1950, 1, 2)
    people["Linda"].phone = "07700 900 123"
    keep_numbers(db, person=people["Joseph"], numbers={"nhs_number": "9434765919"}, sealing=SEALING, now=now)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    return Clinic(db, make, service, lead, make.actor(make.facilitator(mornings)), people)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("linda", ["Linda"]),
        ("LIN exam", ["Linda"]),
        ("émile", ["Émile"]),
        ("943 476 5919", ["Joseph"]),
        ("9434765918", []),
        ("943476", []),
        ("31/3/1961", ["Linda"]),
        ("1961-03-31", ["Linda"]),
        ("31.2.1961", []),
        ("0770 0900123", ["Linda"]),
        ("%", []),
        ("_inda", []),
        ("' OR 1=1 --", []),
    ],
)
def test_somebody_is_found_by_what_is_known_of_them(clinic: Clinic, typed: str, found: list[str]) -> None:
    assert clinic.names(typed) == found


def test_an_e_mail_address_finds_its_owner(clinic: Clinic) -> None:
    assert clinic.names(clinic.people["Joseph"].email) == ["Joseph"]


def test_a_facilitator_finds_the_people_of_their_own_groups_only(clinic: Clinic) -> None:
    assert clinic.names(actor=clinic.facilitator) == ["Joseph", "Linda"]
    assert clinic.names("émile", actor=clinic.facilitator) == []


def test_whoever_sees_the_service_finds_those_without_a_place_too(clinic: Clinic) -> None:
    assert set(clinic.names()) == {"Ann", "Joseph", "Linda", "Émile"}
    (ann,) = clinic.find("Ann").rows
    assert (ann.enrolment, ann.cohort, ann.words) == (None, None, "Has no place yet")


def test_the_list_is_sorted_by_what_is_asked(clinic: Clinic) -> None:
    assert clinic.names(sort="born")[:2] == ["Joseph", "Linda"]
    assert clinic.names(sort="group") == ["Émile", "Joseph", "Linda", "Ann"]
    assert clinic.names(sort="name")[:3] == ["Ann", "Joseph", "Linda"]


def test_one_person_with_two_places_is_one_row_with_the_newer(clinic: Clinic) -> None:
    place = clinic.find("Linda").rows[0].enrolment
    assert place is not None
    clinic.make.withdrawn(place)
    place.enrolled_at = place.enrolled_at.replace(year=2020)
    later = clinic.make.cohort(clinic.service, "Later")
    admin = clinic.make.actor(clinic.make.person(clinic.service, Role.ADMINISTRATOR))
    enrol(clinic.db, patient=clinic.people["Linda"], cohort=later, actor=admin, now=clinic.make.now)
    (row,) = clinic.find("Linda").rows
    assert row.cohort == later


def test_a_merged_record_is_not_listed(clinic: Clinic) -> None:
    clinic.people["Ann"].merged_into_id = clinic.people["Linda"].id
    clinic.db.flush()
    assert clinic.names("Ann") == []


def test_a_long_list_comes_in_pages_and_takes_the_same_statements(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "A_PAGE", 3)
    assert (clinic.find().total, clinic.find().pages) == (4, 2)
    first, second = clinic.find(page=1).rows, clinic.find(page=2).rows
    assert (len(first), len(second)) == (3, 1)
    assert clinic.find(page=3).rows == []
    with statements_of(clinic.db.connection()) as seen:
        clinic.find("943 476 5919")
    assert len(seen) <= 3


def test_who_may_not_look_for_patients_finds_none(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        clinic.names(actor=clinic.make.actor(clinic.make.person(clinic.service, Role.SERVICE_LEAD)))


@pytest.mark.parametrize("typed", ["", "3/1961", "1961", "32/1/1961", "1961-13-01", "31/3/61"])
def test_what_is_no_whole_date_is_none(typed: str) -> None:
    assert day_in(typed) is None
