"""The page on a group's staff: short enough for a telephone, and whoever is asked is told at once."""

import re
from html import unescape
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlmodel import col, select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Role, Service
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import CohortStaff, SessionCover, StaffPlace
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


@pytest.fixture
def ids(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Jo, who leads, is signed in; Sam spots and Max has nothing to do."""
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=now.date())
        jo = make.facilitator(cohort, name="Jo")
        sam = make.facilitator(cohort, StaffPlace.SPOTTER, "Sam")
        max_ = make.person(service, Role.FACILITATOR, "Max")
        schedule(db, cohort=cohort)
        token = signin.begin(db, person=jo, now=now)
        found = {"cohort": cohort.id, "jo": jo.id, "sam": sam.id, "max": max_.id, "service": service.id}
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return found


def test_somebody_is_asked_to_stand_in_and_told_with_the_date(
    app: Flask, client: FlaskClient, ids: dict[str, str]
) -> None:
    address = f"/groups/{ids['cohort']}/staff/2"
    page = client.post(address, data={"place": "lead", "person": ids["max"]}, follow_redirects=True).text
    assert "Saved. Max Example and Jo Example are told by e-mail." in page
    with session_scope(app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(SessionCover)).one()
        assert (row.person_id, row.place) == (ids["max"], StaffPlace.LEAD)
        told = {each.person_id: each for each in db.exec(select(OutgoingMessage))}
        assert (set(told), {each.urgent for each in told.values()}) == ({ids["max"], ids["jo"]}, {True})
        assert "You now lead a group on these dates:" in told[ids["max"]].body
        assert "You no longer lead a group on these dates." in told[ids["jo"]].body
        for who, method, status in ((ids["max"], "REQUEST", "CONFIRMED"), (ids["jo"], "CANCEL", "CANCELLED")):
            file = Calendar.from_ical(told[who].calendar)
            assert (file["METHOD"], [each["STATUS"] for each in file.walk("VEVENT")]) == (method, [status])


def test_who_gives_their_own_group_away_comes_home(app: Flask, client: FlaskClient, ids: dict[str, str]) -> None:
    answer = client.post(f"/groups/{ids['cohort']}/staff", data={"place": "lead", "person": ids["max"]})
    assert answer.location == "/"
    with session_scope(app.extensions["backtolife.engine"]) as db:
        led = db.exec(select(CohortStaff).where(CohortStaff.place == StaffPlace.LEAD)).all()
        assert [row.person_id for row in led] == [ids["max"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"place": "lead", "person": "nobody-known"}, "Choose somebody from the list."),
        ({"place": "both", "person": ""}, "Choose lead or spotter."),
        ({"place": "lead", "person": "sam"}, "Sam Example spots this group already."),
    ],
)
def test_what_cannot_be_is_said(client: FlaskClient, ids: dict[str, str], data: dict[str, str], words: str) -> None:
    given = {**data, "person": ids.get(data["person"], data["person"])}
    answer = client.post(f"/groups/{ids['cohort']}/staff", data=given)
    assert (answer.status_code, words in answer.text) == (400, True)


def test_a_group_with_nobody_stands_on_top_of_the_leads_page_and_a_hand_over_fills_it(
    app: Flask, client: FlaskClient, ids: dict[str, str]
) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, ids["service"])
        kim = Factory(db, clock.now(), numbers=count(900)).person(service, Role.SERVICE_LEAD, "Kim")
        token = signin.begin(db, person=kim, now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    assert "has no facilitator" not in client.get("/").text
    for place in StaffPlace:
        client.post(f"/groups/{ids['cohort']}/staff", data={"place": place, "person": ""})
    top = client.get("/").text.split("Next sessions")[0]
    assert "has no facilitator" in top
    assert "Mornings" in top
    client.post(f"/groups/{ids['cohort']}/staff", data={"place": "lead", "person": ids["jo"]})
    page = client.post("/groups/hand-over", data={"giver": ids["jo"], "taker": ids["max"]}, follow_redirects=True)
    assert "1 group and 0 single dates go from Jo Example to Max Example." in page.text
    with session_scope(app.extensions["backtolife.engine"]) as db:
        newest = db.exec(select(OutgoingMessage).order_by(col(OutgoingMessage.queued_at).desc()).limit(2)).all()
        assert {each.person_id: each.key.split(":")[0] for each in newest} == {
            ids["max"]: "staff-place",
            ids["jo"]: "staff-relieved",
        }
    same = client.post("/groups/hand-over", data={"giver": ids["max"], "taker": ids["max"]})
    assert (same.status_code, "Choose two different people." in same.text) == (400, True)


def busy_twice(app: Flask, ids: dict[str, str]) -> None:
    """Max leads a group that meets at the same hours as the mornings."""
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now(), numbers=count(900))
        other = make.cohort(db.get_one(Service, ids["service"]), "Busy", first_day=clock.now().date())
        db.add(CohortStaff(service_id=ids["service"], cohort_id=other.id, person_id=ids["max"], place=StaffPlace.LEAD))
        schedule(db, cohort=other)


def in_the_summary(page: str) -> list[str]:
    summary = page.split("nhsuk-error-summary__list")[1].split("</ul>", maxsplit=1)[0]
    return [unescape(re.sub(r"<[^>]+>", "", each)).strip() for each in summary.split("<li>")[1:]]


def test_every_clash_is_a_line_of_its_own_with_name_day_and_time(
    app: Flask, client: FlaskClient, ids: dict[str, str]
) -> None:
    busy_twice(app, ids)
    page = client.post(f"/groups/{ids['cohort']}/staff", data={"place": "lead", "person": ids["max"]})
    assert page.status_code == 400
    lines = in_the_summary(page.text)
    assert len(lines) >= 8
    line = re.compile(
        r"Session \d: Max Example is in “Busy” at that time \(\w+day \d+ \w+ \d{4}, [\d:apm]+ to [\d:apm]+\)\."
    )
    assert [each for each in lines if not line.fullmatch(each)] == []


def test_a_hand_over_that_cannot_be_names_the_group_in_every_line(
    app: Flask, client: FlaskClient, ids: dict[str, str]
) -> None:
    busy_twice(app, ids)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        service = db.get_one(Service, ids["service"])
        kim = Factory(db, clock.now(), numbers=count(950)).person(service, Role.ADMINISTRATOR, "Kim")
        token = signin.begin(db, person=kim, now=clock.now())
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    page = client.post("/groups/hand-over", data={"giver": ids["jo"], "taker": ids["max"]})
    assert page.status_code == 400
    lines = in_the_summary(page.text)
    assert len(lines) >= 8
    assert [each for each in lines if not each.startswith("Mornings: Session ")] == []
    with session_scope(app.extensions["backtolife.engine"]) as db:
        rows = db.exec(select(CohortStaff).where(CohortStaff.cohort_id == ids["cohort"]))
        assert {row.person_id for row in rows} == {ids["jo"], ids["sam"]}
