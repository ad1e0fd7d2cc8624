"""Sending a form asks the database for little: a patient waits for the statements more than for the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import Engine, event

from backtolife import clock
from backtolife.db import session_scope
from backtolife.outcomes.wording import wording
from backtolife.people import signin
from backtolife.people.models import Person, Role
from tests.factories import Factory
from tests.outcomes.sheets import Patient

MOST = 32
"""Signing in, the form, its answers, the score, the record and the next form; 94 before they were read together."""


@contextmanager
def statements_of(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        del connection, cursor, rest
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


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
