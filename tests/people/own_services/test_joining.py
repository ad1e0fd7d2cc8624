"""One sign-in for two services: how it is joined, and what does not join it."""

import re

import pytest

from backtolife.database.session import session_scope
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.own_services.linking import SET_UP_FIRST, SHOWN_TOO_LITTLE
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked import linking
from tests.support.factories import Factory
from tests.support.people.two_services import PASSWORDS, TwoServices

JOINED = "Your sign-in opens another service too"


def test_showing_both_accounts_in_one_browser_joins_them_on_record_in_both_and_tells_both(two: TwoServices) -> None:
    assert two.sign_in("north") == "/"
    assert "The services you work for" in two.browser.get("/your-details/second-step").text
    two.prove()
    assert two.join_by_password() == (302, "/your-details/services")
    page = two.browser.get("/your-details/services").text
    assert "South Pain Service" in page
    assert two.works_as() == "north"
    assert two.joined("north")
    assert two.joined("south")
    for name, way in (("north", "signed in"), ("south", "password")):
        (entry,) = two.audit(name, "accounts_linked")
        assert (entry.actor_id, entry.subject_id, entry.detail["way"]) == (*2 * [two.people[name].id], way)
        assert two.subjects(name) == [JOINED]


def test_what_the_other_account_asks_for_is_asked_before_they_are_joined(two: TwoServices) -> None:
    two.has_app("south")
    two.sign_in("north")
    two.prove()
    assert two.join_by_password() == (302, "/your-services/code")
    assert not two.joined()
    assert "Your code for" in two.browser.get("/your-services/code").text
    wrong = two.browser.post("/your-services/code", data={"app_code": "000000"})
    assert wrong.status_code == 400
    assert not two.joined()
    right = two.browser.post("/your-services/code", data={"app_code": two.code("south")})
    assert right.headers["Location"] == "/your-details/services"
    assert two.joined()
    assert two.works_as() == "north"
    assert [each.detail["way"] for each in two.audit("south", "accounts_linked")] == ["app"]


def test_an_open_browser_joins_nothing_before_its_owner_has_shown_that_it_is_them(two: TwoServices) -> None:
    """Mallory at Grace's unlocked screen has an account of her own: joined, it would open the north for good."""
    two.sign_in("north")
    assert two.join_by_password("mallory") == (302, "/your-details/services")
    assert "Enter your password first" in two.browser.get("/your-details/services").text
    assert not two.joined()
    two.prove()
    two.later(minutes=11)
    two.join_by_password("mallory")
    assert not two.joined()


def test_an_equal_address_joins_nothing(two: TwoServices) -> None:
    with two.db() as db:
        for name in ("north", "south"):
            person = db.get_one(Person, two.people[name].id)
            person.email = "grace@example.org"
            person.password_hash = db.get_one(Person, two.people["north"].id).password_hash
    two.people["north"].email = "grace@example.org"
    assert two.sign_in("north") == "/"
    assert two.change("south")[0] == 404
    assert two.works_as() in ("north", "south")
    assert not two.joined()


def test_with_one_address_and_one_password_in_both_the_other_account_is_found(two: TwoServices) -> None:
    with two.db() as db:
        for name in ("north", "south"):
            person = db.get_one(Person, two.people[name].id)
            person.email = "grace@example.org"
            person.password_hash = db.get_one(Person, two.people["north"].id).password_hash
    two.people["north"].email = "grace@example.org"
    two.sign_in("north")
    two.prove()
    given = {"email": "grace@example.org", "password": PASSWORDS["north"]}
    two.browser.post("/your-details/services/other", data=given)
    assert two.joined("north")
    assert two.joined("south")


@pytest.mark.parametrize("name", ["north admin", "south admin"])
def test_a_wrong_password_and_a_colleagues_account_join_nothing(two: TwoServices, name: str) -> None:
    two.sign_in("north")
    two.prove()
    given = {"email": two.people[name].email, "password": PASSWORDS["north"]}
    answer = two.browser.post("/your-details/services/other", data=given)
    assert answer.status_code == 400
    assert "do not match" in answer.text
    assert not two.joined()


def test_a_password_alone_joins_nothing_where_either_account_asks_for_more(two: TwoServices) -> None:
    two.sign_in("north")
    two.require()
    two.prove()
    two.join_by_password()
    assert SHOWN_TOO_LITTLE in two.browser.get("/your-details/services").text
    assert not two.joined()
    two.has_app("north")
    two.later(minutes=1)
    two.sign_in("north")
    two.prove()
    two.join_by_password()
    assert SET_UP_FIRST in two.browser.get("/your-details/services").text
    assert not two.joined()


def test_who_knows_one_password_goes_round_no_second_step_by_an_account_of_their_own(two: TwoServices) -> None:
    """The north asks Grace for a password alone, the south for her app. Mallory, who knows the password, joins her own
    account, with an app of her own, to the north: it would count as a second step in the south.
    """
    two.has_app("south")
    two.are_joined()
    with two.db() as db:
        mallory = Factory(db, two.now).person(Factory(db, two.now).service("West"), Role.FACILITATOR, "Mallory")
        mallory.password_hash = two.people["mallory"].password_hash
    two.people["mallory"] = mallory
    two.has_app("mallory")
    two.sign_in("north")
    two.prove()
    two.join_by_password("mallory")
    two.browser.post("/your-services/code", data={"app_code": two.code("mallory")})
    assert SHOWN_TOO_LITTLE in two.browser.get("/your-details/services").text
    assert not two.joined("mallory")


def test_a_colleague_of_ones_own_service_is_no_other_service(two: TwoServices) -> None:
    two.sign_in("south")
    two.prove("south")
    status, page = two.join_by_password("mallory")
    assert status == 400, page
    assert not two.joined("south")


def invite(two: TwoServices) -> tuple[str, Person]:
    """Somebody in the south was invited: the secret of the link, and their account."""
    with two.db() as db:
        invited = Factory(db, two.now).invited(two.service("south"), Role.DUTY_CLINICIAN, "Grace too")
        token = signin.issue_link(db, person=invited, purpose=LinkPurpose.INVITATION, now=two.now).token
    return token, invited


def test_an_invitation_is_answered_with_the_sign_in_that_one_has(two: TwoServices) -> None:
    token, invited = invite(two)
    two.people["invited"] = invited
    two.sign_in("north")
    page = two.browser.get(f"/staff/invitation/{token}").text
    assert "Use the sign-in you have" in page
    answer = two.browser.post(f"/your-details/services/invitation/{token}")
    assert answer.headers["Location"] == "/your-details/services"
    two.browser.post("/your-details/services/invited")
    assert not two.joined("invited"), "before they have shown that it is them"
    two.prove()
    assert "Use this sign-in for" in two.browser.get("/your-details/services").text
    two.browser.post("/your-details/services/invited")
    assert two.joined("invited")
    assert two.change("invited") == (302, "/")
    assert two.works_as() == "invited"
    assert two.browser.get(f"/staff/invitation/{token}").status_code == 404
    assert [each.detail["way"] for each in two.audit("south", "accounts_linked")] == ["invitation"]


def test_an_invitation_is_answered_once_and_offers_nothing_to_who_is_not_signed_in_elsewhere(two: TwoServices) -> None:
    token, invited = invite(two)
    two.people["invited"] = invited
    assert "Use the sign-in you have" not in two.app.test_client().get(f"/staff/invitation/{token}").text
    two.sign_in("mallory")
    assert "Use the sign-in you have" not in two.browser.get(f"/staff/invitation/{token}").text
    two.browser.post(f"/your-details/services/invitation/{token}")
    two.prove("mallory")
    two.browser.post("/your-details/services/invited")
    assert not two.joined("invited")
    two.sign_in("north")
    two.prove()
    two.browser.post(f"/your-details/services/invitation/{token}")
    with two.db() as db:
        signin.spend_links(db, person=db.get_one(Person, invited.id), now=two.now)
    two.browser.post("/your-details/services/invited")
    assert not two.joined("invited")


def test_whose_account_changed_between_password_and_code_is_not_joined(two: TwoServices) -> None:
    with session_scope(two.app.extensions["backtolife.engine"]) as db:
        north, south = (db.get_one(Person, two.people[name].id) for name in ("north", "south"))
        actor = Factory(db, two.now).actor(north)
        with pytest.raises(linking.Conflict, match=re.escape(linking.CHANGED)):
            linking.link(db, actor=actor, person=north, other=south, proven="another", way="password", now=two.now)
    assert not two.joined()
