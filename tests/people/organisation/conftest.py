"""A member of staff, the provider of their organisation, and a browser that goes between the two."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from tests.support.factories import Factory
from tests.support.people.at_organisation import AtOrganisation
from tests.support.people.provider import MadeUpProvider, made_up_provider


@pytest.fixture
def provider() -> Iterator[MadeUpProvider]:
    with made_up_provider() as found:
        yield found


@pytest.fixture
def there(site: Flask, provider: MadeUpProvider, monkeypatch: pytest.MonkeyPatch) -> AtOrganisation:
    """Grace, who was invited and has not answered; her organisation knows her under the same address."""
    start = clock.now()
    with session_scope(site.extensions["backtolife.engine"]) as db:
        make = Factory(db, start)
        make.noise()
        person = make.invited(make.service(), Role.CLINICAL_LEAD, "Grace")
    provider.user["email"] = person.email
    found = AtOrganisation(site, provider, person, start)
    found.use()
    monkeypatch.setattr(clock, "now", lambda: found.now)
    return found
