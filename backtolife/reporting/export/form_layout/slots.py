"""Which forms have a place in the wide file: of the programme, chosen by the service, or ever answered there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import BacktolifeError, NotFound
from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.catalogue.wording import Form, wording
from backtolife.outcomes.forms.adoption import form_of
from backtolife.outcomes.forms.battery import choices_of
from backtolife.outcomes.forms.service_wording import words_for_service
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse
from backtolife.programme.plan.template import SESSION_COUNT, Programme
from backtolife.reporting.export.form_layout.merged import merged


class FormSlot(NamedTuple):
    """An instrument at a milestone, with every question the service ever asked for it, in its newest words.

    `versions` are the versions of the scoring that were used, the newest first.
    """

    milestone: str
    instrument: str
    form: Form
    versions: tuple[str, ...]


def asked_by_plan(plan: Programme) -> tuple[FormSlot, ...]:
    """Every milestone with every instrument the programme may ask, in this product's own words."""
    pairs = dict.fromkeys(pairs_of_plan(plan))
    return tuple(FormSlot(milestone, name, *with_version(wording(name))) for milestone, name in pairs)


def with_version(form: Form) -> tuple[Form, tuple[str, ...]]:
    return form, (form.instrument_version,)


def asked_by(db: Db, *, service_id: str, plans: Sequence[Programme], now: datetime) -> tuple[FormSlot, ...]:
    """The same with what the service chose and what it ever asked, in the words it loaded where it did."""
    pairs = [pair for plan in plans for pair in pairs_of_plan(plan)]
    for milestone, rows in choices_of(db, service_id).items():
        for row in rows:
            pairs += [pair for plan in plans for pair in with_fallback(milestone, row.instruments, plan)]
    pairs += pairs_answered(db, service_id)
    words = {name: every_word_of(db, service_id, name, now) for name in {name for _, name in pairs}}
    found = ((milestone, name, words[name]) for milestone, name in dict.fromkeys(pairs))
    return tuple(FormSlot(milestone, name, *held) for milestone, name, held in found if held is not None)


def pairs_answered(db: Db, service_id: str) -> list[tuple[str, str]]:
    """What was opened at which milestone: also what the service has stopped asking since."""
    form = InstrumentResponse
    wanted = select(form.milestone_id, form.instrument).where(form.service_id == service_id).distinct()
    return sorted(db.exec(wanted))


def every_word_of(db: Db, service_id: str, instrument: str, now: datetime) -> tuple[Form, tuple[str, ...]] | None:
    """The newest words with the questions of all earlier ones that were answered, and the versions of the scoring."""
    newest = words_of(db, service_id, instrument, now)
    if newest is None:
        return None
    earlier, unknown = list[Form](), list[tuple[str, bool]]()
    for row in adopted_rows(db, service_id, instrument):
        if row.wording_hash == newest.hash:
            continue
        try:
            earlier.append(form_of(db, row))
        except BacktolifeError:
            unknown += answered_on(db, row)
    versions = dict.fromkeys([newest.instrument_version, *(form.instrument_version for form in earlier)])
    return merged(newest, earlier, unknown), tuple(versions)


def adopted_rows(db: Db, service_id: str, instrument: str) -> list[AdoptedInstrument]:
    """Every wording the service ever asked this instrument in, the newest first."""
    wanted = select(AdoptedInstrument).where(
        AdoptedInstrument.service_id == service_id, AdoptedInstrument.instrument == instrument
    )
    return list(db.exec(wanted.order_by(col(AdoptedInstrument.adopted_at).desc(), col(AdoptedInstrument.id))))


def answered_on(db: Db, row: AdoptedInstrument) -> list[tuple[str, bool]]:
    """The questions that have answers on words we hold no more, and whether these are words."""
    wanted = (
        select(Answer.item, func.max(col(Answer.words)))
        .join(InstrumentResponse, col(InstrumentResponse.id) == col(Answer.response_id))
        .where(InstrumentResponse.adopted_id == row.id, Answer.item != NONE_APPLY)
        .group_by(col(Answer.item))
        .order_by(col(Answer.item))
    )
    return [(item, bool(words)) for item, words in db.exec(wanted)]


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
        last = next(iter(adopted_rows(db, service_id, instrument)), None)
    try:
        return form_of(db, last) if last is not None else None
    except BacktolifeError:
        return None
