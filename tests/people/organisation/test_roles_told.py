"""Roles by the organisation's directory."""

from typing import Any

import pytest

from backtolife.database.session import session_scope
from backtolife.people.models import Person, Role
from backtolife.people.organisation.roles_told import NO_ROLE
from backtolife.people.roles import give
from tests.support.people.at_organisation import AtOrganisation

TABLE = {
    "leads": frozenset({Role.CLINICAL_LEAD}),
    "team": frozenset({Role.FACILITATOR}),
    "office": frozenset({Role.SERVICE_LEAD}),
    "it": frozenset({Role.ADMINISTRATOR}),
}


def told(there: AtOrganisation, *groups: str, **settings: Any) -> set[str]:
    """What they hold after signing in while the directory says this."""
    there.use(roles_claim="groups", roles=TABLE, **settings)
    there.provider.user["groups"] = list(groups)
    status, page = there.sign_in(there.app.test_client())
    assert status == 302, page
    return there.roles()


def test_what_the_directory_confirms_stays_and_what_it_names_besides_comes(there: AtOrganisation) -> None:
    assert told(there, "leads", "office") == {"clinical_lead", "service_lead"}


def test_a_claim_alone_makes_nobody_clinical(there: AtOrganisation) -> None:
    assert told(there, "leads", "team") == {"clinical_lead"}


def test_the_directory_makes_clinical_where_the_service_says_that_it_decides(there: AtOrganisation) -> None:
    assert told(there, "team", clinical_by_directory=True) == {"facilitator"}


def test_what_the_directory_took_away_it_may_give_back(there: AtOrganisation) -> None:
    assert told(there, "office") == {"service_lead"}
    assert told(there, "office", "leads") == {"clinical_lead", "service_lead"}


def test_a_role_that_the_table_does_not_name_stays(there: AtOrganisation) -> None:
    with session_scope(there.app.extensions["backtolife.engine"]) as db:
        give(db, person=db.get_one(Person, there.person.id), roles={Role.DUTY_CLINICIAN}, now=there.now)
    assert told(there, "office") == {"duty_clinician", "service_lead"}


def test_who_would_have_no_role_left_stays_outside(there: AtOrganisation) -> None:
    there.use(roles_claim="groups", roles=TABLE)
    status, page = there.sign_in()
    assert (status, NO_ROLE in page) == (400, True)
    assert there.roles() == {"clinical_lead"}


def test_the_last_administrator_stays_one(there: AtOrganisation) -> None:
    assert told(there, "leads", "it") == {"administrator", "clinical_lead"}
    assert told(there, "leads") == {"administrator", "clinical_lead"}


@pytest.mark.parametrize("said", ["office", ["office"], [{"a": 1}, "office", 7]])
def test_the_claim_may_lie_inside_another_and_be_a_word_or_a_list(there: AtOrganisation, said: object) -> None:
    there.use(roles_claim="realm_access.roles", roles=TABLE)
    there.provider.user["realm_access"] = {"roles": said}
    assert there.sign_in()[0] == 302
    assert there.roles() == {"service_lead"}
