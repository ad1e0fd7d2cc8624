"""What two people save at once, and may stand only once, is answered in words and never with a fault."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from backtolife import clock
from backtolife.database.clashes import OTHERWISE, WORDS, clash_of
from backtolife.database.session import metadata, session_scope
from backtolife.people.models import Person, Role
from backtolife.people.request import db as handle
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory


def test_every_table_with_words_stands_in_the_database() -> None:
    assert set(WORDS) <= set(metadata.tables)


def refused(db: Session, row: object) -> IntegrityError:
    with pytest.raises(IntegrityError) as raised, db.begin_nested():
        db.add(row)
        db.flush()
    return raised.value


def test_a_name_taken_a_moment_before_is_said_in_words(make: Factory, db: Session, now: datetime) -> None:
    del now
    person = make.person(make.service(), Role.PATIENT)
    again = Person(**person.model_dump(exclude={"id"}))
    assert clash_of(refused(db, again)) == WORDS["person"]


def test_any_other_refusal_of_the_database_stays_a_fault(make: Factory, db: Session) -> None:
    person = make.person(make.service(), Role.PATIENT)
    lost = Person(**person.model_dump(exclude={"id", "email", "service_id"}), email="x@example.org", service_id="none")
    if db.get_bind().dialect.name == "postgresql":
        assert clash_of(refused(db, lost)) is None
    assert clash_of(IntegrityError("", {}, Exception("NOT NULL constraint failed: person.email"))) is None
    assert clash_of(IntegrityError("", {}, Exception("UNIQUE constraint failed: other.x"))) == OTHERWISE


@pytest.mark.parametrize("late", [False, True])
def test_a_page_that_saves_what_stands_already_answers_409_in_words(app: Flask, late: bool) -> None:
    """The second of two is refused in the view, or only when the edge commits."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        cohort = make.cohort(service)
        name, copy = cohort.name, cohort.model_dump(exclude={"id"})
        token = signin.begin(db, person=make.person(service, Role.ADMINISTRATOR), now=clock.now())

    def view(**_: object) -> str:
        handle().add(Cohort(**copy))
        if not late:
            handle().flush()
        return "saved"

    endpoint = "settings.save" if "settings.save" in app.view_functions else "imports.load"
    view.permission = app.view_functions[endpoint].permission  # type: ignore[attr-defined]
    keep(app, endpoint, view)
    client = app.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token
    answer = client.post("/questionnaires")
    assert (answer.status_code, WORDS["cohort"] in answer.text, name in answer.text) == (409, True, False)


def keep(app: Flask, endpoint: str, view: Callable[..., str]) -> None:
    view.__dict__.update(app.view_functions[endpoint].__dict__)
    app.view_functions[endpoint] = view
