"""An e-mailed link that makes a new browser known, for a member of staff whom others' wrong passwords make wait.

Whoever opens it has the person's mailbox, and could choose a new password with it. It signs nobody in, so it is only
signed and not kept: in that browser the password is then counted apart from what others try.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.models import Person
from backtolife.people.request import settings
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import link_requests, signin
from backtolife.people.signing_in.messages import queue_to

ASKS = "browser"
"""Under which name its asking is counted."""
LIFE = timedelta(minutes=15)
SUBJECT = "Sign in without waiting"
BODY = (
    "Hello {name},\n\nSomebody has tried wrong passwords at your account, so new browsers have to wait. "
    "If you want to sign in now, open this link in the browser that you want to use: {link}\n\n"
    "Then sign in with your password. The link works for {minutes} minutes.\n\n"
    "If you did not ask for this, you can ignore it.\n\n{service}\n"
)


def serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(settings().secret_keys)), salt="browser-link")


def send(db: Db, *, email: str, address: Callable[[str], str], now: datetime) -> None:
    """Queue a link to every member of staff under this address; the same work for an address that nobody has."""
    staff = [person for person in signin.find_by_email(db, email) if person.is_staff]
    for person in staff:
        queue(db, person, address, now)
    somebody = None if staff else link_requests.somebody(db)
    message = queue(db, somebody, address, now) if somebody is not None else None
    if message is not None:
        db.flush()
        db.delete(message)
    db.flush()


def queue(db: Db, person: Person, address: Callable[[str], str], now: datetime) -> OutgoingMessage | None:
    token = serializer().dumps(person.id)
    return queue_to(
        db,
        person,
        key=f"browser:{secrets.token_hex(12)}",
        subject=SUBJECT,
        body=BODY,
        now=now,
        urgent=True,
        link=address(token),
        minutes=int(LIFE.total_seconds()) // 60,
    )


def owner(db: Db, token: str) -> Person:
    """Whose link it is. Raises NotFound for one that is too old, or not ours."""
    try:
        person_id = str(serializer().loads(token, max_age=int(LIFE.total_seconds())))
    except BadData:
        raise NotFound(signin.SPENT) from None
    person = signin.active_person(db, person_id)
    if not person.is_staff:
        raise NotFound(signin.SPENT)
    return person


def opened(db: Db, token: str, now: datetime) -> Person:
    """The person whose browser is known from now on, which goes on record. Raises NotFound as `owner` does."""
    person = owner(db, token)
    actor = acting_as(db, person)
    audit.record(db, actor=actor, action="browser_known", subject_type="person", subject_id=person.id, now=now)
    return person
