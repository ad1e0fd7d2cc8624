"""Asking a page as somebody of the first service."""

from flask.testing import FlaskClient

from backtolife.people.models import Role
from tests.access.test_every_route import World

PASSWORD = "three quiet green hills"


def client(world: World, role: Role = Role.CLINICAL_LEAD) -> FlaskClient:
    found = world.app.test_client()
    with found.session_transaction() as session:
        session["signed_in"] = world.here.tokens[role]
    return found
