"""A staffed group with a patient; and one browser and one running house for each file of tests in browsers."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from backtolife import clock
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Cohort
from tests.support.browser import chromium
from tests.support.factories import Factory
from tests.support.outcomes.clinic import Clinic
from tests.support.outcomes.sheets import Patient, a_patient, staffed
from tests.support.running import House, running_house


@pytest.fixture
def cohort(make: Factory) -> Cohort:
    return staffed(make)


@pytest.fixture
def patient(make: Factory, cohort: Cohort) -> Patient:
    return a_patient(make, cohort)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("house"), media=False) as running:
        yield running


@pytest.fixture
def clinic(house: House) -> Clinic:
    """A service of its own in the running house."""
    with house.database() as db:
        now = clock.now()
        make = Factory(db, now)
        make.noise()
        service = make.service()
        cohort = make.cohort(service, first_day=(now + timedelta(days=7)).date())
        lead, manager = (
            make.person(service, Role.CLINICAL_LEAD, "Grace"),
            make.person(service, Role.SERVICE_LEAD, "Anita"),
        )
        facilitator = make.facilitator(cohort, name="Priya")
        enrolment = make.enrolment(cohort, "Maureen")
        return Clinic(house, enrolment, db.get_one(Person, enrolment.person_id), facilitator, lead, manager)
