"""Typing official words: begun, saved by whoever goes on with them, looked at, loaded, corrected and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.fhir.faults import ManyFaults, messages_of
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.importing import Terms
from backtolife.outcomes.forms.models import ImportedForm
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.outcomes.typed.fields import empty_ones, expires, head, in_page_words, resource, typed
from backtolife.outcomes.typed.models import TypedForm
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Service

LOADED = "These words are loaded. Correct them as a new version."
IN_USE = "Patients are asked in these words already. Correct them as a new version."
LONGEST = 2000


@dataclass(frozen=True)
class Saved:
    """What became of a page that was sent: `theirs` holds, by field, what somebody else typed meanwhile.

    Where both changed one field, theirs stands and ours is shown beside it, to choose.
    """

    row: TypedForm
    theirs: Mapping[str, str]


def start(db: Db, *, actor: Actor, instrument: str, now: datetime) -> TypedForm:
    """An empty form for the newest version of the instrument. Raises NotFound, or Invalid where we have no items."""
    authorise(actor, "wording.import", actor)
    measure = load_instrument(instrument)
    if not measure.items:
        raise Invalid(f"{measure.name} cannot be typed yet: its list of items is not in this product.", "instrument")
    return added(db, actor, measure, {}, now)


def added(db: Db, actor: Actor, measure: Instrument, words: dict[str, str], now: datetime) -> TypedForm:
    row = TypedForm(
        service_id=actor.service_id,
        instrument=measure.id,
        instrument_version=measure.version,
        words=words,
        started_by=actor.id,
        started_at=now,
        changed_by=actor.id,
        changed_at=now,
    )
    db.add(row)
    db.flush()
    record(db, actor, "wording_typing_started", row, now)
    return row


def record(db: Db, actor: Actor, action: str, row: TypedForm, now: datetime) -> None:
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="typed_form",
        subject_id=row.id,
        now=now,
        instrument=row.instrument,
    )


def typed_forms(db: Db, *, service_id: str) -> list[TypedForm]:
    """Everything that is being typed, or was, newest first."""
    wanted = select(TypedForm).where(TypedForm.service_id == service_id)
    return list(db.exec(wanted.order_by(col(TypedForm.changed_at).desc(), col(TypedForm.id))))


def find(db: Db, *, actor: Actor, typed_id: str) -> TypedForm:
    """One form of the actor's service. Raises NotFound."""
    authorise(actor, "wording.import", actor)
    row = db.exec(select(TypedForm).where(TypedForm.id == typed_id).execution_options(populate_existing=True)).first()
    if row is None or row.service_id != actor.service_id:
        raise NotFound("We could not find this form. It may belong to another service.")
    return row


def held(db: Db, *, actor: Actor, typed_id: str) -> TypedForm:
    """The same, as it is now that nobody else changes it."""
    authorise(actor, "wording.import", actor)
    one_at_a_time(db, f"typed:{typed_id}")
    return find(db, actor=actor, typed_id=typed_id)


def measure_of(row: TypedForm) -> Instrument:
    return load_instrument(row.instrument, row.instrument_version)


def save(
    db: Db, *, actor: Actor, typed_id: str, sent: Mapping[str, str], shown: Mapping[str, str], now: datetime
) -> Saved:
    """Keep what was changed since the page was `shown`; a field that somebody else changed meanwhile keeps theirs.

    Raises Conflict for a form that is loaded or removed, Invalid for words that are too long.
    """
    row = held(db, actor=actor, typed_id=typed_id)
    if row.loaded_id is not None:
        raise Conflict(LOADED)
    if row.removed_at is not None:
        raise Conflict("Somebody removed this form. Bring it back first.")
    measure = measure_of(row)
    mine, before, stands = typed(measure, sent), typed(measure, shown), dict(row.words)
    if long := next((name for name, words in mine.items() if len(words) > LONGEST), ""):
        raise Invalid(f"Use at most {LONGEST} characters.", long)
    changed = {name for name in {*mine, *before} if mine.get(name, "") != before.get(name, "")}
    theirs = {
        name: stands.get(name, "")
        for name in changed
        if stands.get(name, "") not in (before.get(name, ""), mine.get(name, ""))
    }
    for name in changed - theirs.keys():
        stands[name] = mine.get(name, "")
    kept = {name: words for name, words in stands.items() if words}
    if kept != row.words:
        row.words, row.changed_by, row.changed_at = kept, actor.id, now
        record(db, actor, "wording_typed", row, now)
    return Saved(row, theirs)


def looked_at(row: TypedForm) -> Form:
    """The form as patients will be asked it, by the checks that loading makes. Raises Invalid, saying everything."""
    measure = measure_of(row)
    if wanted := empty_ones(measure, row.words):
        raise said([f"{each}." for each in wanted.values()])
    try:
        read = importing.read(
            resource(measure, row.words),
            instrument=row.instrument,
            head=head(row.words),
            chosen={},
            not_scored=(),
            table=None,
        )
    except Invalid as error:
        raise said([in_page_words(each) for each in messages_of(error)]) from None
    return read.mapped.form


def said(messages: list[str]) -> Invalid:
    return ManyFaults(messages)


def terms_of(row: TypedForm) -> Terms:
    """The licence that was typed. Raises Invalid for a day that does not exist."""
    return Terms(row.words.get("licence_holder", ""), row.words.get("licence_reference", ""), expires(row.words))


def check_licence(db: Db, row: TypedForm, now: datetime) -> None:
    """Raises Invalid, naming the field, for a licence that is needed and not whole, or over."""
    zone = db.get_one(Service, row.service_id).zone
    importing.checked_terms(measure_of(row), terms_of(row), in_zone(now, zone).date())


def load(db: Db, *, actor: Actor, typed_id: str, table: bytes | None, now: datetime) -> ImportedForm:
    """Load the words into the service, checked as any FHIR file is. Raises Invalid or Conflict as `importing.load`."""
    row = held(db, actor=actor, typed_id=typed_id)
    if row.loaded_id is not None or row.removed_at is not None:
        raise Conflict(LOADED if row.loaded_id else "Somebody removed this form. Bring it back first.")
    looked_at(row)
    try:
        found = importing.load(
            db,
            service=db.get_one(Service, row.service_id),
            actor=actor,
            file=resource(measure_of(row), row.words),
            now=now,
            instrument=row.instrument,
            terms=terms_of(row),
            head=head(row.words),
            table=table,
        )
    except Invalid as error:
        raise said([in_page_words(each) for each in messages_of(error)]) from None
    row.loaded_id, row.changed_by, row.changed_at = found.id, actor.id, now
    return found


def remove(db: Db, *, actor: Actor, typed_id: str, now: datetime) -> None:
    """Off the list, words and all; `bring_back` undoes it. Raises Conflict for one that is loaded."""
    row = held(db, actor=actor, typed_id=typed_id)
    if row.loaded_id is not None:
        raise Conflict(LOADED)
    row.removed_at = row.removed_at or now
    record(db, actor, "wording_typing_removed", row, now)


def bring_back(db: Db, *, actor: Actor, typed_id: str, now: datetime) -> None:
    row = held(db, actor=actor, typed_id=typed_id)
    row.removed_at = None
    record(db, actor, "wording_typing_brought_back", row, now)


def correct(db: Db, *, actor: Actor, typed_id: str, now: datetime) -> TypedForm:
    """A new form with the words of one that is loaded, to change them: it needs a new version of its own."""
    row = held(db, actor=actor, typed_id=typed_id)
    words = {name: each for name, each in row.words.items() if name != "version"}
    return added(db, actor, load_instrument(row.instrument), words, now)


def take_back(db: Db, *, actor: Actor, typed_id: str, now: datetime) -> None:
    """Undo the loading while nobody has been asked in these words. Raises Conflict once somebody has."""
    row = held(db, actor=actor, typed_id=typed_id)
    if row.loaded_id is None:
        raise Conflict("These words are not loaded.")
    form = importing.find_import(db, service_id=row.service_id, import_id=row.loaded_id)
    used = select(AdoptedInstrument.id).where(
        AdoptedInstrument.service_id == row.service_id, AdoptedInstrument.wording_hash == form.form_hash
    )
    if db.exec(used).first() is not None:
        raise Conflict(IN_USE)
    for each in db.exec(select(TypedForm).where(TypedForm.loaded_id == form.id)):
        each.loaded_id = None
    db.flush()
    db.delete(form)
    record(db, actor, "wording_taken_back", row, now)
