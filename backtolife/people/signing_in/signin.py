"""How people sign in: links and codes that are spent once, passwords for staff, devices that are remembered."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Update, update
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Invalid, NotFound
from backtolife.people.access import System
from backtolife.people.models import LinkPurpose, Person, SignedIn, SignInLink
from backtolife.people.numbers import code_kept

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


def issue_link(db: Db, *, person: Person, purpose: LinkPurpose, now: datetime, browser: str = "") -> Issued:
    """A new link with a token of 256 bits and a six-digit code, which works only in the `browser` that asked.

    Older unspent ones of the purpose that the same browser asked for stop working; what another browser asked for, or
    somebody else with this address, goes on.
    """
    browser_hash = digest(browser) if browser else ""
    older = select(SignInLink).where(
        SignInLink.person_id == person.id,
        SignInLink.purpose == purpose,
        SignInLink.browser_hash == browser_hash,
        col(SignInLink.spent_at).is_(None),
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
        browser_hash=browser_hash,
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
    """Use the link up and return its person. Raises NotFound as `find_link` does, also for the second at once."""
    link = find_link(db, token=token, purpose=purpose, now=now)
    if not spend(db, link, now):
        raise NotFound(SPENT)
    return active_person(db, link.person_id)


def spend_code(db: Db, *, email: str, code: str, browser: str, purpose: LinkPurpose, now: datetime) -> Person:
    """Use up, by its six digits, the newest link that this browser asked for. Raises Invalid.

    Five tries end the link, however many come at once: each is counted before the code is looked at.
    """
    digits = code_kept(code)
    newest = select(SignInLink, Person).join(Person, col(Person.id) == col(SignInLink.person_id))
    asked = newest.where(
        SignInLink.browser_hash == digest(browser or secrets.token_urlsafe(16)),
        SignInLink.purpose == purpose,
        Person.email == email.strip().lower(),
        col(Person.active).is_(True),
    )
    seen: set[str] = set()
    for link, person in db.exec(asked.order_by(col(SignInLink.created_at).desc())).all():
        if person.id in seen:
            continue
        seen.add(person.id)
        fits = hmac.compare_digest(link.code_hash, code_digest(person.id, digits))
        if count_try(db, link, now) and fits and spend(db, link, now):
            return person
    raise Invalid(WRONG_CODE, "code")


def count_try(db: Db, link: SignInLink, now: datetime) -> bool:
    """Count one more try at the link, in one statement; False when it is over, or had its five."""
    counted = (
        update(SignInLink)
        .where(
            col(SignInLink.id) == link.id,
            col(SignInLink.tries) < CODE_TRIES,
            col(SignInLink.spent_at).is_(None),
            col(SignInLink.expires_at) > now,
        )
        .values(tries=col(SignInLink.tries) + 1)
    )
    return rows_changed(db, counted) == 1


def spend(db: Db, link: SignInLink, now: datetime) -> bool:
    """Use the link up, and with it what else was sent to the person for the same; False when somebody was quicker."""
    db.flush()
    unspent = update(SignInLink).where(col(SignInLink.spent_at).is_(None)).values(spent_at=now)
    if rows_changed(db, unspent.where(col(SignInLink.id) == link.id)) != 1:
        return False
    others = (col(SignInLink.person_id) == link.person_id, col(SignInLink.purpose) == link.purpose)
    rows_changed(db, unspent.where(*others))
    db.refresh(link)
    return True


def rows_changed(db: Db, statement: Update) -> int:
    found = cast("CursorResult[Any]", db.connection().execute(statement))
    return found.rowcount


def begin(
    db: Db,
    *,
    person: Person,
    now: datetime,
    browser: str = "",
    joins_only: bool = False,
    sets_up_only: bool = False,
    second: str = "",
) -> str:
    """Sign the person in and return the secret for their browser's cookie. `second`: what staff showed besides."""
    token = secrets.token_urlsafe(32)
    stay = STAFF_STAY if person.is_staff else PATIENT_STAY
    signed_in = SignedIn(
        service_id=person.service_id,
        person_id=person.id,
        token_hash=digest(token),
        started_at=now,
        seen_at=now,
        expires_at=now + stay,
        browser=browser,
        joins_only=joins_only,
        sets_up_only=sets_up_only,
        second=second,
    )
    db.add(signed_in)
    return token


def find_signed_in(db: Db, *, token: str, now: datetime) -> tuple[SignedIn, Person] | None:
    """The open sign-in behind a cookie and its person, or None when it ended, ran out or idled out."""
    wanted = select(SignedIn, Person).join(Person, col(Person.id) == col(SignedIn.person_id))
    found = db.exec(wanted.where(behind(token))).first()
    return found if found is not None and is_open(*found, now) else None


def behind(token: str) -> ColumnElement[bool]:
    """The condition on rows of sign-ins that this is the secret of their cookie."""
    return col(SignedIn.token_hash) == digest(token)


def is_open(signed_in: SignedIn, person: Person, now: datetime) -> bool:
    """Whether somebody who signed in so is still signed in."""
    if signed_in.ended_at is not None or signed_in.expires_at <= now or not person.active:
        return False
    return not person.is_staff or signed_in.seen_at + STAFF_IDLE > now


def was_used_by(db: Db, *, token: str, person_id: str) -> bool:
    """Whether this is a sign-in link of that person that has been used."""
    link = db.exec(select(SignInLink).where(SignInLink.token_hash == digest(token))).first()
    used = link is not None and link.purpose == LinkPurpose.SIGN_IN and link.spent_at is not None
    return used and link is not None and link.person_id == person_id


def person_behind(db: Db, *, token: str) -> Person | None:
    """Whose sign-in this is or was; that it ended does not matter."""
    if not token:
        return None
    theirs = col(SignedIn.person_id) == col(Person.id)
    return db.exec(select(Person).join(SignedIn, theirs).where(behind(token))).first()


def end(db: Db, *, token: str, now: datetime) -> None:
    """Sign out: the cookie's secret stops working."""
    signed_in = db.exec(select(SignedIn).where(SignedIn.token_hash == digest(token))).first()
    if signed_in is not None and signed_in.ended_at is None:
        signed_in.ended_at = now


def end_all(db: Db, *, person: Person, now: datetime) -> int:
    """Sign the person out wherever they are signed in; returns in how many browsers they were."""
    open_ones = select(SignedIn).where(SignedIn.person_id == person.id, col(SignedIn.ended_at).is_(None))
    rows = list(db.exec(open_ones))
    for row in rows:
        row.ended_at = now
    return len(rows)


def spend_links(db: Db, *, person: Person, now: datetime) -> int:
    """Every link and code that the person was sent stops working; returns how many there were."""
    unspent = select(SignInLink).where(SignInLink.person_id == person.id, col(SignInLink.spent_at).is_(None))
    links = list(db.exec(unspent.with_for_update()))
    for link in links:
        link.spent_at = now
    return len(links)


def active_person(db: Db, person_id: str) -> Person:
    person = db.get(Person, person_id)
    if person is None or not person.active:
        raise NotFound(SPENT)
    return person


SYSTEM = "sign-in"


def system(service_id: str) -> System:
    """Signing in acts under its own name where nobody is signed in yet."""
    return System(SYSTEM, service_id)
