"""What the pages of one's services know of the request in hand."""

from flask import g, request

from backtolife.people.models import SignedIn
from backtolife.people.request import db
from backtolife.people.signing_in.browser_names import name_of

GIVEN = "other_service_given"
"""Under which key the cookie keeps the other account while its code is asked for."""
CHANGES = "other_service_changes"
"""Whether that code is for changing to the account, and not for joining it."""


def signed_in_here() -> SignedIn:
    """The sign-in in hand."""
    return db().get_one(SignedIn, g.signed_in_id)


def browser_here() -> str:
    return name_of(request.headers.get("User-Agent", ""))
