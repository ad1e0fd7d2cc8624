"""Asking for a link or a code: the same answer, the same work and the same limits for every address.

A code works only in the browser that asked for it, and somebody else who asks with your address changes nothing for
you: your link goes on working, and your own asking is counted apart from theirs.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import request, session
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.contact.routes import quiet_until
from backtolife.people.limits.throttle import TooOften
from backtolife.people.limits.throttles import by_address, check_address, check_caller, count_wrong
from backtolife.people.models import LinkPurpose, Person, Service
from backtolife.people.request import now
from backtolife.people.signing_in import known_browser, messages, signin
from backtolife.people.signing_in.shared_letters import queue_together
from backtolife.people.traces import security_log

ASKING = "asking"
"""Under which key the cookie keeps this browser's secret while a code is on its way."""


def refuse_too_often(email: str, purpose: str, moment: datetime) -> None:
    """Count one asking. Raises TooOften; a browser in which the person signed in before has a count of its own."""
    account, key = known_browser.account(email), known_browser.key_for(email)
    try:
        check_caller(request.remote_addr, moment)
        if key != account:
            by_address.check(f"{purpose}:{key}", moment)
        else:
            check_address(f"{purpose}:{account}", address=request.remote_addr, now=moment)
    except TooOften:
        security_log.note("throttled", account=email)
        raise


def this_browser() -> str:
    """The secret by which this browser shows that it asked; made when there is none."""
    if ASKING not in session:
        session[ASKING] = secrets.token_urlsafe(16)
    return str(session[ASKING])


def send_links(
    db: Db,
    *,
    email: str,
    purpose: LinkPurpose,
    wanted: Callable[[Person], bool],
    address: Callable[[str], str],
    now: datetime,
) -> None:
    """Queue a link for everyone under this address who is `wanted`; `address` makes a page's address of its token.

    Who share it get one letter. Then one asking serves them all, and counts once. At night no text goes to who may not
    have asked: their part is in the letter.

    For an address that nobody has the same rows are written, and taken away again before the end: whoever measures
    how long the answer takes learns nothing.
    """
    browser, ready = this_browser(), []
    holders = signin.find_by_email(db, email)
    for person in holders:
        if wanted(person):
            issued = signin.issue_link(db, person=person, purpose=purpose, now=now, browser=browser)
            ready.append(messages.Ready(person, issued, address(issued.token)))
    for service_id in dict.fromkeys(each.person.service_id for each in ready):
        here = [each for each in ready if each.person.service_id == service_id]
        is_shared = sum(1 for each in holders if each.service_id == service_id) > 1
        queue_links(db, here, is_shared=is_shared, now=now)
    if not ready:
        pretend(db, purpose=purpose, wanted=wanted, address=address, now=now)


def queue_links(db: Db, ready: Sequence[messages.Ready], *, is_shared: bool, now: datetime) -> None:
    """One letter for all who share the address, but for those who take texts and may be sent one now."""
    by_mail = [each for each in ready if not messages.link_number(each.person) or (is_shared and sleeps(db, each, now))]
    for each in ready:
        if each not in by_mail or len(by_mail) == 1:
            messages.queue_link(
                db,
                person=each.person,
                issued=each.issued,
                address=each.address,
                now=now,
                by_mail=each in by_mail,
            )
    if len(by_mail) > 1:
        queue_together(db, by_mail, now)


def sleeps(db: Db, ready: messages.Ready, now: datetime) -> bool:
    """Whether it is in the hours in which this person wants no text."""
    zone = db.get_one(Service, ready.person.service_id).zone
    return quiet_until(ready.person, zone=zone, now=now) is not None


def pretend(
    db: Db,
    *,
    purpose: LinkPurpose,
    wanted: Callable[[Person], bool],
    address: Callable[[str], str],
    now: datetime,
) -> None:
    """Do with somebody or other what is done for a known address, and take it back."""
    person = somebody(db)
    if person is None:
        return
    wanted(person)
    issued = signin.issue_link(db, person=person, purpose=purpose, now=now, browser=secrets.token_urlsafe(16))
    message = messages.queue_link(db, person=person, issued=issued, address=address(issued.token), now=now)
    db.flush()
    if message is not None:
        db.delete(message)
    db.delete(issued.link)
    db.flush()


def somebody(db: Db) -> Person | None:
    """Nobody of a rehearsal: for its made-up people no message is written, so the work would differ."""
    real = select(Person).join(Service, col(Service.id) == col(Person.service_id))
    return db.exec(real.where(col(Service.rehearsal).is_(False)).limit(1)).first()


def spend_code(db: Db, *, email: str, code: str, purpose: LinkPurpose) -> Person:
    """The person whose code this browser asked for. Raises Invalid, after the same work for every address."""
    try:
        return signin.spend_code(
            db, email=email, code=code, browser=str(session.get(ASKING, "")), purpose=purpose, now=now()
        )
    except Invalid:
        count_wrong(request.remote_addr, now())
        security_log.note("code_wrong", account=email)
        pretend(db, purpose=purpose, wanted=bool, address=str, now=now())
        raise
