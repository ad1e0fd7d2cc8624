"""The map: kept by a service version by version, undone in one press, and read by everybody by need and place."""

from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.pathway.map import services
from backtolife.pathway.map.rules import Says, fitting
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory

CLASS = Says(
    what="Exercise class for backs",
    needs=("move", "group"),
    place="Midtown Leisure Centre",
    by_whom="Midtown Leisure",
    for_whom="Adults who can walk for ten minutes",
    languages=("English", "Polish"),
    wait_weeks=6,
    contact="01632 960123",
)
FORM = {
    "what": CLASS.what,
    "needs": ["move", "group"],
    "place": CLASS.place,
    "by_whom": CLASS.by_whom,
    "for_whom": CLASS.for_whom,
    "languages": "English, Polski",
    "wait_weeks": "6",
    "contact": CLASS.contact,
    "shown": "y",
    "seen": "0",
}


def test_each_change_is_a_version_and_going_back_is_one_more(db: Session, make: Factory) -> None:
    lead = make.actor(make.person(make.service(), Role.SERVICE_LEAD))
    first = services.add(db, wanted=CLASS, actor=lead, now=make.now)
    one = first.entry_id
    longer = replace(CLASS, wait_weeks=9)
    services.change(db, entry_id=one, seen=1, wanted=longer, is_shown=True, actor=lead, now=make.now)
    services.change(db, entry_id=one, seen=2, wanted=longer, is_shown=False, actor=lead, now=make.now)
    assert services.shown(db) == []
    services.go_back(db, entry_id=one, seen=3, to=1, actor=lead, now=make.now)
    held = [(row.number, row.wait_weeks, row.shown) for row, _ in services.versions(db, actor=lead, entry_id=one)]
    assert held == [(4, 6, True), (3, 9, False), (2, 9, True), (1, 6, True)]
    assert [each.entry.number for each in services.shown(db)] == [4]


def test_nothing_is_kept_where_nothing_was_changed(db: Session, make: Factory) -> None:
    lead = make.actor(make.person(make.service(), Role.SERVICE_LEAD))
    one = services.add(db, wanted=CLASS, actor=lead, now=make.now).entry_id
    same = services.change(db, entry_id=one, seen=1, wanted=CLASS, is_shown=True, actor=lead, now=make.now)
    assert same is None


def test_of_two_who_change_one_entry_the_second_is_told(db: Session, make: Factory) -> None:
    lead = make.actor(make.person(make.service(), Role.SERVICE_LEAD))
    one = services.add(db, wanted=CLASS, actor=lead, now=make.now).entry_id
    longer = replace(CLASS, wait_weeks=9)
    services.change(db, entry_id=one, seen=1, wanted=longer, is_shown=True, actor=lead, now=make.now)
    with pytest.raises(Conflict, match="Somebody changed this entry"):
        services.change(db, entry_id=one, seen=1, wanted=CLASS, is_shown=True, actor=lead, now=make.now)
    with pytest.raises(Conflict):
        services.go_back(db, entry_id=one, seen=1, to=1, actor=lead, now=make.now)
    with pytest.raises(NotFound):
        services.go_back(db, entry_id=one, seen=2, to=7, actor=lead, now=make.now)


def test_a_service_changes_its_own_map_alone_and_everybody_reads_all(db: Session, make: Factory) -> None:
    ours, theirs = (make.actor(make.person(make.service(), Role.SERVICE_LEAD)) for _ in range(2))
    one = services.add(db, wanted=CLASS, actor=ours, now=make.now).entry_id
    services.add(db, wanted=replace(CLASS, what="Walks"), actor=theirs, now=make.now)
    assert [row.what for row in services.entries(db, actor=theirs)] == ["Walks"]
    assert [each.entry.what for each in services.shown(db)] == [CLASS.what, "Walks"]
    with pytest.raises(NotFound):
        services.change(db, entry_id=one, seen=1, wanted=CLASS, is_shown=False, actor=theirs, now=make.now)
    facilitator = make.actor(make.person(make.service(), Role.FACILITATOR))
    with pytest.raises(NotPermitted):
        services.add(db, wanted=CLASS, actor=facilitator, now=make.now)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": "\u200b "}, "what"),
        ({"place": "x" * 121}, "place"),
        ({"contact": ""}, "contact"),
        ({"needs": ()}, "needs"),
        ({"needs": ("fly",)}, "needs"),
        ({"languages": ("Klingonese",)}, "languages"),
        ({"languages": (" ",)}, "languages"),
        ({"wait_weeks": -1}, "wait_weeks"),
        ({"wait_weeks": 105}, "wait_weeks"),
    ],
)
def test_what_an_entry_cannot_say_is_refused_at_its_field(change: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(CLASS, **change).kept()  # type: ignore[arg-type]
    assert refused.value.field == field


@dataclass(frozen=True)
class Spot:
    place: str
    needs: tuple[str, ...] = ("move",)


def test_who_looks_finds_by_need_and_by_each_word_of_the_place_and_online_from_everywhere() -> None:
    north, south, online = Spot("Leeds North"), Spot("LEEDS south", ("work",)), Spot("Online, by video")
    spots = [north, south, online]
    assert fitting(spots, need="", place="") == spots
    assert fitting(spots, need="", place="leeds") == spots
    assert fitting(spots, need="", place="south leeds") == [south, online]
    assert fitting(spots, need="work", place="") == [south]
    assert fitting(spots, need="work", place="north") == []


@dataclass
class Desk:
    """A browser of a service lead, and one of somebody who is not signed in."""

    lead: FlaskClient
    anybody: FlaskClient

    def look(self, **typed: str) -> TestResponse:
        return self.anybody.post("/find-help", data=typed)

    def add(self, **change: object) -> str:
        """Add an entry. Returns the address of its page."""
        answer = self.lead.post("/find-help/entries/new", data={**FORM, **change})
        assert answer.status_code == 302, answer.text
        page = self.lead.get("/find-help/entries").text
        return page.split('href="/find-help/entries/')[-1].split('"')[0]


@pytest.fixture
def desk(app: Flask) -> Desk:
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        token = signin.begin(db, person=make.person(make.service("Midtown"), Role.SERVICE_LEAD), now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return Desk(client, app.test_client())


def test_what_a_lead_adds_everybody_reads_without_signing_in(desk: Desk) -> None:
    assert "Nothing is listed yet" in desk.anybody.get("/find-help").text
    desk.add()
    page = desk.anybody.get("/find-help").text
    for said in ("Exercise class for backs", "Midtown Leisure Centre", "About 6 weeks", "polski", "Listed by"):
        assert said in page
    assert "1 kind of help" in page


def test_the_page_is_searched_and_what_was_looked_for_stands_in_no_address(desk: Desk) -> None:
    desk.add()
    assert CLASS.what in desk.look(need="group", place="midtown").text
    assert "Nothing fits what you chose" in desk.look(need="work", place="midtown").text
    assert "Nothing fits what you chose" in desk.look(place="Leeds").text
    assert CLASS.what in desk.look(need="nonsense").text
    assert CLASS.what in desk.anybody.get("/find-help?need=work&place=Leeds").text
    refused = desk.look(place="x" * 61)
    assert (refused.status_code, "Use at most 60 characters" in refused.text) == (400, True)
    assert "x" * 61 in refused.text


@pytest.mark.parametrize(("weeks", "said"), [("", "Please ask"), ("0", "You can come at once"), ("1", "About 1 week<")])
def test_the_wait_is_said_in_words(desk: Desk, weeks: str, said: str) -> None:
    desk.add(wait_weeks=weeks)
    page = " ".join(desk.anybody.get("/find-help").text.split())
    assert said in page.replace(" <", "<")


def test_what_is_typed_is_text_and_never_a_part_of_the_page(desk: Desk) -> None:
    desk.add(what="<script>alert(1)</script>")
    assert "<script>alert" not in desk.anybody.get("/find-help").text
    assert "<script>alert" not in desk.look(place="<script>alert").text


def test_an_entry_is_taken_off_the_public_page_and_put_back_by_one_press(desk: Desk) -> None:
    page = f"/find-help/entries/{desk.add()}"
    hidden = {name: value for name, value in FORM.items() if name != "shown"}
    assert desk.lead.post(page, data={**hidden, "seen": "1"}).status_code == 302
    assert CLASS.what not in desk.anybody.get("/find-help").text
    desk.lead.post(f"{page}/back", data={"seen": "2", "to": "1"})
    assert CLASS.what in desk.anybody.get("/find-help").text
    assert "3 (now)" in desk.lead.get(page).text


def test_a_bad_entry_is_said_at_its_field_and_keeps_what_was_typed(desk: Desk) -> None:
    bad = {**FORM, "languages": "English, Klingonese", "wait_weeks": "soon"}
    answer = desk.lead.post("/find-help/entries/new", data=bad)
    assert (answer.status_code, "Enter a whole number" in answer.text) == (400, True)
    assert "English, Klingonese" in answer.text
    answer = desk.lead.post("/find-help/entries/new", data={**bad, "wait_weeks": "6"})
    assert (answer.status_code, "We do not know the language “Klingonese”" in answer.text) == (400, True)
    assert "Nothing is listed yet" in desk.anybody.get("/find-help").text


def test_who_comes_second_is_told_and_may_save_what_they_typed_over_it(desk: Desk) -> None:
    page = f"/find-help/entries/{desk.add()}"
    desk.lead.post(page, data={**FORM, "seen": "1", "wait_weeks": "9"})
    late = desk.lead.post(page, data={**FORM, "seen": "1", "wait_weeks": "3"})
    assert (late.status_code, "Somebody changed this entry" in late.text) == (409, True)
    assert 'value="3"' in late.text
    assert "About 9 weeks" in desk.anybody.get("/find-help").text
    assert desk.lead.post(page, data={**FORM, "seen": "2", "wait_weeks": "3"}).status_code == 302
    assert "About 3 weeks" in desk.anybody.get("/find-help").text
    assert desk.lead.post(f"{page}/back", data={"seen": "x", "to": "²"}, follow_redirects=True).status_code == 200


def test_the_front_page_leads_to_it(desk: Desk) -> None:
    assert 'href="/find-help"' in desk.anybody.get("/sign-in", follow_redirects=True).text
