"""Services of one installation share versions: copied, adapted, and nothing of a copy goes back."""

import pytest
from flask.testing import FlaskClient

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.programme.editing.desk import Desk, change
from tests.programme.editing.test_versions import published, row
from tests.support.factories import Factory
from tests.support.people.cookies import browser_of


@pytest.fixture
def neighbour(desk: Desk) -> FlaskClient:
    """The clinical lead of another service of the same installation."""
    with session_scope(desk.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        lead = make.person(make.service(), Role.CLINICAL_LEAD, "Nia")
    return browser_of(desk.app, lead)


def share(desk: Desk, version: str, shared: str = "yes") -> None:
    assert desk.lead.post(f"/programme/versions/{version}/share", data={"shared": shared}).status_code == 302


def test_another_service_sees_and_copies_only_what_is_shared(desk: Desk, neighbour: FlaskClient) -> None:
    version = published(desk)
    assert version not in neighbour.get("/programme/library").text
    assert neighbour.post("/programme/versions/drafts", data={"version": version}).status_code == 404
    assert neighbour.get(f"/programme/versions/{version}/file").status_code == 404
    share(desk, version)
    page = neighbour.get("/programme/library").text
    assert (version in page, "Service 1" in page, version in desk.lead.get("/programme/library").text) == (
        True,
        True,
        False,
    )
    assert neighbour.get(f"/programme/versions/{version}/file").status_code == 200
    for action, typed in (("put-away", {"away": "yes"}), ("retire", {"retired": "yes"}), ("share", {"shared": "no"})):
        assert neighbour.post(f"/programme/versions/{version}/{action}", data=typed).status_code == 404
    copied = str(neighbour.post("/programme/versions/drafts", data={"version": version}).location)
    assert change(neighbour, f"{copied}/sessions/3", title="Theirs")[0] == 302
    assert neighbour.post(f"{copied}/publish", data={"version": "1.1.0"}).status_code == 302
    assert "Theirs" not in row(desk, version).files["programme.yaml"]
    assert desk.lead.get(copied).status_code == 404


def test_a_copy_stays_when_its_service_shares_it_no_more_or_puts_it_away(desk: Desk, neighbour: FlaskClient) -> None:
    version = published(desk)
    share(desk, version)
    copied = str(neighbour.post("/programme/versions/drafts", data={"version": version}).location)
    share(desk, version, "no")
    assert version not in neighbour.get("/programme/library").text
    share(desk, version)
    desk.lead.post(f"/programme/versions/{version}/put-away", data={"away": "yes"})
    assert version not in neighbour.get("/programme/library").text
    assert neighbour.post(f"{copied}/publish", data={"version": "1.3.0"}).status_code == 302
    desk.lead.post(f"/programme/versions/{version}/put-away", data={"away": "no"})
    assert version not in neighbour.get("/programme/library").text
