"""Which wording a service asks: pinned when it is first used, and signed for by name where the words are in-house."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form, earlier_wording, wording
from backtolife.outcomes.forms.battery import chosen_instruments
from backtolife.outcomes.forms.importing import by_hash, form_in
from backtolife.outcomes.forms.service_wording import words_for_service, words_of_each
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.people.access import Actor, System, authorise
from backtolife.people.models import Person
from backtolife.programme.plan.loading import shipped

NOT_SIGNED = "The next questions are not ready yet. You have nothing to do. We will write to you when they are."

NOT_SIGNED_FOR_STAFF = "A clinical lead has to approve these words first: on the page “Questionnaires”."


def adopt(db: Db, *, service_id: str, instrument: str, now: datetime, actor: Acting | None = None) -> AdoptedInstrument:
    """The service's row for the words it asks `instrument` in today, made when there is none yet.

    Raises NotFound for an instrument without wording.
    """
    form = words_for_service(db, service_id=service_id, instrument=instrument, now=now)
    measure = load_instrument(instrument)
    one_at_a_time(db, f"adopt:{service_id}")
    wanted = select(AdoptedInstrument).where(
        AdoptedInstrument.service_id == service_id,
        AdoptedInstrument.instrument == instrument,
        AdoptedInstrument.instrument_hash == measure.hash,
        AdoptedInstrument.wording_hash == form.hash,
    )
    found = db.exec(wanted).first()
    if found is None:
        found = AdoptedInstrument(
            service_id=service_id,
            instrument=instrument,
            version=measure.version,
            instrument_hash=measure.hash,
            wording=form.name,
            wording_version=form.version,
            wording_hash=form.hash,
            in_house=form.in_house,
            adopted_at=now,
        )
        db.add(found)
        db.flush()
        audit.record(
            db,
            actor=actor or System("questionnaires", service_id),
            action="instrument_adopted",
            subject_type="instrument",
            subject_id=found.id,
            now=now,
            instrument=instrument,
            version=measure.version,
        )
    return found


def ready_to_ask(adopted: AdoptedInstrument, *, production: bool, by_patient: bool = True) -> None:
    """Raise Conflict for in-house wording that nobody has signed for, where real patients would read it."""
    if production and adopted.in_house and adopted.signed_by is None:
        raise Conflict(NOT_SIGNED if by_patient else NOT_SIGNED_FOR_STAFF)


def form_of(db: Db, adopted: AdoptedInstrument) -> Form:
    """The wording the row pins. Raises Conflict when the product no longer holds those very words."""
    if not adopted.in_house:
        row = by_hash(db, service_id=adopted.service_id, form_hash=adopted.wording_hash)
        if row is not None:
            return form_in(row)
    with suppress(NotFound):  # of an earlier release, its words are kept beside those of today
        form = wording(adopted.instrument)
        if form.hash == adopted.wording_hash:
            return form
    before = earlier_wording(adopted.instrument, adopted.wording_hash)
    if before is None:
        raise Conflict("The words of these questions have changed since you started. Please call us: nothing is lost.")
    return before


@dataclass(frozen=True)
class Words:
    """The words of one form the programme can ask, with the service's row once they are in use or signed for."""

    form: Form
    adopted: AdoptedInstrument | None
    signer: Person | None


def words_of(db: Db, *, actor: Actor, now: datetime) -> list[Words]:
    """The words of every form that the service may ask, by name, for the clinical lead who signs for them."""
    authorise(actor, "wording.sign", actor)
    rows = db.exec(select(AdoptedInstrument).where(AdoptedInstrument.service_id == actor.service_id))
    adopted = {(row.instrument_hash, row.wording_hash): row for row in rows}
    found = []
    names = {*shipped().instrument_ids, *chosen_instruments(db, service_id=actor.service_id)}
    asked = words_of_each(db, service_id=actor.service_id, instruments=names, now=now)
    for form in sorted(asked.values(), key=lambda form: form.name):
        row = adopted.get((load_instrument(form.instrument).hash, form.hash))
        found.append(Words(form, row, db.get(Person, row.signed_by) if row and row.signed_by else None))
    return found


def sign(db: Db, *, actor: Actor, now: datetime) -> int:
    """The clinical lead signs, by name, for the in-house words of every form; returns how many were newly signed."""
    unsigned = [
        words.form for words in words_of(db, actor=actor, now=now) if words.form.in_house and words.signer is None
    ]
    for form in unsigned:
        row = adopt(db, service_id=actor.service_id, instrument=form.instrument, now=now, actor=actor)
        row.signed_by, row.signed_at = actor.id, now
        audit.record(db, actor=actor, action="wording_signed", subject_type="instrument", subject_id=row.id, now=now)
    return len(unsigned)
