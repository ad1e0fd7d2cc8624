"""A place that somebody gave up is offered to the next on the waiting list, from the pages where staff look."""

import re
from datetime import timedelta

from flask import Flask
from sqlmodel import Session

from backtolife import clock
from backtolife.clock import in_zone
from backtolife.database.session import session_scope
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.places.queue.freed import next_in_turn
from backtolife.programme.places.queue.waiting import free_groups, wait, waiting_list
from backtolife.programme.places.rules import Wishes
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


def waits(make: Factory, admin: Actor, name: str, days: int, *, times: tuple[str, ...] = ()) -> str:
    """The id of the row of somebody who has waited for so many days."""
    person = make.person(make.db.get_one(Service, admin.service_id), Role.PATIENT, name)
    since = make.now - timedelta(days=days)
    return wait(make.db, person=person, wishes=Wishes(times), actor=admin, now=make.now, since=since).id


def test_the_next_is_who_waited_longest_of_those_whom_the_group_fits(db: Session, make: Factory) -> None:
    service = make.service()
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    make.enrolment(make.cohort(service, "Full", capacity=1))
    make.cohort(service, "Mornings")
    waits(make, admin, "Evening only", 40, times=("evening",))
    waits(make, admin, "Short", 3)
    waits(make, admin, "Long", 20)
    found = next_in_turn(free_groups(db, actor=admin, now=make.now), waiting_list(db, actor=admin))
    assert [(each.group.cohort.name, each.waits.person.shown_name) for each in found] == [("Mornings", "Long")]
    assert next_in_turn(free_groups(db, actor=admin, now=make.now), []) == []


def test_whoever_leaves_makes_room_for_the_next_with_one_press_to_the_offer(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service, first_day = make.service(), in_zone(make.now, "Europe/London").date() + timedelta(days=20)
        make.cohort(service, "Earlier", first_day=first_day - timedelta(days=7))
        cohort = make.cohort(service, "Mornings", capacity=1, first_day=first_day)
        place, priya = make.enrolment(cohort), make.facilitator(cohort)
        lead = make.person(service, Role.CLINICAL_LEAD)
        row_id = waits(make, make.actor(lead), "Ann", 9)
    browser, page = browser_of(app, lead), f"/groups/{cohort.id}"
    assert "Next on the list" not in browser.get(page).text
    leaves = {"decided_by": "patient", "reason": "work", "later": "no"}
    browser.post(f"/places/{place.id}/leave", data=leaves)
    offer = f"/waiting/{row_id}?cohort={cohort.id}"
    for address in ("/", page, "/waiting"):
        shown = " ".join(browser.get(address).text.split())
        assert "1 place is free in <bdi>Mornings</bdi>" in shown, address
        assert "Next on the list: <strong><bdi>Ann Example</bdi></strong>" in shown, address
        assert f'href="{offer}"' in shown, address
    chosen = re.search(r"<option[^>]*selected[^>]*>", browser.get(offer).text)
    assert chosen is not None
    assert cohort.id in chosen.group()
    assert "Next on the list" not in browser_of(app, priya).get(page).text, "who may not offer from the list sees none"
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(Person, place.person_id).active
