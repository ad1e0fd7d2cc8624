"""Two accounts become one sign-in, once somebody has shown in one browser that both are theirs."""

from collections.abc import Sequence
from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db, new_id
from backtolife.errors import Conflict
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Service
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.linked.accounts import hold, rows_with
from backtolife.people.signing_in.linked.models import LinkedAccount
from backtolife.people.signing_in.messages import queue_to

SAME_SERVICE = "That account is of the service you work for now. Sign in with the one of the other service."
CHANGED = "That account was changed a moment ago. Nothing was joined. Please start again."
ALREADY = "One sign-in opens these services already. Nothing was changed."
JOIN_FROM_THERE = (
    "That account is joined with another service already. Sign in there, look which services it opens, and join this "
    "one from there."
)
TWICE = "You have another account in one of these services already. Ask an administrator there to switch one off."
SUBJECT = "Your sign-in opens another service too"
BODY = (
    "Hello {name},\n\nFrom now on one sign-in opens {service} and another service where you work. If that was you, "
    "there is nothing to do. What else opened your account by itself was taken off: passkeys that you had not just "
    "used, and another sign-in at your organisation. Add a passkey again when you need it, under Your details, How you "
    "sign in.\n\nIf it was not, sign in at once and end it: Your details, How you sign in, The services you work for. "
    "Tell an administrator of your service as well.\n\n{service}\n"
)


def link(db: Db, *, actor: Actor, person: Person, other: Person, proven: str, way: str, now: datetime) -> None:
    """From now on either sign-in opens both. The edge has seen the person show that both accounts are theirs, at this
    moment: `way` says how for the other one, and `proven` is its password's hash when it was looked at.

    Raises Conflict for accounts that cannot be one person's, and for one that has changed since.
    """
    authorise(actor, "account.services", person)
    hold(db)
    for each in (person, other):
        db.refresh(each)
    if not (person.active and other.active and other.is_staff) or other.password_hash != proven:
        raise Conflict(CHANGED)
    services = [db.get_one(Service, each.service_id) for each in (person, other)]
    if services[0].id == services[1].id or any(each.rehearsal for each in services):
        raise Conflict(SAME_SERVICE)
    mine, theirs = rows_with(db, person.id), rows_with(db, other.id)
    if mine and theirs and mine[0].link_id == theirs[0].link_id:
        raise Conflict(ALREADY)
    if theirs:  # nobody saw here with what: somebody else may have joined it with an account of their own
        raise Conflict(JOIN_FROM_THERE)
    if other.service_id in {each.service_id for each in mine}:
        raise Conflict(TWICE)
    join(db, (person, other), mine, now)
    for each in (person, other):
        note(db, each, way if each is other else "signed in", now)
        key = f"linked:{each.id}:{now.isoformat()}"
        queue_to(db, each, key=key, subject=SUBJECT, body=BODY, now=now)


def join(db: Db, people: Sequence[Person], rows: Sequence[LinkedAccount], now: datetime) -> None:
    """Put both accounts, and what each was linked with before, into one link."""
    link_id = rows[0].link_id if rows else new_id()
    for row in rows:
        row.link_id = link_id
    known = {row.person_id for row in rows}
    for each in people:
        if each.id not in known:
            db.add(LinkedAccount(service_id=each.service_id, person_id=each.id, link_id=link_id, linked_at=now))
    db.flush()


def note(db: Db, person: Person, way: str, now: datetime) -> None:
    """In the log of each service, with nothing of the other one in it."""
    actor = acting_as(db, person)
    audit.record(
        db, actor=actor, action="accounts_linked", subject_type="person", subject_id=person.id, now=now, way=way
    )
