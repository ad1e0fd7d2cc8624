"""Signing in at the organisation, for somebody whose one sign-in opens two services."""

import pytest

from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.signing_in.linked.accounts import are_linked
from backtolife.people.signing_in.linked.linking import join
from tests.support.factories import Factory
from tests.support.people.at_organisation import AtOrganisation


@pytest.fixture
def elsewhere(there: AtOrganisation) -> Person:
    """Her account in another service, under another address."""
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        make = Factory(db, there.now)
        return make.person(make.service("South Pain Service"), Role.FACILITATOR, "Grace")


def are_joined(there: AtOrganisation, other: Person) -> None:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        join(db, [db.get_one(Person, each.id) for each in (there.person, other)], [], there.now)


def joined(there: AtOrganisation, other: Person) -> bool:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        return are_linked(db, there.person.id, other.id)


def change(there: AtOrganisation, to: Person) -> tuple[int, str]:
    answer = there.browser.post("/your-services/change", data={"account": to.id})
    return answer.status_code, answer.headers.get("Location", "") or answer.text


def works_on(there: AtOrganisation, minutes: int) -> None:
    for _ in range(minutes):
        there.later(minutes=1)
        there.ask_again()
        there.is_in()


def test_the_organisations_sign_in_goes_on_in_the_other_service_for_as_long_as_it_says_so(
    there: AtOrganisation, elsewhere: Person
) -> None:
    there.sign_in()
    are_joined(there, elsewhere)
    assert there.sign_in()[0] == 302
    assert change(there, elsewhere) == (302, "/")
    works_on(there, 40)
    assert there.is_in()
    there.provider.welcome = False
    works_on(there, 15)
    assert not there.is_in()


def test_the_service_is_chosen_after_the_organisation_too(there: AtOrganisation, elsewhere: Person) -> None:
    there.sign_in()
    are_joined(there, elsewhere)
    there.browser.post("/sign-out")
    assert there.sign_in() == (302, "/your-services")


def test_an_account_of_the_organisation_found_by_one_address_opens_no_service_with_another_one(
    there: AtOrganisation, elsewhere: Person
) -> None:
    are_joined(there, elsewhere)
    assert there.sign_in() == (302, "/")
    assert not joined(there, elsewhere)
    assert change(there, elsewhere)[0] == 404


def test_a_first_sign_in_there_takes_its_locks_as_whoever_switches_an_account_off_does(
    there: AtOrganisation, elsewhere: Person
) -> None:
    """The roles that it tells change staff of the service, and that comes before the links: `lock_order` looks."""
    are_joined(there, elsewhere)
    there.use(roles_claim="groups", roles={"leads": frozenset({Role.CLINICAL_LEAD})})
    there.provider.user["groups"] = ["leads"]
    assert there.sign_in() == (302, "/")
    assert not joined(there, elsewhere)
    assert there.roles() == {Role.CLINICAL_LEAD}


def test_where_both_have_the_address_that_it_vouches_for_they_stay_joined(
    there: AtOrganisation, elsewhere: Person
) -> None:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        db.get_one(Person, elsewhere.id).email = there.person.email
    assert there.sign_in()[0] == 400, "one address in two services says nothing by itself"
    are_joined(there, elsewhere)
    assert there.sign_in() == (302, "/your-services")
    assert joined(there, elsewhere)
