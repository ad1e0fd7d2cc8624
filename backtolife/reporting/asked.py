"""Which forms have a place in the wide file: those of the programme, and those that the service chose itself."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.errors import BacktolifeError, NotFound
from backtolife.outcomes.adoption import form_of
from backtolife.outcomes.battery import choices_of
from backtolife.outcomes.chosen_words import words_for_service
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.outcomes.wording import Form, wording
from backtolife.programme.template import SESSION_COUNT, Programme


class Asked(NamedTuple):
    """An instrument at a milestone, with the newest words the service asks it in."""

    milestone: str
    instrument: str
    form: Form


def asked_by_plan(plan: Programme) -> tuple[Asked, ...]:
    """Every milestone with every instrument the programme may ask, in this product's own words."""
    return tuple(Asked(milestone, name, wording(name)) for milestone, name in dict.fromkeys(pairs_of_plan(plan)))


def asked_by(db: Db, *, service_id: str, plan: Programme, now: datetime) -> tuple[Asked, ...]:
    """The same with what the service chose, in the words it loaded where it did."""
    pairs = list(pairs_of_plan(plan))
    for milestone, rows in choices_of(db, service_id).items():
        for row in rows:
            pairs += with_fallback(milestone, row.instruments, plan)
    words = {name: words_of(db, service_id, name, now) for name in {name for _, name in pairs}}
    found = ((milestone, name, words[name]) for milestone, name in dict.fromkeys(pairs))
    return tuple(Asked(milestone, name, form) for milestone, name, form in found if form is not None)


def pairs_of_plan(plan: Programme) -> Iterator[tuple[str, str]]:
    """The fall-back instruments and those after a session are among them."""
    for milestone in plan.milestones:
        yield from with_fallback(milestone.id, milestone.instrument_ids, plan)
    for number in range(1, SESSION_COUNT + 1):
        yield from ((f"session-{number}", name) for name in plan.after_each_session)


def with_fallback(milestone: str, names: Iterable[str], plan: Programme) -> Iterator[tuple[str, str]]:
    for name in names:
        yield milestone, name
        if name in plan.instrument_fallback:
            yield milestone, plan.instrument_fallback[name]


def words_of(db: Db, service_id: str, instrument: str, now: datetime) -> Form | None:
    """Today's words, or the last that were asked where today there are none: a licence may have run out since."""
    try:
        return words_for_service(db, service_id=service_id, instrument=instrument, now=now)
    except NotFound:
        wanted = select(AdoptedInstrument).where(
            AdoptedInstrument.service_id == service_id, AdoptedInstrument.instrument == instrument
        )
        last = db.exec(wanted.order_by(col(AdoptedInstrument.adopted_at).desc()).limit(1)).first()
    try:
        return form_of(db, last) if last is not None else None
    except BacktolifeError:
        return None
