"""Signing in at the organisation: who gets in, and who does not."""

from datetime import timedelta

import pytest
from joserfc.jwk import RSAKey
from sqlmodel import select

from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role, SignInLink
from backtolife.people.organisation.matching import ANOTHER, CLOSED, NOT_INVITED, NOT_VERIFIED
from backtolife.people.signing_in.passwords import hash_password
from backtolife.people.working import can_work
from tests.support.factories import Factory
from tests.support.people.at_organisation import AtOrganisation
from tests.support.people.phone import PASSWORD
from tests.support.people.provider import MadeUpProvider, new_key


def test_the_button_leads_an_invited_colleague_in_and_to_where_they_were_going(there: AtOrganisation) -> None:
    page = there.browser.get("/staff/sign-in?next=/tasks").text
    assert "Sign in with Leeds Hospital" in page
    assert there.sign_in() == (302, "/tasks")
    assert there.is_in()
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        found = db.exec(select(AuditEntry.detail).where(AuditEntry.action == "signed_in")).all()
        assert found == [{"second": "organisation"}]
        assert db.get_one(Person, there.person.id).password_hash == "!"


def test_without_a_provider_there_is_no_button_and_no_page(there: AtOrganisation) -> None:
    there.app.extensions["backtolife.organisation"] = None
    assert "organisation" not in there.browser.get("/staff/sign-in").text
    assert there.browser.get("/staff/sign-in/organisation").status_code == 404
    assert there.browser.get("/staff/sign-in/organisation/back?code=a&state=b").status_code == 404


def test_their_second_factor_counts_and_how_they_were_recognised_is_kept(there: AtOrganisation) -> None:
    there.provider.user.update(acr="AAL3", amr=["hwk", "pin"])
    assert there.sign_in()[0] == 302
    assert [(each.acr, each.amr) for each in there.sign_ins()] == [("AAL3", "hwk,pin")]


def test_a_weaker_recognition_than_the_site_asks_for_lets_nobody_in(there: AtOrganisation) -> None:
    there.use(acr="AAL3 AAL2")
    there.provider.user["acr"] = "AAL1"
    assert there.sign_in()[0] == 400
    there.provider.user["acr"] = "AAL2"
    assert there.sign_in()[0] == 302


def test_the_second_time_the_subject_counts_and_not_the_address(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.browser.post("/sign-out")
    assert not there.is_in()
    there.provider.user.update(email="married@example.org", email_verified=False)
    assert there.sign_in()[0] == 302
    assert there.is_in()
    assert len(there.accounts()) == 1


def test_who_was_not_invited_stays_outside_and_nobody_is_made(there: AtOrganisation) -> None:
    there.provider.user["email"] = "stranger@example.org"
    status, page = there.sign_in()
    assert (status, NOT_INVITED in page) == (400, True)
    assert not there.is_in()
    assert there.accounts() == []


def test_a_patient_under_that_address_is_no_colleague(there: AtOrganisation) -> None:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, there.now)
        patient = make.person(make.service(), Role.PATIENT)
        patient.email = "pat@example.org"
    there.provider.user["email"] = "pat@example.org"
    status, page = there.sign_in()
    assert (status, NOT_INVITED in page) == (400, True)


@pytest.mark.parametrize("said", [False, None, "yes"])
def test_an_address_that_is_not_verified_links_nobody(there: AtOrganisation, said: object) -> None:
    there.provider.user["email_verified"] = said
    status, page = there.sign_in()
    assert (status, NOT_VERIFIED in page) == (400, True)
    assert there.accounts() == []


def test_entra_vouches_for_an_address_in_its_own_words(there: AtOrganisation) -> None:
    del there.provider.user["email_verified"]
    there.provider.user["xms_edov"] = True
    assert there.sign_in()[0] == 302


def test_an_address_that_went_to_somebody_else_there_opens_no_account_here(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.provider.user["sub"] = "u-2"
    status, page = there.sign_in(there.app.test_client())
    assert (status, ANOTHER in page) == (400, True)


def test_a_colleague_who_is_switched_off_here_stays_outside(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.change(active=False)
    assert not there.is_in()
    status, page = there.sign_in()
    assert (status, CLOSED in page) == (400, True)


def test_an_account_that_is_opened_again_is_one_that_can_work(there: AtOrganisation) -> None:
    assert there.sign_in()[0] == 302
    there.change(active=False, password_hash="")
    there.change(active=True)
    assert there.sign_in(there.app.test_client())[0] == 302
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        assert can_work(db.get_one(Person, there.person.id))


def test_the_invitation_that_lies_in_their_mailbox_opens_nothing_any_more(there: AtOrganisation) -> None:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        db.add(
            SignInLink(
                service_id=there.person.service_id,
                person_id=there.person.id,
                purpose="invitation",
                token_hash="x" * 64,
                created_at=there.now,
                expires_at=there.now + timedelta(days=1),
            )
        )
    assert there.sign_in()[0] == 302
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(SignInLink.spent_at)).one() is not None


def test_an_address_that_only_userinfo_says_is_taken_when_it_is_about_the_same_person(there: AtOrganisation) -> None:
    email = there.provider.user.pop("email")
    there.provider.about = {"sub": "u-9", "email": email, "email_verified": True}
    assert there.sign_in()[0] == 400
    there.provider.about["sub"] = "u-1"
    assert there.sign_in()[0] == 302


def test_a_key_shows_who_we_are_in_place_of_a_secret(there: AtOrganisation, provider: MadeUpProvider) -> None:
    key = new_key("ours")
    provider.client_key = RSAKey.import_key(key.as_pem(private=False))
    there.use(client_secret="", private_key=key.as_pem(private=True).decode())
    assert there.sign_in()[0] == 302
    assert provider.refused == []


def test_where_passwords_open_nothing_the_page_shows_one_way_and_takes_no_other(there: AtOrganisation) -> None:
    there.use(passwords=False)
    page = there.browser.get("/staff/sign-in").text
    assert "Sign in with Leeds Hospital" in page
    assert "password" not in page.lower()
    there.change(password_hash=hash_password(PASSWORD))
    given = {"email": there.person.email, "password": PASSWORD}
    assert there.browser.post("/staff/sign-in", data=given).status_code == 403
    assert not there.is_in()
    assert there.sign_in()[0] == 302
    there.use()
    assert there.app.test_client().post("/staff/sign-in", data=given).status_code == 302
