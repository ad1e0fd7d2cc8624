"""What a request does with a password: look the account up, let go of the database, look at the password, write."""

from collections.abc import Collection

from flask import request, session

from backtolife.errors import Invalid
from backtolife.people.limits.throttle import TooOften
from backtolife.people.limits.throttles import count_wrong, passwords, refuse_caller
from backtolife.people.models import LinkPurpose, Person, Service
from backtolife.people.request import db, give_up_place, now, reading_db, release_db
from backtolife.people.signing_in import known_browser, password_signin, signin, step_up
from backtolife.people.signing_in.linked.accounts import hold
from backtolife.people.signing_in.passwords import Busy, hash_password
from backtolife.people.traces import security_log


def sign_in(email: str, password: str, *, but: Collection[str] = ()) -> Person:
    """Whose password this is, of staff outside the services `but`. Raises Invalid with one answer for every failure,
    TooOften, or Busy.
    """
    key = known_browser.key_for(email)
    try:
        if key == known_browser.account(email):  # what others send from its network is not a known browser's fault
            refuse_caller(request.remote_addr, now())
        passwords.begin(key, now())
    except TooOften:
        security_log.note("throttled", account=email)
        raise
    release_db()
    give_up_place()
    with reading_db() as handle:
        found = password_signin.candidates(handle, email, but)
    try:
        person = password_signin.opened(db(), password_signin.fitting(found, password))
    except Invalid:
        count_wrong(request.remote_addr, now())
        security_log.note("password_wrong", account=email)
        raise
    except Busy:
        passwords.take_back(key)
        raise
    passwords.clear(key)
    return person


def choose(token: str, purpose: LinkPurpose, password: str) -> Person:
    """Spend the link and keep the new password. Raises Invalid for a weak one (the link stays), NotFound, or Busy."""
    release_db()
    give_up_place()
    with reading_db() as handle:
        link = signin.find_link(handle, token=token, purpose=purpose, now=now())
        who, service = handle.get_one(Person, link.person_id), handle.get_one(Service, link.service_id)
        own = (who.email, who.full_name, service.name, service.short_name)
    password_hash = hash_password(password, own)
    hold(db())  # before the link's row: who switches an account off comes to that row from the other side
    person = signin.spend_link(db(), token=token, purpose=purpose, now=now())
    password_signin.set_password(db(), person=person, password_hash=password_hash, now=now())
    passwords.clear(known_browser.account(person.email))
    return person


def confirm(password: str) -> None:
    """The person behind this cookie gives their password once more. Raises Invalid, TooOften, or Busy."""
    token = session.get("signed_in", "")
    release_db()
    give_up_place()
    with reading_db() as handle:
        who = step_up.asked(handle, token=token, now=now())
    try:
        step_up.check(who, password, now())
    except Invalid:
        security_log.note("password_wrong_again", account=who.person_id)
        raise
    except TooOften as error:
        security_log.note("throttled", account=who.person_id)
        raise Invalid(error.message, "password") from None
    step_up.confirm(db(), token=token, now=now())


def is_fresh() -> bool:
    """Whether they did so a short time ago."""
    return step_up.is_fresh(db(), token=session.get("signed_in", ""), now=now())
