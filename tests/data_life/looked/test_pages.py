"""The pages on which a clinical lead reads who looked at whom."""

import csv
import io

import pytest
from flask import Flask
from sqlmodel import col, select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.passwords import hash_password
from backtolife.programme.cohorts.models import Enrolment
from tests.access.test_every_route import World
from tests.access.world import build
from tests.support.statements import statements_of

PASSWORD = "three quiet green hills"
MOST = 15


@pytest.fixture
def world(app: Flask) -> World:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        return World(app, build(db, "A", now), build(db, "B", now))


class Lead:
    """A clinical lead with a browser."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, world.app.test_client()
        self.engine = world.app.extensions["backtolife.engine"]
        with self.client.session_transaction() as session:
            session["signed_in"] = world.here.tokens[Role.CLINICAL_LEAD]
        with session_scope(self.engine) as db:
            found = signin.find_signed_in(db, token=world.here.tokens[Role.CLINICAL_LEAD], now=clock.now())
            assert found is not None
            lead = found[1]
            lead.password_hash = hash_password(PASSWORD)
            self.id = lead.id
        self.path = f"/patients/{world.here.ids['enrolment_id']}/looks"

    def actions(self) -> list[str]:
        with session_scope(self.engine) as db:
            return list(
                db.exec(
                    select(AuditEntry.action).where(AuditEntry.actor_id == self.id).order_by(col(AuditEntry.number))
                )
            )


@pytest.fixture
def lead(world: World) -> Lead:
    return Lead(world)


def test_the_page_of_a_patient_names_who_looked_and_leaves_a_look_of_its_own(lead: Lead, world: World) -> None:
    lead.client.get(f"/patients/{world.here.ids['enrolment_id']}")
    with lead.client.get(lead.path) as answer:
        page = answer.text
    assert f"{world.here.canary} clinical_lead" in page
    assert "The patient’s page" in page
    assert lead.actions()[-1] == "looked"


def test_the_page_asks_the_database_few_times_however_many_looked(lead: Lead, world: World) -> None:
    for _ in range(20):
        lead.client.get(f"/patients/{world.here.ids['enrolment_id']}")
    with statements_of(lead.engine) as made:
        assert lead.client.get(lead.path).status_code == 200
    assert len(made) <= MOST, "\n".join(made)


def test_the_file_needs_the_password_and_leaves_a_row(lead: Lead, world: World) -> None:
    lead.client.get(f"/patients/{world.here.ids['enrolment_id']}")
    answer = lead.client.post(lead.path, data={"first": "", "last": ""})
    assert (answer.status_code, "Enter your password" in answer.text) == (400, True)
    answer = lead.client.post(lead.path, data={"password": PASSWORD})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert "The patient’s page" in {each["what"] for each in rows}
    assert "looks_taken" in lead.actions()


def test_what_is_no_day_is_said_beside_its_field(lead: Lead) -> None:
    answer = lead.client.get(f"{lead.path}?first=yesterday")
    assert (answer.status_code, "Enter each day like 2026-03-31" in answer.text) == (400, True)


def test_a_colleague_has_a_page_and_a_patient_is_none(lead: Lead, world: World) -> None:
    assert "What " in lead.client.get(f"/staff/people/{lead.id}/looks").text
    with session_scope(lead.engine) as db:
        patient_id = db.get_one(Enrolment, world.here.ids["enrolment_id"]).person_id
    assert lead.client.get(f"/staff/people/{patient_id}/looks").status_code == 404
