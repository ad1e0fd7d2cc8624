"""What is said to who proposed a role: who has to say yes, or that nobody can and what to do."""

from collections.abc import Collection

from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.people.models import Person, Role
from backtolife.people.role_words import in_words
from backtolife.people.second_person.proposing import nobody_can_confirm

NOBODY = (
    "But nobody else in your service can, so it would wait for ever. Ask whoever looks after the computer to say yes "
    "on the server, with: backtolife staff confirm-role"
)


def said_of(db: Db, *, actor: Acting, person: Person, waits: Collection[Role]) -> str:
    """A sentence or two about the roles that wait; empty where none does."""
    if not waits:
        return ""
    said = f"A second person has to confirm this: {in_words(waits).lower()}."
    return f"{said} {NOBODY}" if nobody_can_confirm(db, actor=actor, person=person) else said
