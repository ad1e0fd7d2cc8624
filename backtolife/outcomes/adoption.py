"""Which wording a service asks: pinned when it is first used, and signed for by name where the words are in-house."""

from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.db import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.outcomes.wording import Form, wording
from backtolife.people.access import Actor, System, authorise
from backtolife.programme.loading import shipped

NOT_SIGNED = "These questions are not ready yet. Your team has to agree the words first. Please come back later."


def adopt(db: Db, *, service_id: str, instrument: str, now: datetime, actor: Acting | None = None) -> AdoptedInstrument:
    """The service's row for the newest in-house wording of `instrument`, made when there is none yet.

    Raises NotFound for an instrument without wording.
    """
    form, measure = wording(instrument), load_instrument(instrument)
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


def ready_to_ask(adopted: AdoptedInstrument, *, production: bool) -> None:
    """Raise Conflict for in-house wording that nobody has signed for, where real patients would read it."""
    if production and adopted.in_house and adopted.signed_by is None:
        raise Conflict(NOT_SIGNED)


def form_of(adopted: AdoptedInstrument) -> Form:
    """The wording the row pins. Raises Conflict when the product no longer holds those very words."""
    form = wording(adopted.instrument)
    if form.hash != adopted.wording_hash:
        raise Conflict("The words of these questions have changed since you began. Please call us: nothing is lost.")
    return form


def adopt_battery(db: Db, *, actor: Actor, now: datetime) -> list[AdoptedInstrument]:
    """Every form the programme can ask in the actor's service, by name, for the page where the lead signs."""
    authorise(actor, "wording.sign", actor)
    rows = [
        adopt(db, service_id=actor.service_id, instrument=name, now=now, actor=actor)
        for name in shipped().instrument_ids
    ]
    return sorted(rows, key=lambda row: row.wording)


def sign(db: Db, *, actor: Actor, now: datetime) -> int:
    """The clinical lead signs, by name, for the in-house words of every form; returns how many were newly signed."""
    authorise(actor, "wording.sign", actor)
    unsigned = [row for row in adopt_battery(db, actor=actor, now=now) if row.in_house and row.signed_by is None]
    for row in unsigned:
        row.signed_by, row.signed_at = actor.id, now
        audit.record(db, actor=actor, action="wording_signed", subject_type="instrument", subject_id=row.id, now=now)
    return len(unsigned)


def adopted_rows(db: Db, *, service_id: str) -> list[AdoptedInstrument]:
    """What the service has adopted, by wording."""
    rows = select(AdoptedInstrument).where(AdoptedInstrument.service_id == service_id)
    return list(db.exec(rows.order_by(col(AdoptedInstrument.wording))))
