"""What ends one sign-in for two services. Whoever looks after one service, or reads a mailbox there, never comes into
the other one.
"""

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.sealing import Sealing
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import System
from backtolife.people.colleagues import lost_phone
from backtolife.people.models import LinkPurpose, Person, Role, Service
from backtolife.people.second_step import app_codes
from backtolife.people.second_step import services as second_step
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import rows_with
from backtolife.people.signing_in.linked.linking import join
from tests.support.factories import Factory
from tests.support.people.two_services import TwoServices

ENDED = "You sign in to each of your services by itself again"
NEW = "saffron kettle meadow"


@pytest.fixture
def joined(two: TwoServices) -> TwoServices:
    two.are_joined()
    return two


def assert_ended(two: TwoServices, why: str, *, by: str) -> None:
    """In the south, by this one; in the north, by nobody there. They are told at each address that still signs in."""
    assert not two.joined("north")
    assert not two.joined("south")
    (south,), (north,) = two.audit("south", "accounts_unlinked"), two.audit("north", "accounts_unlinked")
    assert (south.actor_id, south.detail["why"]) == (by, why)
    assert (north.actor_id, north.detail["why"]) == ("sign-in", "other_account")
    assert ENDED in two.subjects("north")
    assert (ENDED in two.subjects("south")) is (why != "switched_off")


@pytest.mark.parametrize("side", ["north", "south"])
def test_its_owner_ends_it_by_one_press_on_either_side_and_stays_where_they_are(joined: TwoServices, side: str) -> None:
    joined.sign_in("north")
    if side == "south":
        joined.change("south")
    answer = joined.browser.post("/your-details/services/stop", follow_redirects=True)
    assert "you sign in to each service by itself" in answer.text
    assert joined.works_as() == side
    assert not joined.joined()
    assert "Change service" not in joined.browser.get("/").text
    assert joined.change("south" if side == "north" else "north")[0] == 404
    again = joined.browser.post("/your-details/services/stop", follow_redirects=True)
    assert "Nothing was changed" in again.text
    assert [each.detail["why"] for each in joined.audit(side, "accounts_unlinked")] == ["asked"]


def test_ending_it_signs_out_what_came_from_the_other_side(joined: TwoServices) -> None:
    other = joined.app.test_client()
    joined.sign_in("north", other)
    joined.change("south", other)
    joined.sign_in("south")
    joined.browser.post("/your-details/services/stop")
    assert joined.works_as() == "south"
    assert joined.works_as(other) == "", "it was opened by the sign-in of the north"


def test_an_account_that_is_switched_off_is_out_at_once_and_the_other_one_goes_on(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    there = joined.app.test_client()
    joined.sign_in("south", there)
    joined.change("north", there)
    admin = joined.signed_in_as("south admin")
    answer = admin.post(f"/staff/people/{joined.people['south'].id}/off", data={"to": ""})
    assert answer.status_code == 302, answer.text
    assert joined.open_ones("south") == []
    assert joined.browser.get("/your-details", headers={"Accept": "text/html"}).status_code == 302
    assert joined.works_as(there) == "north", "that somebody left the south is no doubt about who they are"
    assert_ended(joined, "switched_off", by=joined.people["south admin"].id)
    assert joined.sign_in("north") == "/"


def test_an_administrator_who_opens_an_account_again_and_chooses_its_password_stays_in_their_service(
    joined: TwoServices,
) -> None:
    """Sid of the south, who also reads the mailbox there, switches Grace off and on and answers the invitation."""
    admin, page = joined.signed_in_as("south admin"), f"/staff/people/{joined.people['south'].id}"
    admin.post(f"{page}/off", data={"to": ""})
    admin.post(f"{page}/on")
    sid = come_by_link(joined, LinkPurpose.INVITATION)
    assert joined.works_as(sid) == "south"
    assert joined.change("north", sid)[0] == 404


def come_by_link(two: TwoServices, purpose: LinkPurpose) -> FlaskClient:
    """Whoever reads the mailbox of the south chooses a password there, in a browser of their own."""
    with two.db() as db:
        person = db.get_one(Person, two.people["south"].id)
        token = signin.issue_link(db, person=person, purpose=purpose, now=two.now).token
    browser, way = two.app.test_client(), "invitation" if purpose is LinkPurpose.INVITATION else "reset"
    answer = browser.post(f"/staff/{way}/{token}", data={"password": NEW})
    assert answer.status_code == 302, answer.text
    return browser


def test_a_password_chosen_by_a_link_to_the_mailbox_opens_that_service_alone(joined: TwoServices) -> None:
    joined.sign_in("south")
    joined.change("north")
    sid = come_by_link(joined, LinkPurpose.PASSWORD_RESET)
    assert joined.works_as(sid) == "south"
    assert joined.change("north", sid)[0] == 404
    assert joined.works_as() == "", "it was opened by the password before"
    assert_ended(joined, "new_password", by=joined.people["south"].id)


def test_a_second_step_that_an_administrator_takes_off_opens_nothing_elsewhere(joined: TwoServices) -> None:
    joined.has_app("north")
    joined.has_app("south")
    joined.sign_in("south")
    joined.change("north")
    admin = joined.signed_in_as("south admin")
    page = f"/staff/people/{joined.people['south'].id}/second-step"
    admin.post(page, data={"reason": "Phone lost; we spoke in person"})
    assert_ended(joined, "second_step_reset", by=joined.people["south admin"].id)
    assert joined.works_as() == "", "it was opened with the phone that was lost"
    del joined.secrets["south"]
    assert joined.sign_in("south") == "/"
    assert joined.change("north")[0] == 404


def test_the_command_that_takes_a_second_step_off_ends_it_too(joined: TwoServices) -> None:
    joined.has_app("south")
    with joined.db() as db:
        person = db.get_one(Person, joined.people["south"].id)
        by = System("command", person.service_id)
        lost_phone.reset(db, actor=by, person=person, reason="Phone lost", site="http://localhost", now=joined.now)
    assert_ended(joined, "second_step_reset", by="command")


def test_a_first_second_step_after_a_password_alone_leads_round_nobodys_second_step(joined: TwoServices) -> None:
    """Who knows the password of the south, where no second step was asked for, sets one up and goes to the north."""
    joined.has_app("north")
    joined.sign_in("south")
    joined.browser.post("/your-details/second-step/prove", data={"password": "velvet anchor thimble"})
    secret = app_codes.new_secret()
    with joined.db() as db:
        place = joined.open_ones("south")[0].id
        person = db.get_one(Person, joined.people["south"].id)
        second_step.set_up_app(
            db,
            actor=Factory(db, joined.now).actor(person),
            person=person,
            secret=secret,
            code=code_of(secret, joined),
            sealing=Sealing(joined.app.extensions["backtolife.settings"].data_key),
            signed_in_id=place,
            now=joined.now,
        )
    assert_ended(joined, "first_second_step", by=joined.people["south"].id)
    assert joined.works_as() == "south"
    assert joined.change("north")[0] == 404


def code_of(secret: str, two: TwoServices) -> str:
    two.secrets["new"] = secret
    return two.code("new")


def test_a_first_second_step_where_nothing_is_asked_for_elsewhere_ends_nothing(joined: TwoServices) -> None:
    joined.sign_in("south")
    secret, place = app_codes.new_secret(), joined.open_ones("south")[0].id
    with joined.db() as db:
        person = db.get_one(Person, joined.people["south"].id)
        second_step.set_up_app(
            db,
            actor=Factory(db, joined.now).actor(person),
            person=person,
            secret=secret,
            code=code_of(secret, joined),
            sealing=Sealing(joined.app.extensions["backtolife.settings"].data_key),
            signed_in_id=place,
            now=joined.now,
        )
    assert joined.joined()
    assert [each.second for each in joined.open_ones("south")] == ["app"]


def test_an_administrator_sees_that_there_is_another_service_and_not_which_and_can_end_it(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    admin, page = joined.signed_in_as("south admin"), f"/staff/people/{joined.people['south'].id}"
    shown = admin.get(page).text
    assert "Also works for another service" in shown
    assert "North" not in shown
    assert "Also works for another service" not in admin.get(f"/staff/people/{joined.people['mallory'].id}").text
    admin.post(f"{page}/one-sign-in/end")
    assert_ended(joined, "by_the_service", by=joined.people["south admin"].id)
    assert joined.works_as() == ""
    assert admin.post(f"{page}/one-sign-in/end").status_code == 409


def test_who_is_signed_out_everywhere_comes_in_by_no_other_service_either(joined: TwoServices) -> None:
    """Grace's laptop stands open in the north, and nobody is signed in in the south."""
    joined.sign_in("north")
    admin, page = joined.signed_in_as("south admin"), f"/staff/people/{joined.people['south'].id}"
    shown = admin.get(page).text
    assert "Sign them out everywhere" in shown
    assert "another service opens yours no more" in shown
    assert "also a live session there" in shown
    assert admin.post(f"{page}/sign-out").status_code == 302
    assert joined.change("south")[0] == 404
    assert joined.works_as() == "north"
    assert_ended(joined, "signed_out", by=joined.people["south admin"].id)
    (entry,) = joined.audit("south", "signed_out_by_administrator")
    assert entry.detail["browsers"] == 0
    assert "Sign them out everywhere" not in admin.get(page).text
    assert admin.post(f"{page}/sign-out").status_code == 409


def test_who_is_signed_out_everywhere_is_out_where_they_went_from_here(joined: TwoServices) -> None:
    joined.sign_in("south")
    joined.change("north")
    admin = joined.signed_in_as("south admin")
    admin.post(f"/staff/people/{joined.people['south'].id}/sign-out")
    assert joined.works_as() == ""


def test_an_administrator_of_the_other_service_ends_nothing_here(joined: TwoServices) -> None:
    admin = joined.signed_in_as("north admin")
    assert admin.post(f"/staff/people/{joined.people['south'].id}/one-sign-in/end").status_code == 404
    assert joined.joined()


def test_of_three_services_the_other_two_stay_joined(joined: TwoServices) -> None:
    with joined.db() as db:
        make = Factory(db, joined.now)
        joined.people["west"] = make.person(make.service("West"), Role.FACILITATOR, "Grace")
        west = db.get_one(Person, joined.people["west"].id)
        join(db, [west], rows_with(db, joined.people["north"].id), joined.now)
    joined.sign_in("south")
    joined.browser.post("/your-details/services/stop")
    assert not joined.joined("south")
    assert joined.joined("north")
    assert joined.joined("west")


def test_no_letter_and_no_row_of_one_service_names_the_other(joined: TwoServices) -> None:
    joined.sign_in("north")
    joined.change("south")
    joined.browser.post("/your-details/services/stop")
    with joined.db() as db:
        names = {name: db.get_one(Service, joined.people[name].service_id).name for name in ("north", "south")}
        for here, there in (("north", "south"), ("south", "north")):
            own = joined.people[here].service_id
            words = [each.body for each in db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == own))]
            words += [str(each.detail) for each in db.exec(select(AuditEntry).where(AuditEntry.service_id == own))]
            assert not any(names[there] in each for each in words)
