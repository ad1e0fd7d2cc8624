"""Codes of an authenticator app (TOTP, RFC 6238): six digits, new every thirty seconds, each taken once."""

import hmac
from datetime import datetime

import pyotp
from sqlmodel import col, select, update

from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.people.second_step.models import Authenticator
from backtolife.people.signing_in.signin import rows_changed

STEP_SECONDS = 30
AROUND = (0, -1, 1)
"""A phone's clock may be half a minute off, and typing takes a moment."""


def new_secret() -> str:
    """160 bits, as an app takes them."""
    return pyotp.random_base32()


def address_of(secret: str, *, person: Person, service: Service) -> str:
    """What the picture says to the app: the secret, and under which name the app shows its codes."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=service.short_name)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Of which half minute this is the code; None when it is of none around `now`."""
    here, codes = int(now.timestamp()) // STEP_SECONDS, pyotp.HOTP(secret)
    found = [here + off for off in AROUND if hmac.compare_digest(codes.at(here + off), code)]
    return found[0] if found else None


def place_of(row: Authenticator) -> str:
    return f"authenticator/{row.id}/secret_closed"


def authenticator_of(db: Db, person_id: str) -> Authenticator | None:
    return db.exec(select(Authenticator).where(Authenticator.person_id == person_id)).first()


def keep(db: Db, *, person: Person, secret: str, step: int, sealing: Sealing, now: datetime) -> None:
    """From now on the codes of this secret are the person's, in place of any before; `step` is of the one they gave."""
    before = authenticator_of(db, person.id)
    if before is not None:
        db.delete(before)
        db.flush()
    row = Authenticator(
        service_id=person.service_id, person_id=person.id, secret_closed="", last_step=step, created_at=now
    )
    row.secret_closed = sealing.close(secret, place=place_of(row))
    db.add(row)
    db.flush()


def take(db: Db, row: Authenticator, step: int) -> bool:
    """Use up the code of this half minute, in one statement; False when it, or a newer one, was taken before."""
    newer = update(Authenticator).where(col(Authenticator.id) == row.id, col(Authenticator.last_step) < step)
    return rows_changed(db, newer.values(last_step=step)) == 1
