"""Ten codes to write down, for the day on which the phone is lost. Each opens once."""

import secrets
from datetime import datetime

from sqlalchemy import func, update
from sqlmodel import col, delete, select

from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.second_step.models import RecoveryCode
from backtolife.people.signing_in.signin import rows_changed

MANY = 10
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike in handwriting."""
PART = 5


def new_codes(db: Db, *, person: Person, sealing: Sealing, now: datetime) -> list[str]:
    """Ten fresh codes, the only moment at which they are known; those before stop working."""
    db.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    codes = ["-".join("".join(secrets.choice(SIGNS) for _ in range(PART)) for _ in range(2)) for _ in range(MANY)]
    for code in codes:
        mark = marks_of(code, person_id=person.id, sealing=sealing)[0]
        db.add(RecoveryCode(service_id=person.service_id, person_id=person.id, code_mark=mark, created_at=now))
    db.flush()
    return codes


def marks_of(code: str, *, person_id: str, sealing: Sealing) -> list[str]:
    """What is kept of a code, however it was typed, by each key: without one of them nobody tries codes against it."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return sealing.marks(f"{person_id}:{plain}", of="recovery code")


def left(db: Db, person_id: str) -> int:
    """How many codes still open."""
    unspent = select(func.count()).where(RecoveryCode.person_id == person_id, col(RecoveryCode.spent_at).is_(None))
    return db.exec(unspent).one()


def spend(db: Db, *, person: Person, code: str, sealing: Sealing, now: datetime) -> bool:
    """Use the code up, in one statement; False for one that is wrong or was used, also in the same moment."""
    spent = update(RecoveryCode).where(
        col(RecoveryCode.person_id) == person.id,
        col(RecoveryCode.code_mark).in_(marks_of(code, person_id=person.id, sealing=sealing)),
        col(RecoveryCode.spent_at).is_(None),
    )
    return rows_changed(db, spent.values(spent_at=now)) == 1
