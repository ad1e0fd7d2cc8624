"""Programs that read results: let one in, shut one out, and know who knocks."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from backtolife import audit
from backtolife.audit import AuditEntry
from backtolife.database.session import Db
from backtolife.errors import BacktolifeError, Invalid, NotFound
from backtolife.people.access import Actor, Client, authorise
from backtolife.people.models import Person
from backtolife.people.permissions import CLIENT_SCOPES
from backtolife.people.signing_in.signin import digest
from backtolife.reporting.api.models import ApiClient

LONGEST_NAME = 60
LIVES = (30, 90, 365)
"""For how many days a token may be good."""
MARK = "btl_"
"""Stands before each token, so that one that was published by mistake can be found and is known for what it is."""
NO_CLIENT = "We could not find that program. It may have been removed."
SIGN_IN_AGAIN = "Enter your password once more, because a program will read people's answers."


class NotKnown(BacktolifeError):
    """A request without a token that works."""

    status = 401


@dataclass(frozen=True)
class Known:
    """A program on the page: who let it in, and when it last read something."""

    client: ApiClient
    by: str
    last_read: datetime | None
    works: bool


def create(
    db: Db, *, actor: Actor, name: str, scopes: Collection[str], days: int, confirmed: bool, now: datetime
) -> tuple[ApiClient, str]:
    """Give a program access; the second of the two is its token, known at no other moment.

    Only a service lead may: a token takes results away, and an administrator sees none.
    `confirmed` says that the person has signed in again just now. Raises Invalid.
    """
    authorise(actor, "client.create", actor)
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Invalid(f"Give the program a name of at most {LONGEST_NAME} characters.", "name")
    if not scopes or not set(scopes) <= CLIENT_SCOPES:
        raise Invalid("Choose what the program may read.", "scopes")
    if days not in LIVES:
        raise Invalid("Choose one of the times shown.", "days")
    if not confirmed:
        raise Invalid(SIGN_IN_AGAIN, "password")
    token = MARK + secrets.token_urlsafe(32)
    client = ApiClient(
        service_id=actor.service_id,
        name=name.strip(),
        token_hash=digest(token),
        scopes=sorted(scopes),
        created_by=actor.id,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.add(client)
    db.flush()
    note(db, actor, client, "client_created", now, scopes=client.scopes, days=days)
    return client, token


def revoke(db: Db, *, actor: Actor, client_id: str, now: datetime) -> ApiClient:
    """Shut a program out at once. Raises NotFound."""
    client = db.get(ApiClient, client_id)
    if client is None:
        raise NotFound(NO_CLIENT)
    authorise(actor, "client.manage", client)
    if client.revoked_at is None:
        client.revoked_by, client.revoked_at = actor.id, now
        note(db, actor, client, "client_revoked", now)
    return client


def note(db: Db, actor: Actor, client: ApiClient, action: str, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="api_client", subject_id=client.id, now=now, **detail)


def clients_of(db: Db, *, actor: Actor, now: datetime) -> list[Known]:
    """Every program that was ever let in, the newest first."""
    authorise(actor, "client.manage", actor)
    wanted = select(ApiClient, Person.shown_name).join(Person, col(Person.id) == col(ApiClient.created_by))
    rows = db.exec(wanted.where(ApiClient.service_id == actor.service_id).order_by(col(ApiClient.created_at).desc()))
    found = []
    for client, by in rows.all():
        last = select(func.max(AuditEntry.at)).where(AuditEntry.actor_id == client.id, AuditEntry.action == "api_read")
        found.append(Known(client, by, db.exec(last).one(), client.works(now)))
    return found


def admit(db: Db, *, header: str, now: datetime) -> Client:
    """The program behind an Authorization header. Raises NotKnown where its token does not work."""
    scheme, _, token = header.partition(" ")
    client = None
    if scheme.lower() == "bearer" and token:
        client = db.exec(select(ApiClient).where(ApiClient.token_hash == digest(token.strip()))).first()
    if client is None or not client.works(now):
        raise NotKnown("Send a token that works as “Authorization: Bearer …”. Your service lead can make one.")
    return Client(client.id, client.service_id, frozenset(client.scopes))
