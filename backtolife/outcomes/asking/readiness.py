"""Whether questions can be asked yet: where real patients read them, in-house words are signed for by name first."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.asking.due import Due
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.forms.battery import chosen_instruments
from backtolife.outcomes.forms.service_wording import words_of_each
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.programme.adopted.services import in_use
from backtolife.programme.cohorts.models import Cohort


def unsigned(db: Db, *, service_id: str, instruments: Iterable[str], production: bool, now: datetime) -> frozenset[str]:
    """Which of `instruments` cannot be asked yet, because nobody has signed for the words. None but in production."""
    if not production:
        return frozenset()
    rows = select(AdoptedInstrument).where(
        AdoptedInstrument.service_id == service_id, col(AdoptedInstrument.signed_by).is_not(None)
    )
    signed = {(row.instrument, row.instrument_hash, row.wording_hash) for row in db.exec(rows)}
    waiting = set()
    words = words_of_each(db, service_id=service_id, instruments=set(instruments), now=now)
    for name, form in words.items():
        if form.in_house and (name, load_instrument(name).hash, form.hash) not in signed:
            waiting.add(name)
    return frozenset(waiting)


def unsigned_of(db: Db, *, service_id: str, dues: Iterable[Due], production: bool, now: datetime) -> frozenset[str]:
    """Which questions of these milestones cannot be asked yet."""
    names = {name for due in dues for name in due.left if name not in due.responses}
    return unsigned(db, service_id=service_id, instruments=names, production=production, now=now)


def waits(due: Due, not_ready: Collection[str]) -> bool:
    """Whether something of the milestone that is not open yet cannot be asked: then nobody is urged to answer it."""
    return any(name in not_ready and name not in due.responses for name in due.left)


def can_go_on(due: Due, not_ready: Collection[str]) -> bool:
    """Whether the next form of the milestone can be answered, although a later one may not be ready."""
    return bool(due.left) and (due.left[0] in due.responses or due.left[0] not in not_ready)


def unsigned_in_use(db: Db, *, service_id: str, production: bool, now: datetime) -> frozenset[str]:
    """Which questions the service's groups are or will be asked in words that nobody has signed for."""
    if not production:
        return frozenset()
    possible = {*asked_by_programmes(db, service_id), *chosen_instruments(db, service_id=service_id)}
    if not unsigned(db, service_id=service_id, instruments=possible, production=production, now=now):
        return frozenset()
    cohorts = db.exec(select(Cohort).where(Cohort.service_id == service_id))
    names = {
        name for cohort in cohorts for ask in asks_of(db, cohort, now=now) if now < ask.closes_at
        for name in ask.instruments
    }  # fmt: skip
    return unsigned(db, service_id=service_id, instruments=names, production=production, now=now)


def unsigned_ahead(db: Db, *, service_id: str, production: bool, now: datetime) -> frozenset[str]:
    """The same of a service that sets itself up: without a group, everything that its first one may be asked."""
    if db.exec(select(Cohort.id).where(Cohort.service_id == service_id).limit(1)).first() is not None:
        return unsigned_in_use(db, service_id=service_id, production=production, now=now)
    possible = {*asked_by_programmes(db, service_id), *chosen_instruments(db, service_id=service_id)}
    return unsigned(db, service_id=service_id, instruments=possible, production=production, now=now)


def asked_by_programmes(db: Db, service_id: str) -> set[str]:
    """What the programmes that its groups follow may ask, and the one that the next group will."""
    return {name for each in in_use(db, service_id) for name in each.instrument_ids}
