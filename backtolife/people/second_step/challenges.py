"""What a passkey is asked to sign: kept on our side, good for five minutes, and used up by the first answer."""

import secrets
from datetime import datetime, timedelta

from sqlmodel import col, delete, update

from backtolife.database.session import Db
from backtolife.people.second_step.models import PasskeyChallenge
from backtolife.people.signing_in.signin import digest, rows_changed

LIFE = timedelta(minutes=5)
SIGN_IN = "sign in"


def new_challenge(db: Db, *, made_for: str, now: datetime) -> bytes:
    """256 bits, for `made_for` alone: signing in, or the person who adds a passkey. Old ones are swept away."""
    db.connection().execute(delete(PasskeyChallenge).where(col(PasskeyChallenge.expires_at) <= now))
    challenge = secrets.token_bytes(32)
    db.add(PasskeyChallenge(mark=mark_of(challenge, made_for), expires_at=now + LIFE))
    db.flush()
    return challenge


def spend(db: Db, *, challenge: bytes, made_for: str, now: datetime) -> bool:
    """Use it up, in one statement; False when it is too old, was made for something else, or had its answer."""
    fresh = update(PasskeyChallenge).where(
        col(PasskeyChallenge.mark) == mark_of(challenge, made_for),
        col(PasskeyChallenge.expires_at) > now,
        col(PasskeyChallenge.spent_at).is_(None),
    )
    return rows_changed(db, fresh.values(spent_at=now)) == 1


def mark_of(challenge: bytes, made_for: str) -> str:
    return digest(f"{made_for}:{challenge.hex()}")
