"""An address that is somebody's already is never enrolled without asking whose it is."""

import re
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory


def two_groups(app: Flask, client: FlaskClient) -> tuple[str, str, Person]:
    """Linda in a running group, another group beside it, and an administrator signed in."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        running, other = make.cohort(service, "Mornings"), make.cohort(service, "Evenings")
        linda = db.get_one(Person, make.enrolment(running, "Linda").person_id)
        token = signin.begin(db, person=make.person(service, Role.ADMINISTRATOR), now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return running.id, other.id, linda


def members(app: Flask, cohort_id: str) -> list[str]:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get(Cohort, cohort_id)
        return [person.shown_name for _, person in enrolled_in(db, cohort_id)]


def typed(linda: Person, **more: str) -> dict[str, str]:
    return {"full_name": "Bea Long", "shown_name": "Bea", "email": linda.email, "phone": "", **more}


def test_a_known_address_is_asked_about_before_anybody_is_added(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    page = client.post(f"/groups/{other}/add", data=typed(linda))
    assert page.status_code == 200
    for words in ("Linda Example", "Mornings", "Bea Long", "Change what I typed"):
        assert words in page.text
    assert members(app, other) == []


def test_the_person_is_added_once_it_is_said_who_is_meant(app: Flask, client: FlaskClient) -> None:
    running, other, linda = two_groups(app, client)
    answer = client.post(f"/groups/{other}/add", data=typed(linda, known=linda.id, how="said_yes"))
    assert answer.status_code == 302
    assert members(app, other) == members(app, running) == ["Linda"]


def test_a_yes_for_somebody_else_does_not_count(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    assert client.post(f"/groups/{other}/add", data=typed(linda, known="another")).status_code == 200
    assert members(app, other) == []


def test_changing_the_address_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    page = client.post(f"/groups/{other}/add", data=typed(linda, change="yes"))
    assert page.status_code == 200
    assert 'value="Bea Long"' in page.text
    assert "Add the patient" in page.text


def test_who_is_in_the_group_already_is_said_at_once(app: Flask, client: FlaskClient) -> None:
    running, _, linda = two_groups(app, client)
    page = client.post(f"/groups/{running}/add", data=typed(linda, full_name=linda.full_name))
    assert page.status_code == 400
    assert "is in this group already" in page.text


def test_what_differs_is_shown_and_only_what_is_ticked_is_taken_over(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    more = {"phone": "07700 900123", "address": "2 Mill Street", "date_of_birth": "1961-03-31", "how": "said_yes"}
    page = client.post(f"/groups/{other}/add", data=typed(linda, **more)).text
    for words in ("07700 900123", "2 Mill Street", "31 March 1961", "We have nothing", "Bea Long"):
        assert words in page
    seen = re.search(rf'name="seen-{linda.id}" value="(\w+)"', page)
    assert seen is not None
    ticked = {f"seen-{linda.id}": seen[1], f"take-{linda.id}": ["phone", "date_of_birth"]}
    answer = client.post(f"/groups/{other}/add", data={**typed(linda, known=linda.id, **more), **ticked})
    assert answer.status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        kept = db.get_one(Person, linda.id)
        assert (kept.phone, kept.date_of_birth) == ("07700 900123", date(1961, 3, 31))
        assert (kept.full_name, kept.shown_name, kept.address) == (linda.full_name, linda.shown_name, "")
        told = db.exec(select(AuditEntry).where(AuditEntry.action == "patient_corrected")).one()
        assert told.detail["fields"].split() == ["date_of_birth", "phone"]


def test_nothing_is_taken_over_where_somebody_changed_it_meanwhile(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    more = {"phone": "07700 900123", "address": "2 Mill Street", "how": "said_yes", "known": linda.id}
    ticked = {f"seen-{linda.id}": "0123456789abcdef", f"take-{linda.id}": "phone"}
    answer = client.post(f"/groups/{other}/add", data={**typed(linda, **more), **ticked})
    assert (answer.status_code, "Somebody changed these details" in answer.text) == (400, True)
    assert members(app, other) == []
    assert "Is this the right person?" in answer.text
    assert 'href="#email"' not in answer.text, "the address is not what is wrong"
    assert ticks_in(answer.text) == {"phone": True, "full_name": False, "shown_name": False, "address": False}


def ticks_in(page: str) -> dict[str, bool]:
    """Which differences the page offers, and whether each is ticked."""
    boxes = re.findall(r'type="checkbox" id="take-[^>]*>', page)
    return {each.partition('value="')[2].partition('"')[0]: " checked" in each for each in boxes}


def test_ticks_outlive_an_error_in_a_field_and_a_change_of_what_was_typed(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    more = {"phone": "07700 900123", "how": "offer", "answer_by": "2001-01-01"}
    page = client.post(f"/groups/{other}/add", data=typed(linda, **more)).text
    seen = re.search(rf'name="seen-{linda.id}" value="(\w+)"', page)
    assert seen is not None
    ticked = {f"seen-{linda.id}": seen[1], f"take-{linda.id}": ["phone"]}
    refused = client.post(f"/groups/{other}/add", data={**typed(linda, **more), "known": linda.id, **ticked})
    assert (refused.status_code, "This day is over" in refused.text) == (400, True)
    kept = f'<input type="hidden" name="take-{linda.id}" value="phone">'
    assert kept in refused.text
    changing = client.post(f"/groups/{other}/add", data={**typed(linda, **more), **ticked, "change": "yes"})
    assert kept in changing.text
    asked = client.post(f"/groups/{other}/add", data={**typed(linda, **more), f"take-{linda.id}": "phone"}).text
    assert ticks_in(asked) == {"phone": True, "full_name": False, "shown_name": False}


def test_a_full_group_is_said_of_the_group_and_not_of_the_address(app: Flask, client: FlaskClient) -> None:
    running, *_ = two_groups(app, client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(Cohort, running).capacity = 1
    new = {"full_name": "Bea Long", "shown_name": "Bea", "email": "bea@example.com", "how": "said_yes"}
    page = client.post(f"/groups/{running}/add", data=new)
    assert (page.status_code, "This group is full" in page.text) == (400, True)
    assert 'href="#email"' not in page.text
    assert "email-error" not in page.text


def test_who_holds_a_place_here_is_linked_to_and_not_added_again(app: Flask, client: FlaskClient) -> None:
    running, _, linda = two_groups(app, client)
    page = client.post(f"/groups/{running}/add", data=typed(linda)).text
    assert 'href="/places/' in page
    assert f'name="known" value="{linda.id}"' not in page


def test_father_and_son_with_one_name_and_address_are_asked_about(app: Flask, client: FlaskClient) -> None:
    _, other, linda = two_groups(app, client)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, linda.id).date_of_birth = date(1930, 1, 1)
    son = typed(linda, full_name=linda.full_name, date_of_birth="1961-03-31", how="said_yes")
    assert "It is somebody else" in client.post(f"/groups/{other}/add", data=son).text
    assert client.post(f"/groups/{other}/add", data={**son, "known": "nobody"}).status_code == 302
    assert members(app, other) == ["Bea"]
