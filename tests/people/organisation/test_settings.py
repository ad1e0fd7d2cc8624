"""Settings of the organisation's provider: taken whole, or refused in words that name the variable."""

from pathlib import Path

import pytest

from backtolife.errors import Invalid
from backtolife.people.models import Role
from backtolife.people.organisation.settings import read

WHOLE = {
    "OIDC_ISSUER": "https://login.example.org/realms/one",
    "OIDC_CLIENT_ID": "backtolife",
    "OIDC_CLIENT_SECRET": "a secret",
}


def test_without_an_issuer_there_is_no_provider() -> None:
    assert read({"OIDC_CLIENT_ID": "left over"}) is None


def test_the_secrets_are_in_no_text_about_the_settings(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text("the private key")
    found = read({**WHOLE, "OIDC_CLIENT_SECRET": "", "OIDC_PRIVATE_KEY_FILE": str(key)})
    assert found is not None
    assert found.private_key == "the private key"
    assert "the private key" not in repr(found)
    assert "a secret" not in repr(read(WHOLE))


def test_the_table_of_roles_names_a_claim_and_values() -> None:
    found = read({**WHOLE, "OIDC_ROLES": "groups: a=b=facilitator, leads=clinical_lead, leads=service_lead"})
    assert found is not None
    assert found.roles_claim == "groups"
    leads = frozenset({Role.CLINICAL_LEAD, Role.SERVICE_LEAD})
    assert found.roles == {"a=b": frozenset({Role.FACILITATOR}), "leads": leads}
    assert not found.clinical_by_directory


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"OIDC_ISSUER": "http://login.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "login.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://login.example.org/?tenant=1"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://me:word@login.example.org/"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_PRIVATE_KEY_FILE": "/nowhere/key.pem"}, "OIDC_PRIVATE_KEY_FILE"),
        ({"OIDC_ROLES": "groups"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": "groups: leads"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": "groups: leads=patient"}, "OIDC_ROLES"),
        ({"OIDC_ROLES": ": leads=facilitator"}, "OIDC_ROLES"),
        ({"OIDC_CLINICAL_ROLES": "maybe"}, "OIDC_CLINICAL_ROLES"),
        ({"STAFF_PASSWORDS": "0"}, "STAFF_PASSWORDS"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changed: dict[str, str], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        read({**WHOLE, **changed})
