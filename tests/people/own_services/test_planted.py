"""Somebody else was in one of the accounts before: what they left there opens nothing once it is joined."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife.errors import NotPermitted
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.organisation.models import OrganisationAccount
from backtolife.people.second_step import app_codes
from backtolife.people.second_step import services as second_step
from backtolife.people.second_step.models import Passkey
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import rows_with
from backtolife.people.signing_in.linked.linking import JOIN_FROM_THERE, join
from tests.people.own_services.test_passkeys import CODE, has_passkey, press
from tests.support.factories import Factory
from tests.support.people.authenticator import Device
from tests.support.people.two_services import TwoServices

DOOR = "/staff/sign-in/passkey"


@dataclass
class Planted:
    """What an administrator of the south left in an account there while it was in their hands."""

    device: Device
    browser: FlaskClient
    """Signed in as that account, and still open."""


def plant(two: TwoServices, name: str) -> Planted:
    device = has_passkey(two, name)
    with two.db() as db:
        person = db.get_one(Person, two.people[name].id)
        db.add(
            OrganisationAccount(
                service_id=person.service_id,
                person_id=person.id,
                issuer="https://there",
                subject=f"an administrator at {name}",
                linked_at=two.now,
            )
        )
    browser = two.signed_in_as(name)
    two.later(seconds=1)
    return Planted(device, browser)


def left_in(two: TwoServices, name: str) -> tuple[int, int]:
    """How many passkeys, and accounts at the organisation, open this account."""
    with two.db() as db:
        of_one = two.people[name].id
        keys = db.exec(select(Passkey).where(Passkey.person_id == of_one)).all()
        return len(keys), len(db.exec(select(OrganisationAccount).where(OrganisationAccount.person_id == of_one)).all())


def fresh_invitation(two: TwoServices, name: str) -> str:
    with two.db() as db:
        person = db.get_one(Person, two.people[name].id)
        return signin.issue_link(db, person=person, purpose=LinkPurpose.INVITATION, now=two.now).token


def answer_with_own_sign_in(two: TwoServices, token: str) -> None:
    two.sign_in("north")
    two.prove()
    two.browser.post(f"/your-details/services/invitation/{token}")
    two.browser.post("/your-details/services/invited")


def assert_shut_out(two: TwoServices, planted: Planted) -> None:
    stranger = two.app.test_client()
    press(stranger, planted.device, DOOR)
    for browser in (stranger, planted.browser):
        assert two.works_as(browser) == ""
        assert two.change("north", browser)[0] == 403


def test_an_account_that_is_opened_again_starts_from_nothing(two: TwoServices) -> None:
    """Sid answers an invitation as “Mallory”, who is Grace, switches that account off and on and hands her the link."""
    planted = plant(two, "mallory")
    admin, page = two.signed_in_as("south admin"), f"/staff/people/{two.people['mallory'].id}"
    admin.post(f"{page}/off", data={"to": ""})
    admin.post(f"{page}/on")
    assert left_in(two, "mallory") == (0, 0)
    (entry,) = two.audit("south", "switched_on")
    assert (entry.detail["passkeys"], entry.detail["organisation"]) == (1, 1)
    two.later(seconds=1)
    answer_with_own_sign_in(two, fresh_invitation(two, "mallory"))
    assert two.joined("mallory")
    assert_shut_out(two, planted)


def test_who_answers_an_invitation_with_their_sign_in_is_alone_in_that_account(two: TwoServices) -> None:
    """It was opened again before that took passkeys away."""
    planted = plant(two, "mallory")
    with two.db() as db:
        db.get_one(Person, two.people["mallory"].id).password_hash = ""
    answer_with_own_sign_in(two, fresh_invitation(two, "mallory"))
    assert two.joined("mallory")
    assert left_in(two, "mallory") == (0, 0)
    (entry,) = two.audit("south", "other_ways_in_taken_off")
    assert (entry.subject_id, entry.detail) == (two.people["mallory"].id, {"passkeys": 1, "organisation": 1})
    assert_shut_out(two, planted)
    assert two.change("mallory") == (302, "/")


def test_what_was_not_shown_for_the_other_account_opens_it_no_more(two: TwoServices) -> None:
    planted = plant(two, "south")
    two.has_app("south")
    two.sign_in("north")
    two.prove()
    two.join_by_password()
    two.browser.post(CODE, data={"app_code": two.code("south")})
    assert two.joined()
    assert left_in(two, "south") == (0, 0)
    assert_shut_out(two, planted)
    assert [each.subject_id for each in two.audit("south", "other_ways_in_taken_off")] == [two.people["south"].id]
    assert two.change("south")[0] == 302


def test_nor_what_was_not_shown_for_the_account_that_they_join_from(two: TwoServices) -> None:
    planted = plant(two, "south")
    two.has_app("south")
    two.sign_in("south")
    two.prove("south")
    two.join_by_password("north")
    assert two.joined()
    assert two.works_as() == "south"
    assert left_in(two, "south") == (0, 0)
    assert_shut_out(two, planted)


def test_the_passkeys_that_were_used_stay(two: TwoServices) -> None:
    own, others = has_passkey(two, "north"), has_passkey(two, "south")
    with two.db() as db:
        for name in ("north", "south"):
            person = db.get_one(Person, two.people[name].id)
            db.add(
                Passkey(
                    service_id=person.service_id,
                    person_id=person.id,
                    name="Another",
                    credential_id=f"of somebody else at {name}",
                    public_key="x",
                    sign_count=0,
                    created_at=two.now,
                )
            )
    two.later(seconds=1)
    press(two.browser, own, DOOR)
    two.later(seconds=1)
    two.prove()
    two.later(seconds=1)
    assert press(two.browser, others, f"{CODE}/passkey") == "/your-details/services"
    assert two.joined()
    assert [left_in(two, name)[0] for name in ("north", "south")] == [1, 1]
    for device in (own, others):
        assert press(two.app.test_client(), device, DOOR) == "/your-services"


def test_an_account_that_is_joined_with_one_nobody_saw_here_is_joined_from_there(two: TwoServices) -> None:
    """Sid joined it with an account of his own in the west: that would open the north."""
    with two.db() as db:
        make = Factory(db, two.now)
        sid = make.person(make.service("West"), Role.FACILITATOR, "Sid")
        join(db, [db.get_one(Person, two.people["south"].id), sid], [], two.now)
    two.people["west"] = sid
    two.sign_in("north")
    two.prove()
    two.join_by_password()
    assert JOIN_FROM_THERE.split(",")[0] in two.browser.get("/your-details/services").text
    assert not two.joined("north")
    two.sign_in("south")
    assert "West" in two.browser.get("/your-details/services").text, "there they see what it opens"
    two.prove("south")
    two.join_by_password("north")
    with two.db() as db:
        assert len(rows_with(db, two.people["north"].id)) == 3


def test_who_was_signed_out_while_they_waited_adds_no_second_step(two: TwoServices) -> None:
    two.sign_in("south")
    (place,) = two.open_ones("south")
    two.browser.post("/sign-out")
    secret = two.secrets["new"] = app_codes.new_secret()
    with two.db() as db, pytest.raises(NotPermitted, match="signed out"):
        person = db.get_one(Person, two.people["south"].id)
        second_step.set_up_app(
            db,
            actor=Factory(db, two.now).actor(person),
            person=person,
            secret=secret,
            code=two.code("new"),
            sealing=two.sealing,
            signed_in_id=place.id,
            now=two.now,
        )
