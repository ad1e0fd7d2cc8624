"""What a program reads of somebody who came to a group after it began."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from backtolife.people.access import Client
from backtolife.programme.cohorts.services import dates_of
from backtolife.reporting.api.paging import Wanted
from backtolife.reporting.api.reading import page
from backtolife.reporting.api.resources import FORMS
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient, staffed


def test_they_were_asked_from_when_they_had_a_place(db: Session, make: Factory) -> None:
    cohort = staffed(make)
    early = a_patient(make, cohort)
    early.open("gad-7")
    came = dates_of(db, cohort.id)[0].starts_at + timedelta(days=2)
    late = a_patient(replace(make, now=came), cohort)
    late.open("gad-7")
    program = Client("dashboard", cohort.service_id, frozenset({"answers:read", "results:read"}))
    rows = page(db, client=program, resource=FORMS, wanted=Wanted(10, None, {}), now=came).rows
    assert {row["person"]: row["invited_at"] for row in rows} == {
        early.enrolment.code: "2026-03-03T09:00:00Z",
        late.enrolment.code: "2026-03-12T10:00:00Z",
    }
