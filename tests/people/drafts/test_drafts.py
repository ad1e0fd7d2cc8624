"""What is kept of what somebody types: the newest words, once, for a while, until they are saved."""

import json
from datetime import datetime

import pytest
from sqlmodel import Session, select

from backtolife.errors import Invalid
from backtolife.people.drafts import services as drafts
from backtolife.people.drafts.models import Draft
from backtolife.people.models import Person
from tests.support.factories import Factory
from tests.support.people.desk import Desk


def test_what_is_saved_is_kept_as_a_draft_no_longer(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    told = {"address": "/your-details", "fields": [["shown_name", "Ann"]], "base": [["shown_name", "A"]]}
    assert desk.browser.post("/drafts", json=told).status_code == 204
    assert desk.kept() == {"shown_name": "Ann"}
    assert desk.send()[0] == 302
    assert desk.kept() == {}


def test_what_a_pages_script_sends_and_saves_is_kept_as_a_draft_no_longer_either(desk: Desk) -> None:
    desk.sign_in(desk.ann)
    told = {"address": "/your-details", "fields": [["shown_name", "Ann"]], "base": [["shown_name", "A"]]}
    assert desk.browser.post("/drafts", json=told).status_code == 204
    assert desk.send(headers={"Accept": "application/json"})[0] == 302
    assert desk.kept() == {}


def test_the_newest_words_of_a_form_are_kept_once(db: Session, make: Factory, now: datetime) -> None:
    person, other = make.person(make.service()), make.person(make.service())
    drafts.keep(db, person=other, address="/x", fields=[("a", "theirs")], now=now)
    drafts.keep(db, person=person, address="/x", fields=[("a", "one")], base=[("a", "")], now=now)
    drafts.keep(db, person=person, address="/x", fields=[("a", "two \ud83d \x00")], now=now)
    db.flush()
    (found,) = drafts.kept_for(db, person_id=person.id, addresses=["/x"])
    assert json.loads(found.fields) == [["a", "two \ud83d \x00"]]
    assert json.loads(found.base) == [["a", ""]]


def test_words_that_nobody_comes_back_to_are_deleted_after_a_month(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    drafts.keep(db, person=person, address="/old", fields=[("a", "one")], now=now - drafts.LIFE)
    drafts.keep(db, person=person, address="/new", fields=[("a", "one")], now=now)
    db.flush()
    drafts.drop_old(db, now=now)
    assert [each.address for each in db.exec(select(Draft).where(Draft.person_id == person.id))] == ["/new"]


def test_more_than_anybody_types_is_refused(db: Session, make: Factory, now: datetime) -> None:
    person = make.person(make.service())
    with pytest.raises(Invalid, match="too long"):
        drafts.keep(db, person=person, address="/x", fields=[("a", "x" * drafts.LONGEST)], now=now)
    assert drafts.keep(db, person=person, address="/x", fields=[("a", "  ")], now=now) is None


def test_a_page_that_says_it_held_more_than_anybody_types_is_refused(db: Session, make: Factory, now: datetime) -> None:
    person, long = make.person(make.service()), [("a", "x" * drafts.LONGEST)]
    with pytest.raises(Invalid, match="too long"):
        drafts.keep(db, person=person, address="/x", fields=[("a", "one")], base=long, now=now)


@pytest.mark.parametrize("most", [("MOST_DRAFTS", 2), ("LONGEST_IN_ALL", 40)])
def test_one_person_leaves_unsaved_words_in_so_many_forms_and_no_more(
    db: Session, make: Factory, now: datetime, monkeypatch: pytest.MonkeyPatch, most: tuple[str, int]
) -> None:
    monkeypatch.setattr(drafts, *most)
    person, other = make.person(make.service()), make.person(make.service())

    def keep(person: Person, address: str, words: str) -> None:
        drafts.keep(db, person=person, address=address, fields=[("a", words)], now=now)
        db.flush()

    keep(person, "/one", "one")
    keep(person, "/two", "two")
    with pytest.raises(Invalid, match="a lot elsewhere"):
        keep(person, "/three", "three")
    keep(person, "/two", "and two")
    keep(other, "/three", "three")
    drafts.drop(db, person_id=person.id, address="/one")
    keep(person, "/three", "three")


def test_a_page_is_told_why_its_words_are_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 0)
    desk.sign_in(desk.ann)
    told = {"address": "/your-details", "fields": [["shown_name", "Ann"]], "base": [["shown_name", "A"]]}
    answer = desk.browser.post("/drafts", json=told, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (400, {"error": drafts.TOO_MANY})
