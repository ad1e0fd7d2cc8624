"""A service with a patient and staff in the running house, for the tests in browsers."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext
from sqlmodel import col, select

from backtolife import clock
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.models import Answer, GivenAnswer, InstrumentResponse, SafetyTask
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from tests.support.factories import Factory
from tests.support.running import House


@dataclass
class Clinic:
    """A service with one patient and its staff."""

    house: House
    enrolment: Enrolment
    patient: Person
    facilitator: Person
    lead: Person
    manager: Person

    def open(self, instrument: str) -> str:
        """Open a form of the first milestone; the address of its first question."""
        with self.house.database() as db:
            response = open_response(
                db,
                enrolment=db.get_one(Enrolment, self.enrolment.id),
                milestone_id="baseline",
                instrument=instrument,
                actor=Factory(db, clock.now()).actor(self.patient),
                production=False,
                now=clock.now(),
            )
            return f"{self.house.url}/questions/{response.id}/1"

    def answers(self) -> dict[str, int | None]:
        with self.house.database() as db:
            mine = select(InstrumentResponse.id).where(InstrumentResponse.enrolment_id == self.enrolment.id)
            rows = db.exec(select(Answer).where(col(Answer.response_id).in_(mine))).all()
            assert len(rows) == len({row.item for row in rows})
            return {row.item: row.value for row in rows}

    def times_given(self) -> int:
        with self.house.database() as db:
            mine = select(InstrumentResponse.id).where(InstrumentResponse.enrolment_id == self.enrolment.id)
            return len(db.exec(select(GivenAnswer).where(col(GivenAnswer.response_id).in_(mine))).all())

    def task(self) -> SafetyTask:
        with self.house.database() as db:
            return db.exec(select(SafetyTask).where(SafetyTask.enrolment_id == self.enrolment.id)).one()

    def signed_in(self, context: BrowserContext, person: Person) -> BrowserContext:
        context.add_cookies(self.house.browser_cookies(person))  # type: ignore[arg-type]
        return context
