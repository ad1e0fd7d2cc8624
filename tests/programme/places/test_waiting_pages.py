"""The pages of the waiting list: from somebody new to an offer, and whom the service knows already."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from backtolife import clock
from backtolife.clock import in_zone
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.places.models import PlaceOffer, Waiting
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


def test_the_pages_from_the_list_to_the_offer(app: Flask) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        make.cohort(service, "Mornings", first_day=(clock.now() + timedelta(days=20)).date())
        token = signin.begin(db, person=make.person(service, Role.CLINICAL_LEAD), now=clock.now())
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    new = {"full_name": "Ann Lee", "shown_name": "Ann", "email": "ann@example.org", "way": "remote", "times": "morning"}
    page = browser.post("/waiting/new", data=new, follow_redirects=True)
    for words in ("1 person waits", "Ann Lee", "By video, from home; mornings", "12 places are free"):
        assert words in page.text
    assert "already" in browser.post("/waiting/new", data=new).text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        at = f"/waiting/{db.exec(select(Waiting)).one().id}"
        cohort_id = db.exec(select(Cohort.id).where(Cohort.name == "Mornings")).one()
    assert "Mornings, begins" in browser.get(at).text
    assert browser.post(f"{at}/stop").status_code == 400
    until = (clock.now() + timedelta(days=5)).date().isoformat()
    done = browser.post(f"{at}/offer", data={"cohort": cohort_id, "answer_by": until}, follow_redirects=True)
    assert "has been offered a place" in done.text
    assert browser.get(at).status_code == 404


def test_the_last_day_to_answer_follows_the_group_that_is_chosen(app: Flask) -> None:
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        soon = make.cohort(service, "Mornings", first_day=(now + timedelta(days=1)).date())
        later = make.cohort(service, "Evenings", 1, first_day=(now + timedelta(days=30)).date())
        lead = make.person(service, Role.CLINICAL_LEAD)
    browser = browser_of(app, lead)
    for name in ("ann", "bea"):
        browser.post(
            "/waiting/new",
            data={"full_name": name, "shown_name": name, "email": f"{name}@example.org", "way": "either"},
        )
    with session_scope(app.extensions["backtolife.engine"]) as db:
        ann, bea = (f"/waiting/{each.id}" for each in db.exec(select(Waiting).order_by(col(Waiting.since))))
    form = browser.get(ann).text
    assert re.search(rf'<option value="{soon.id}" selected', form)
    assert 'name="answer_by"' in form
    assert not re.search(r'name="answer_by"[^>]*value="\d', form)
    browser.post(f"{ann}/offer", data={"cohort": later.id, "answer_by": ""})
    with session_scope(app.extensions["backtolife.engine"]) as db:
        until = db.exec(select(PlaceOffer)).one().answer_by
        zone = db.get_one(Cohort, later.id).zone
        assert in_zone(until, zone).date() == in_zone(now, zone).date() + timedelta(days=7)
    full = browser.post(f"{bea}/offer", data={"cohort": later.id, "answer_by": ""}).text
    assert "This group is full: it has room for 1 person." in full
    assert "Not a valid choice" not in full


def test_somebody_is_put_on_the_list_changed_taken_off_and_put_back_by_pages(app: Flask) -> None:
    browser, _ = lead_who_knows_linda(app)
    new = {"full_name": "Ann Lee", "shown_name": "Ann", "email": "ann@example.org", "way": "remote"}
    assert "and we tell them" in browser.post("/waiting/new", data=new, follow_redirects=True).text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        at = f"/waiting/{db.exec(select(Waiting)).one().id}"
    assert f'href="{at}/wishes"' in browser.get(at).text
    assert 'value="remote" checked' in " ".join(browser.get(f"{at}/wishes").text.split())
    assert browser.post(f"{at}/wishes", data={"way": "?"}).status_code == 400
    wanted = {"way": "either", "times": "evening"}
    assert "Either; evenings" in browser.post(f"{at}/wishes", data=wanted, follow_redirects=True).text
    gone = browser.post(f"{at}/stop", data={"because": "elsewhere"}, follow_redirects=True).text
    assert "Nobody waits." in gone
    assert f'action="{at}/back"' in gone
    back = browser.post(f"{at}/back", follow_redirects=True).text
    assert "on the list again, as number 1" in back
    assert f'action="{at}/back"' not in back
    assert "Nothing was changed" in browser.post(f"{at}/back", follow_redirects=True).text


def lead_who_knows_linda(app: Flask) -> tuple[FlaskClient, Person]:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        linda = make.person(service, Role.PATIENT, "Linda")
        token = signin.begin(db, person=make.person(service, Role.CLINICAL_LEAD), now=clock.now())
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["signed_in"] = token
    return browser, linda


def typed_of(person: Person) -> dict[str, str]:
    """What somebody types who wants this person on the list: what we know already."""
    known = {"full_name": person.full_name, "shown_name": person.shown_name, "email": person.email}
    return known | {"phone": person.phone, "way": "remote"}


def test_details_typed_for_somebody_known_are_not_dropped_in_silence(app: Flask) -> None:
    browser, linda = lead_who_knows_linda(app)
    same = typed_of(linda)
    for more in ({"date_of_birth": "1961-03-31"}, {"identifier_nhs_number": "943 476 5919"}, {"phone": "01632 960999"}):
        answer = browser.post("/waiting/new", data=same | more)
        assert (answer.status_code, "What you typed is not what we have" in answer.text) == (200, True), more
    seen = answer.text.partition(f'name="seen-{linda.id}" value="')[2].partition('"')[0]
    ticked = {"known": linda.id, f"seen-{linda.id}": seen, f"take-{linda.id}": "phone"}
    assert browser.post("/waiting/new", data=same | more | ticked).status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(Person, linda.id).phone == "01632 960999"


def test_who_is_known_and_told_nothing_new_of_is_put_on_the_list_at_once(app: Flask) -> None:
    browser, linda = lead_who_knows_linda(app)
    same = typed_of(linda)
    assert browser.post("/waiting/new", data=same).status_code == 302


def test_an_address_of_another_name_asks_which_person_is_meant(app: Flask) -> None:
    browser, linda = lead_who_knows_linda(app)
    typed = {"full_name": "Bea Long", "shown_name": "Bea", "email": linda.email, "way": "remote", "times": "morning"}
    page = browser.post("/waiting/new", data=typed).text
    assert "has the same e-mail address" in page
    assert 'name="times" value="morning"' in page
    assert "Bea Long" in browser.post("/waiting/new", data={**typed, "change": "yes"}).text
    listed = browser.post("/waiting/new", data={**typed, "known": linda.id}, follow_redirects=True).text
    assert ("Linda Example" in listed, "Bea Long" in listed) == (True, False)
