"""What this browser asked the provider: kept in its signed cookie, good for ten minutes and one answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete

from backtolife.database.session import session_scope
from backtolife.people.organisation.faults import Stale
from backtolife.people.organisation.models import SpentState
from backtolife.people.signing_in.signin import digest

KEY = "at_organisation"
LIFE = timedelta(minutes=10)
MOST = 4
"""So many tabs may be on their way; the oldest is forgotten."""


@dataclass(frozen=True)
class Attempt:
    state: str
    nonce: str
    verifier: str
    """Whose hash the provider was shown: a stolen code is of no use without it (PKCE)."""
    again: bool = False
    """They are in already, and show once more that it is them."""
    asked_at: int = 0
    """In seconds. Who shows it once more must have signed in there since."""


def begin(now: datetime, *, again: bool = False) -> Attempt:
    made = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), again)
    waiting = {**session.get(KEY, {}), made.state: [made.nonce, made.verifier, int(now.timestamp()), again]}
    session[KEY] = dict(list(waiting.items())[-MOST:])
    return made


def take(engine: Engine, state: str, now: datetime) -> Attempt:
    """The attempt that this answers, used up for good, also where somebody kept the cookie. Raises Stale."""
    waiting = dict(session.get(KEY, {}))
    if state not in waiting:
        raise Stale("state_unknown")
    nonce, verifier, at, *more = waiting.pop(state)
    session[KEY] = waiting
    if not 0 <= now.timestamp() - at + 1 <= LIFE.total_seconds():
        raise Stale("state_too_old")
    try:
        with session_scope(engine) as db:
            db.connection().execute(delete(SpentState).where(col(SpentState.expires_at) <= now))
            db.add(SpentState(mark=digest(state), expires_at=now + 2 * LIFE))
    except IntegrityError as error:
        raise Stale("state_used_again") from error
    return Attempt(state, nonce, verifier, again=more == [True], asked_at=at)
