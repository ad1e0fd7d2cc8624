"""Sending a form asks the database for little: a patient waits for the statements more than for the rows."""

from datetime import timedelta

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.catalogue.wording import wording
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient
from tests.support.statements import statements_of

MOST = 34
"""Signing in, the form, its answers, the score, the record, since when the patient is in the group and the next form;
94 before they were read together.
"""


def test_a_form_of_twenty_four_answers_is_sent_in_few_statements(app: Flask) -> None:
    engine, now = app.extensions["backtolife.engine"], clock.now()
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        make.person(service, Role.CLINICAL_LEAD, "Grace")
        enrolment = make.enrolment(make.cohort(service, first_day=(now + timedelta(days=7)).date()))
        person = db.get_one(Person, enrolment.person_id)
        form = Patient(db, enrolment, make.actor(person), now).open("rmdq-24").id
        token = signin.begin(db, person=person, now=now)
    client = app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    ticks = {f"q-{question.id}": "1" for question in wording("rmdq-24").questions}
    with statements_of(engine) as seen:
        assert client.post(f"/questions/{form}/all", data=ticks | {"key": "k"}).status_code == 302
    assert len(ticks) == 24
    assert len(seen) <= MOST, "\n".join(seen)
