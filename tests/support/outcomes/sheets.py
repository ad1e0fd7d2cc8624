"""What the tests of questionnaires share: someone with forms to answer, and answers to give."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.answering.saving import Given, Saved, save
from backtolife.outcomes.answering.submitting import submit
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from tests.support.factories import Factory

SITE = "http://localhost"


@dataclass
class Patient:
    """A patient of a staffed cohort whose first questions are open."""

    db: Session
    enrolment: Enrolment
    actor: Actor
    now: datetime

    def open(self, instrument: str, milestone: str = "baseline", now: datetime | None = None) -> InstrumentResponse:
        return open_response(
            self.db,
            enrolment=self.enrolment,
            milestone_id=milestone,
            instrument=instrument,
            actor=self.actor,
            production=False,
            now=now or self.now,
        )

    def say(
        self,
        response: InstrumentResponse,
        question: str,
        value: object,
        key: str = "",
        *,
        ago: float = 0,
        now: datetime | None = None,
    ) -> Saved:
        """Give one answer, `ago` seconds before `now`."""
        given = Given(question, value, key or f"{question}-{value}", timedelta(seconds=ago))
        return save(self.db, response_id=response.id, given=[given], actor=self.actor, site=SITE, now=now or self.now)

    def say_all(self, response: InstrumentResponse, values: dict[str, object], now: datetime | None = None) -> Saved:
        given = [Given(question, value, f"all-{question}") for question, value in values.items()]
        return save(self.db, response_id=response.id, given=given, actor=self.actor, site=SITE, now=now or self.now)

    def send(self, response: InstrumentResponse, now: datetime | None = None) -> InstrumentResponse:
        return submit(self.db, response_id=response.id, actor=self.actor, site=SITE, now=now or self.now)


def a_patient(make: Factory, cohort: Cohort | None = None) -> Patient:
    """Someone in a group with a lead, a clinical lead and a duty clinician, beside the noise of another service."""
    make.noise()
    cohort = cohort or staffed(make)
    enrolment = make.enrolment(cohort)
    person = make.db.get_one(Person, enrolment.person_id)
    return Patient(make.db, enrolment, make.actor(person), make.now)


def staffed(make: Factory) -> Cohort:
    service = make.service()
    cohort = make.cohort(service)
    make.person(service, Role.DUTY_CLINICIAN, "Dora")
    make.person(service, Role.CLINICAL_LEAD, "Grace")
    make.facilitator(cohort, name="Priya")
    return cohort
