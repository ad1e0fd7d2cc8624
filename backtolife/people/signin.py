"""How people sign in: links and codes that are spent once, passwords for staff, devices that are remembered."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.db import Db
from backtolife.errors import Invalid, NotFound
from backtolife.people.access import Actor, System
from backtolife.people.models import LinkPurpose, Person, RememberedDevice, SignedIn, SignInLink
from backtolife.people.passwords import hash_password, password_fits

LINK_MINUTES = 15
LINK_LIFE = {
    LinkPurpose.SIGN_IN: timedelta(minutes=LINK_MINUTES),
    LinkPurpose.JOIN: timedelta(minutes=LINK_MINUTES),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
    LinkPurpose.INVITATION: timedelta(days=7),
}
CODE_TRIES = 5
PATIENT_STAY = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
STAFF_STAY = timedelta(hours=12)
DEVICE_LIFE = timedelta(days=90)
SPENT = "This link has been used, or it is too old. Ask for a new one: it takes a minute."
WRONG_CODE = "That code does not work. Check the newest message from us, or ask for a new code."


@dataclass(frozen=True)
class Issued:
    """A fresh link: the only moment at which its token and code are known."""

    link: SignInLink
    token: str
    code: str


def digest(secret: str) -> str:
    """What we keep of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def code_digest(person_id: str, code: str) -> str:
    """What we keep of a six-digit code, bound to its person so that equal codes do not look equal."""
    return digest(f"{person_id}:{code}")


def find_by_email(db: Db, email: str) -> list[Person]:
    """Everyone active under this address; more than one when two services know the same person."""
    wanted = select(Person).where(Person.email == email.strip().lower(), col(Person.active).is_(True))
    return list(db.exec(wanted))


def issue_link(db: Db, *, person: Person, purpose: LinkPurpose, now: datetime) -> Issued:
    """A new link with a token of 256 bits and a six-digit code; older unspent ones of the purpose stop working."""
    older = select(SignInLink).where(
        SignInLink.person_id == person.id, SignInLink.purpose == purpose, col(SignInLink.spent_at).is_(None)
    )
    for link in db.exec(older):
        link.spent_at = now
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06}"
    link = SignInLink(
        service_id=person.service_id,
        person_id=person.id,
        purpose=purpose,
        token_hash=digest(token),
        code_hash=code_digest(person.id, code),
        created_at=now,
        expires_at=now + LINK_LIFE[purpose],
    )
    db.add(link)
    return Issued(link, token, code)


def find_link(db: Db, *, token: str, purpose: LinkPurpose, now: datetime) -> SignInLink:
    """The live link behind `token`, still unspent. Raises NotFound for one that is unknown, spent or too old."""
    link = db.exec(select(SignInLink).where(SignInLink.token_hash == digest(token))).first()
    if link is None or link.purpose != purpose or link.spent_at is not None or link.expires_at <= now:
        raise NotFound(SPENT)
    return link


def spend_link(db: Db, *, token: str, purpose: LinkPurpose, now: datetime) -> Person:
    """Use the link up and return its person. Raises NotFound as `find_link` does."""
    link = find_link(db, token=token, purpose=purpose, now=now)
    link.spent_at = now
    return active_person(db, link.person_id)


def spend_code(db: Db, *, email: str, code: str, purpose: LinkPurpose, now: datetime) -> Person:
    """Use up the newest link of the person by its six digits. Raises Invalid; five wrong tries end the link."""
    for person in find_by_email(db, email):
        newest = select(SignInLink).where(SignInLink.person_id == person.id, SignInLink.purpose == purpose)
        link = db.exec(newest.order_by(col(SignInLink.created_at).desc()).limit(1)).first()
        if link is None or link.spent_at is not None or link.expires_at <= now or link.tries >= CODE_TRIES:
            continue
        link.tries += 1
        if hmac.compare_digest(link.code_hash, code_digest(person.id, code.strip().replace(" ", ""))):
            link.spent_at = now
            return person
    raise Invalid(WRONG_CODE, "code")


def sign_in_with_password(db: Db, *, email: str, password: str, now: datetime) -> Person:
    """The member of staff with this address and password. Raises Invalid with one answer for every failure."""
    people = [person for person in find_by_email(db, email) if person.is_staff]
    fitting = [person for person in people if password_fits(person.password_hash, password)]
    if not people:
        password_fits("", password)
    if not fitting:
        raise Invalid("That e-mail address and password do not go together. Check both and try again.", "password")
    actor = Actor(fitting[0].id, fitting[0].service_id, fitting[0].role)
    audit.record(db, actor=actor, action="signed_in", subject_type="person", subject_id=actor.id, now=now)
    return fitting[0]


def set_password(db: Db, *, person: Person, password: str, now: datetime) -> None:
    """Set a member of staff's password and end every place they are signed in. Raises Invalid for a weak one."""
    person.password_hash = hash_password(password)
    open_ones = select(SignedIn).where(SignedIn.person_id == person.id, col(SignedIn.ended_at).is_(None))
    for place in db.exec(open_ones):
        place.ended_at = now
    actor = Actor(person.id, person.service_id, person.role)
    audit.record(db, actor=actor, action="password_set", subject_type="person", subject_id=person.id, now=now)


def begin(db: Db, *, person: Person, now: datetime, joins_only: bool = False) -> str:
    """Sign the person in and return the secret for their browser's cookie."""
    token = secrets.token_urlsafe(32)
    stay = STAFF_STAY if person.is_staff else PATIENT_STAY
    place = SignedIn(
        service_id=person.service_id,
        person_id=person.id,
        token_hash=digest(token),
        started_at=now,
        seen_at=now,
        expires_at=now + stay,
        joins_only=joins_only,
    )
    db.add(place)
    return token


def find_signed_in(db: Db, *, token: str, now: datetime) -> tuple[SignedIn, Person] | None:
    """The open sign-in behind a cookie and its person, or None when it ended, ran out or idled out."""
    wanted = select(SignedIn, Person).join(Person, col(Person.id) == col(SignedIn.person_id))
    found = db.exec(wanted.where(SignedIn.token_hash == digest(token))).first()
    if found is None:
        return None
    place, person = found
    if place.ended_at is not None or place.expires_at <= now or not person.active:
        return None
    if person.is_staff and place.seen_at + STAFF_IDLE <= now:
        return None
    return place, person


def end(db: Db, *, token: str, now: datetime) -> None:
    """Sign out: the cookie's secret stops working."""
    place = db.exec(select(SignedIn).where(SignedIn.token_hash == digest(token))).first()
    if place is not None and place.ended_at is None:
        place.ended_at = now


def remember_device(db: Db, *, person: Person, now: datetime) -> str:
    """Remember this browser for the person's next group sessions and return the secret for its cookie."""
    token = secrets.token_urlsafe(32)
    device = RememberedDevice(
        service_id=person.service_id,
        person_id=person.id,
        token_hash=digest(token),
        created_at=now,
        expires_at=now + DEVICE_LIFE,
    )
    db.add(device)
    actor = Actor(person.id, person.service_id, person.role)
    audit.record(db, actor=actor, action="device_remembered", subject_type="person", subject_id=person.id, now=now)
    return token


def person_of_device(db: Db, *, token: str, now: datetime) -> Person | None:
    """Whose remembered device this is, or None."""
    device = db.exec(select(RememberedDevice).where(RememberedDevice.token_hash == digest(token))).first()
    if device is None or device.revoked_at is not None or device.expires_at <= now:
        return None
    person = db.get(Person, device.person_id)
    return person if person is not None and person.active else None


def forget_devices(db: Db, *, person: Person, now: datetime) -> int:
    """Revoke every remembered device of the person; returns how many there were."""
    kept = select(RememberedDevice).where(
        RememberedDevice.person_id == person.id, col(RememberedDevice.revoked_at).is_(None)
    )
    devices = list(db.exec(kept))
    for device in devices:
        device.revoked_at = now
    return len(devices)


def active_person(db: Db, person_id: str) -> Person:
    person = db.get(Person, person_id)
    if person is None or not person.active:
        raise NotFound(SPENT)
    return person


SYSTEM = "sign-in"


def system(service_id: str) -> System:
    """Signing in acts under its own name where nobody is signed in yet."""
    return System(SYSTEM, service_id)
