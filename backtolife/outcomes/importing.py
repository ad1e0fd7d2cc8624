"""Loading official wording into a service: checked against the instrument, licensed where needed, kept for good."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife import audit
from backtolife.audit import Acting
from backtolife.clock import in_zone
from backtolife.db import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.fhir_mapping import as_form, read_mapped
from backtolife.outcomes.fhir_reading import Questionnaire, read_questionnaire
from backtolife.outcomes.form_models import ImportedForm
from backtolife.outcomes.instrument import Instrument
from backtolife.outcomes.place import Place
from backtolife.outcomes.tables import tables_in
from backtolife.outcomes.wording import Form
from backtolife.people.models import Service

LARGEST_FILE = 2_000_000
LENGTHS = {"url": 300, "version": 60, "title": 120}


@dataclass(frozen=True)
class Terms:
    """The licence under which a service asks the official words. All three are needed where any is."""

    holder: str = ""
    reference: str = ""
    expires_on: date | None = None


def read_json(data: bytes, name: str) -> Place:
    """The file as a Place. Raises Invalid when it is too large or no JSON."""
    if len(data) > LARGEST_FILE:
        raise Invalid("This file is too large for a questionnaire. Choose the Questionnaire file alone.", "file")
    try:
        return Place(name, "", json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        raise Invalid("This file is not JSON. Choose a FHIR R4 Questionnaire in JSON.", "file") from None


def load(
    db: Db,
    *,
    service: Service,
    actor: Acting,
    file: Place,
    now: datetime,
    instrument: str = "",
    terms: Terms | None = None,
    not_scored: Collection[str] = (),
    table: bytes | None = None,
) -> ImportedForm:
    """Keep the wording of a FHIR R4 Questionnaire for the service. Loading the same file again changes nothing.

    `table` is the CSV file with the figures that some scores are looked up in; it is kept and pinned with the words.
    Raises Invalid, naming the spot, for a file that does not fit the instrument or a licence that is not whole;
    Conflict when this url and version stand already with other words or another table.
    """
    found = read_questionnaire(file)
    measure = instrument_of(file, found, instrument)
    tables = tables_in(table, measure) if table is not None else None
    mapped = as_form(found, measure, not_scored=not_scored, tables=tables)
    terms = checked_terms(measure, terms or Terms(), in_zone(now, service.zone).date())
    one_at_a_time(db, f"import:{service.id}")
    if before := standing(db, service.id, found.url, found.version):
        return the_same(before, measure.id, mapped.form.hash)
    row = ImportedForm(
        service_id=service.id,
        instrument=measure.id,
        instrument_version=measure.version,
        url=found.url,
        version=found.version,
        title=found.title,
        copyright=found.copyright,
        licence_holder=terms.holder,
        licence_reference=terms.reference,
        licence_expires_on=terms.expires_on,
        cross_check="\n".join(found.formulas)[:4000],
        source=json.dumps(file.value, ensure_ascii=False),
        form=mapped.text,
        form_hash=mapped.form.hash,
        imported_by=actor.id,
        imported_at=now,
    )
    db.add(row)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="wording_imported",
        subject_type="imported_form",
        subject_id=row.id,
        now=now,
        instrument=measure.id,
        hash=row.form_hash,
    )
    return row


def instrument_of(file: Place, found: Questionnaire, named: str) -> Instrument:
    """The instrument whose words these are: the one that was `named`, or what the file says itself.

    Raises Invalid for neither, and for a word of the file's head that is longer than we keep.
    """
    wanted = named or found.instrument
    if not wanted:
        raise Invalid("Say which instrument this is, such as pseq-10.", "instrument")
    measure = load_instrument(wanted)
    for name, most in LENGTHS.items():
        if len(getattr(found, name)) > most:
            raise file.at(name if file.maybe(name) else "name").refuse(f"must be at most {most} letters")
    return measure


def the_same(before: ImportedForm, instrument: str, form_hash: str) -> ImportedForm:
    """The form that stands, when it is this one. Raises Conflict when it is another of the same url and version."""
    if before.form_hash != form_hash or before.instrument != instrument:
        raise Conflict(
            f"Version {before.version} of this form is loaded already with other words or another table. "
            "A change needs a new version."
        )
    return before


def standing(db: Db, service_id: str, url: str, version: str) -> ImportedForm | None:
    same = select(ImportedForm).where(ImportedForm.service_id == service_id, ImportedForm.url == url)
    return db.exec(same.where(ImportedForm.version == version)).first()


def needs_licence(instrument: Instrument) -> bool:
    """Whether somebody has to allow the service to ask the official words."""
    return not instrument.licence.ship


def checked_terms(instrument: Instrument, terms: Terms, today: date) -> Terms:
    """The terms, trimmed. Raises Invalid, naming the field, for a licence that is needed and not whole, or over."""
    holder, reference = terms.holder.strip()[:200], terms.reference.strip()[:200]
    if needs_licence(instrument):
        owner = instrument.licence.permission_from or "the owner"
        if not holder:
            raise Invalid(f"{instrument.name} needs a licence from {owner}. Write who holds it.", "licence_holder")
        if not reference:
            raise Invalid("Write the licence's number or the letter it stands in.", "licence_reference")
        if terms.expires_on is None:
            raise Invalid("Write the last day on which the licence holds.", "licence_expires_on")
    if terms.expires_on is not None and terms.expires_on < today:
        raise Invalid("This licence is over. Renew it before you load the form.", "licence_expires_on")
    return Terms(holder, reference, terms.expires_on)


def newest(db: Db, *, service_id: str, instrument: str, today: date) -> ImportedForm | None:
    """The wording that new forms are opened on; None where none is loaded or its licence is over."""
    wanted = select(ImportedForm).where(
        ImportedForm.service_id == service_id,
        ImportedForm.instrument == instrument,
        ImportedForm.instrument_version == load_instrument(instrument).version,
    )
    rows = db.exec(without_source(wanted).order_by(col(ImportedForm.imported_at).desc(), col(ImportedForm.id)))
    return next((row for row in rows if row.licence_expires_on is None or row.licence_expires_on >= today), None)


def by_hash(db: Db, *, service_id: str, form_hash: str) -> ImportedForm | None:
    wanted = select(ImportedForm).where(ImportedForm.service_id == service_id, ImportedForm.form_hash == form_hash)
    return db.exec(without_source(wanted)).first()


def without_source(wanted: SelectOfScalar[ImportedForm]) -> SelectOfScalar[ImportedForm]:
    """The file as it came can be large, and nobody who answers needs it."""
    return wanted.options(defer(cast(QueryableAttribute[str], ImportedForm.source)))


def form_in(row: ImportedForm) -> Form:
    """The wording that a row holds."""
    return parsed(row.form, row.instrument, row.instrument_version)


@lru_cache(maxsize=128)
def parsed(text: str, instrument: str, version: str) -> Form:
    return read_mapped(text, load_instrument(instrument, version)).form


def imported_forms(db: Db, *, service_id: str) -> list[ImportedForm]:
    """Everything the service loaded, newest first."""
    wanted = select(ImportedForm).where(ImportedForm.service_id == service_id)
    return list(db.exec(wanted.order_by(col(ImportedForm.imported_at).desc(), col(ImportedForm.id))))


def find_import(db: Db, *, service_id: str, import_id: str) -> ImportedForm:
    """One loaded form of the service. Raises NotFound."""
    row = db.get(ImportedForm, import_id)
    if row is None or row.service_id != service_id:
        raise NotFound("We could not find this form. It may belong to another service.")
    return row
