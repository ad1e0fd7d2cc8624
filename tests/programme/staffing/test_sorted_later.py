"""A facilitator is switched off at once, and their groups are sorted later: until then they are named."""

from datetime import timedelta

from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


def test_groups_of_who_is_switched_off_at_once_are_named_on_the_home_of_who_sorts_them(app: Flask) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=(now + timedelta(days=30)).date())
        schedule(db, cohort=cohort)
        jo = make.facilitator(cohort, name="Jo")
        admin, lead = make.person(service, Role.ADMINISTRATOR), make.person(service, Role.CLINICAL_LEAD)
    office, of_lead = browser_of(app, admin), browser_of(app, lead)
    assert "Nobody leads" not in office.get("/").text + of_lead.get("/").text
    assert "sort the groups later" in office.get(f"/staff/people/{jo.id}").text
    assert office.post(f"/staff/people/{jo.id}/off", data={"to": ""}).status_code == 400
    assert office.post(f"/staff/people/{jo.id}/off", data={"to": "", "later": "yes"}).status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert not db.get_one(Person, jo.id).active
    for page in (office.get("/").text, of_lead.get("/").text):
        assert "Nobody leads <bdi>Mornings</bdi>" in page
