"""The page on which a group is renamed, closed and put away."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from backtolife.sessions.room.services import schedule
from tests.support.factories import Factory


def signed_in(app: Flask, client: FlaskClient, *, days_ago: int) -> str:
    """A service lead is signed in; the address of a group that began some days ago."""
    now = clock.now()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, "Mornings", first_day=(now - timedelta(days=days_ago)).date())
        make.cohort(service, "Evenings")
        schedule(db, cohort=cohort)
        token = signin.begin(db, person=make.person(service, Role.SERVICE_LEAD), now=now)
        address = f"/groups/{cohort.id}"
    with client.session_transaction() as cookie:
        cookie["signed_in"] = token
    return address


def test_a_group_is_renamed_and_a_taken_name_is_said_beside_the_field(app: Flask, client: FlaskClient) -> None:
    address = signed_in(app, client, days_ago=0)
    taken = client.post(f"{address}/edit", data={"name": "Evenings", "capacity": "9"})
    assert (taken.status_code, "There is a group with this name already" in taken.text) == (400, True)
    page = client.post(f"{address}/edit", data={"name": "Dawn", "capacity": "9"}, follow_redirects=True).text
    assert "Dawn" in page
    assert "of 9 places taken" in page


def test_a_group_put_away_leaves_the_list_and_is_found_beside_it(app: Flask, client: FlaskClient) -> None:
    address = signed_in(app, client, days_ago=200)
    page = client.post(f"{address}/edit/archive", data={"archived": "yes"}, follow_redirects=True).text
    assert "Mornings" not in page
    assert "Evenings" in page
    assert "Mornings" in client.get("/groups?put-away=yes").text


def test_a_group_with_sessions_to_come_stays_and_closing_is_undone(app: Flask, client: FlaskClient) -> None:
    address = signed_in(app, client, days_ago=0)
    stays = client.post(f"{address}/edit/archive", data={"archived": "yes"}, follow_redirects=True).text
    assert "still to come. Put the group away after its last session." in stays
    assert "Put the group away</h2>" in stays  # the page it was pressed on
    closed = client.post(f"{address}/edit/close", data={"closed": "yes"}, follow_redirects=True).text
    assert "This group is closed" in closed
    opened = client.post(f"{address}/edit/close", data={"closed": "no"}, follow_redirects=True).text
    assert "Close the group" in opened
